// Loaded before every test file: what holds for the whole run.
import { tearDown } from '../../tools/teardown.ts';

const warnings: Error[] = [];
process.on('warning', (warning) => warnings.push(warning));

export async function mochaGlobalTeardown(): Promise<void> {
  await tearDown();
  // Node reports a warning in the turn after the one that caused it.
  await new Promise((resolve) => setImmediate(resolve));
  if (warnings.length > 0) throw new Error(`process warnings during the run:\n${warnings.map((warning) => warning.stack).join('\n')}`);
}
