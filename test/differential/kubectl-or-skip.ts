import { join } from 'node:path';
import { controlPlaneBinaries } from '../support/control-plane/binaries.ts';
import { kubectlProgram, type Program } from './programs.ts';

/** The first call of all builds the programs. */
export const BUILD_MS = 30 * 60_000;

/** The real kubectl; without it the suite is skipped, unless `REQUIRE_CONTROL_PLANE` is set, as CI does. */
export async function kubectlOrSkip(context: Mocha.Context): Promise<Program> {
  const binaries = await controlPlaneBinaries();
  if (binaries.kind === 'ready') return kubectlProgram(join(binaries.dir, 'kubectl'));
  if (process.env.REQUIRE_CONTROL_PLANE) throw new Error(`REQUIRE_CONTROL_PLANE is set: ${binaries.reason}`);
  process.stderr.write(`Skipping the comparison with kubectl: ${binaries.reason}\n`);
  return context.skip();
}
