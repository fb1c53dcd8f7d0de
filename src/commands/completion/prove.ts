import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Context } from '../../cli/command.ts';
import { KserveError } from '../../errors.ts';
import { findOnPath } from './link.ts';

/** Milliseconds; a first start from a cold disk may take seconds. */
const PATIENCE = 15_000;

/** Lets kubectl complete `kubectl kserve`, as a shell does. @throws KserveError if nothing comes back */
export async function proveCompletion(context: Context): Promise<void> {
  const kubectl = context.env.KUBECTL_PATH ?? findOnPath('kubectl', context);
  if (kubectl === undefined) throw new KserveError('kubectl is not on PATH, so completion could not be tried');
  const args = ['__complete', 'kserve', ''];
  const answer = await promisify(execFile)(kubectl, args, { env: { ...context.env }, timeout: PATIENCE, signal: context.signal }).catch(
    (cause: unknown) => {
      throw new KserveError(`kubectl could not complete: ${(cause as Error).message}`, { cause });
    },
  );
  if (/^runtimes(\t|$)/m.test(answer.stdout)) return;
  throw new KserveError(`kubectl __complete kserve "" did not offer the commands of this plugin`, {
    hint: 'kubectl 1.26 or newer is needed; kubectl plugin list shows what else is in the way.',
  });
}
