import { accessSync, constants } from 'node:fs';
import { openedStdin } from './streams.ts';

const SHELL = '/bin/sh';

/** Requests that a thread of Node's is in, as `process.getActiveResourcesInfo` calls them. */
const IN_A_THREAD: ReadonlySet<string> = new Set(['GetAddrInfoReqWrap', 'FSReqPromise', 'FSReqCallback']);

/** Ends the process with `code`, whatever still runs: what a credential plugin left behind, or a thread. */
export function endProcess(code: number): never {
  leaveThreads(code);
  process.exit(code);
}

/**
 * Ends at once if a thread is busy: `process.exit` waits for it, and a name server that does not answer, or a pipe that nobody writes, holds it for
 * long. Only another program in place of this one, with the same code, leaves threads behind.
 */
function leaveThreads(code: number): void {
  if (!process.getActiveResourcesInfo().some((resource) => IN_A_THREAD.has(resource))) return;
  try {
    // Node aborts where this cannot be done.
    accessSync(SHELL, constants.X_OK);
    for (const stream of [process.stdout, process.stderr, openedStdin()]) release(stream);
    process.execve?.(SHELL, ['sh', '-c', `exit ${code}`], {});
  } catch {
    // No shell, or none of this on Windows: then it takes as long as it takes.
  }
}

/** Node makes pipes non-blocking as soon as anything of it looks at them, and blocking again when it ends in its own way: others rely on it. */
function release(stream: NodeJS.WriteStream | NodeJS.ReadStream | undefined): void {
  const { _handle: handle } = (stream ?? {}) as { readonly _handle?: { readonly setBlocking?: (blocking: boolean) => void } };
  handle?.setBlocking?.(true);
}
