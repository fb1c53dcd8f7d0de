import { type ControlPlane, controlPlane, type Unavailable } from '../../tools/control-plane/control-plane.ts';
import { type Kserve, kserve } from '../../tools/control-plane/kserve/kserve.ts';
import { skipOrFail } from './skip.ts';

/** The first start of all builds the programs. */
const BUILD_MS = 45 * 60_000;

/** A suite of tests on the real API server that the run shares; skipped, with the reason, where there is none, unless `REQUIRE_CONTROL_PLANE` is set, as CI does. */
export function describeReal(title: string, body: (plane: () => ControlPlane) => void): void {
  describeWith(title, '[real API server]', controlPlane, body);
}

/** The same on the whole of KServe that the run shares. Tests make namespaces of their own; one that changes what all share puts it back. */
export function describeKserve(title: string, body: (kserve: () => Kserve) => void): void {
  describeWith(title, '[KServe]', kserve, body);
}

function describeWith<T extends { readonly kind: 'ready' }>(
  title: string,
  label: string,
  start: () => Promise<T | Unavailable>,
  body: (started: () => T) => void,
): void {
  describe(title, () => {
    let started: T | undefined;
    before(async function () {
      this.timeout(BUILD_MS);
      const outcome = await start();
      if (outcome.kind === 'ready') started = outcome;
      else skipOrFail(this, outcome.reason);
    });
    // One level below, where a skip spares the hooks that clean up too.
    describe(label, () =>
      body(() => {
        if (started === undefined) throw new Error('the servers are there from the first hook on, not while tests are defined');
        return started;
      }),
    );
  });
}
