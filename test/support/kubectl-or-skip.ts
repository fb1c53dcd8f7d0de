import { join } from 'node:path';
import { controlPlaneBinaries } from '../../tools/control-plane/binaries.ts';
import { skipOrFail } from './skip.ts';

/** The first call of all builds the programs. */
export const BUILD_MS = 30 * 60_000;

/** Path of the real kubectl; without it the suite is skipped, unless `REQUIRE_CONTROL_PLANE` is set, as CI does. */
export async function kubectlOrSkip(context: Mocha.Context): Promise<string> {
  const binaries = await controlPlaneBinaries();
  if (binaries.kind === 'ready') return join(binaries.dir, 'kubectl');
  return skipOrFail(context, binaries.reason);
}
