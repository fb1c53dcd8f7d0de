import { skipOrFail } from '../skip.ts';
import { type Packages, packages, reasonAgainstPackages } from './packages.ts';

/** The first of all fetches Node for every platform. */
const BUILD_MS = 30 * 60_000;

/** A suite of tests on the packaged programs; skipped, with the reason, where they cannot be made, unless `REQUIRE_CONTROL_PLANE` is set, as CI does. */
export function describePackaged(title: string, body: (made: () => Packages) => void): void {
  describe(title, () => {
    let made: Packages | undefined;
    before(async function () {
      this.timeout(BUILD_MS);
      const reason = await reasonAgainstPackages();
      if (reason === undefined) made = await packages();
      else skipOrFail(this, reason);
    });
    // One level below, where a skip spares the hooks that clean up too.
    describe('[packages]', () =>
      body(() => {
        if (made === undefined) throw new Error('the packages are there from the first hook on, not while tests are defined');
        return made;
      }));
  });
}
