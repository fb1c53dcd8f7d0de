import { type ControlPlane, controlPlane } from './control-plane.ts';

/** The first start of all builds the programs. */
const BUILD_MS = 30 * 60_000;
const reported = new Set<string>();

/** A suite of tests on the real API server that the run shares; skipped, with the reason, where there is none, unless `REQUIRE_CONTROL_PLANE` is set, as CI does. */
export function describeReal(title: string, body: (plane: () => ControlPlane) => void): void {
  describe(`${title} [real API server]`, () => {
    let plane: ControlPlane | undefined;
    before(async function () {
      this.timeout(BUILD_MS);
      const outcome = await controlPlane();
      if (outcome.kind === 'ready') plane = outcome;
      else skip(this, outcome.reason);
    });
    body(() => {
      if (plane === undefined) throw new Error('the control plane is there from the first hook on, not while tests are defined');
      return plane;
    });
  });
}

function skip(context: Mocha.Context, reason: string): never {
  if (process.env.REQUIRE_CONTROL_PLANE) throw new Error(`REQUIRE_CONTROL_PLANE is set: ${reason}`);
  if (!reported.has(reason)) process.stderr.write(`Skipping the tests on a real API server: ${reason}\n`);
  reported.add(reason);
  return context.skip();
}
