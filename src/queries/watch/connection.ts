import type { Wait } from '../../async/deadline.ts';
import { ClusterError } from '../../errors.ts';

/** How often an open connection is looked at. */
const LOOK_MILLISECONDS = 30_000;

/** A connection that has been silent at so many looks in a row is taken for dead: the server sends a bookmark each minute. */
const MOST_SILENT_LOOKS = 10;

/** One watch, from the request to its end. */
export interface WatchConnection {
  readonly signal: AbortSignal;
  readonly abort: (reason: unknown) => void;
  /** Whatever has ended it: nothing of it is left to wait. */
  readonly end: () => void;
  isOpen: boolean;
  /** Looks since something came. */
  silentLooks: number;
}

export function createConnection(interrupted: AbortSignal): WatchConnection {
  const controller = new AbortController();
  const interrupt = () => controller.abort(interrupted.reason);
  interrupted.addEventListener('abort', interrupt, { once: true });
  const end = () => {
    interrupted.removeEventListener('abort', interrupt);
    controller.abort();
  };
  return { signal: controller.signal, abort: (reason) => controller.abort(reason), end, isOpen: false, silentLooks: 0 };
}

/** Passes on what comes, and notes that it came. */
export async function* heard<T>(events: AsyncIterable<T>, connection: WatchConnection): AsyncGenerator<T> {
  for await (const event of events) {
    connection.silentLooks = 0;
    yield event;
  }
}

/**
 * Ends a connection on which nothing comes: a gateway may keep one open that leads nowhere, and the system's own look at it does not tell. One that has
 * lasted is no failed attempt.
 */
export async function endIfSilent(connection: WatchConnection, state: { failed: number }, wait: Wait): Promise<void> {
  const { signal } = connection;
  for (;;) {
    await wait(LOOK_MILLISECONDS, signal).catch(() => undefined);
    if (signal.aborted) return;
    if (connection.isOpen) state.failed = 0;
    connection.silentLooks++;
    if (connection.silentLooks >= MOST_SILENT_LOOKS)
      connection.abort(new ClusterError('ConnectionLost', 'the server has sent nothing for five minutes'));
  }
}
