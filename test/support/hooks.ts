// Loaded before every test file, and by each process of a parallel run: what holds for the whole run.
import { tearDown } from '../../tools/teardown.ts';

const warnings: Error[] = [];
process.on('warning', (warning) => warnings.push(warning));

/** The processes of a parallel run have no teardown of their own, but run this after each file. */
export const mochaHooks = {
  async afterAll(): Promise<void> {
    await refuseWarnings();
  },
};

export async function mochaGlobalTeardown(): Promise<void> {
  await tearDown();
  await refuseWarnings();
}

async function refuseWarnings(): Promise<void> {
  // Node reports a warning in the turn after the one that caused it.
  await new Promise((resolve) => setImmediate(resolve));
  const found = warnings.splice(0);
  if (found.length > 0) throw new Error(`process warnings during the run:\n${found.map((warning) => warning.stack).join('\n')}`);
}
