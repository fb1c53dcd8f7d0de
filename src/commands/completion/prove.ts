import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Context } from '../../command/context.ts';
import { KserveError, messageOf } from '../../errors.ts';
import { COMPLETER, findOnPath } from './link.ts';

/** Milliseconds; a first start from a cold disk may take seconds. */
const PATIENCE = 15_000;

/** Lets kubectl complete `kubectl kserve`, as a shell does. @throws KserveError if nothing comes back */
export async function proveCompletion(context: Context): Promise<void> {
  const kubectl = context.env.KUBECTL_PATH || findOnPath('kubectl', context);
  if (!kubectl) throw new KserveError('kubectl is not on PATH, so completion cannot be tried');
  const args = ['__complete', 'kserve', ''];
  const answer = await promisify(execFile)(kubectl, args, { env: { ...context.env }, timeout: PATIENCE, signal: context.signal }).catch(
    (cause: unknown) => {
      throw new KserveError(`kubectl could not complete: ${messageOf(cause)}`, { cause });
    },
  );
  if (/^runtimes(\t|$)/m.test(answer.stdout)) return;
  const completer = findOnPath(COMPLETER, context);
  const asked = completer === undefined ? '' : ` ${completer} is what kubectl asks, unless it is older than 1.26;`;
  throw new KserveError('kubectl __complete kserve "" did not offer the commands of this plugin', {
    hint: `Look at what comes first on PATH:${asked} kubectl plugin list shows what else is in the way.`,
  });
}
