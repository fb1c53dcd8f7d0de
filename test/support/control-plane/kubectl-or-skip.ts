import { join } from 'node:path';
import { controlPlaneBinaries } from './binaries.ts';

/** The first call of all builds the programs. */
export const BUILD_MS = 30 * 60_000;

/** Path of the real kubectl; without it the suite is skipped, unless `REQUIRE_CONTROL_PLANE` is set, as CI does. */
export async function kubectlOrSkip(context: Mocha.Context): Promise<string> {
  const binaries = await controlPlaneBinaries();
  if (binaries.kind === 'ready') return join(binaries.dir, 'kubectl');
  if (process.env.REQUIRE_CONTROL_PLANE) throw new Error(`REQUIRE_CONTROL_PLANE is set: ${binaries.reason}`);
  process.stderr.write(`Skipping the comparison with kubectl: ${binaries.reason}\n`);
  return context.skip();
}
