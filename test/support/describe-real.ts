import { type ControlPlane, controlPlane } from '../../tools/control-plane/control-plane.ts';
import { skipOrFail } from './skip.ts';

/** The first start of all builds the programs. */
const BUILD_MS = 30 * 60_000;

/** A suite of tests on the real API server that the run shares; skipped, with the reason, where there is none, unless `REQUIRE_CONTROL_PLANE` is set, as CI does. */
export function describeReal(title: string, body: (plane: () => ControlPlane) => void): void {
  describe(title, () => {
    let plane: ControlPlane | undefined;
    before(async function () {
      this.timeout(BUILD_MS);
      const outcome = await controlPlane();
      if (outcome.kind === 'ready') plane = outcome;
      else skipOrFail(this, outcome.reason);
    });
    // One level below, where a skip spares the hooks that clean up too.
    describe('[real API server]', () =>
      body(() => {
        if (plane === undefined) throw new Error('the control plane is there from the first hook on, not while tests are defined');
        return plane;
      }));
  });
}
