import { ClusterError } from '../errors.ts';
import { formatGoDuration } from '../text/go-duration.ts';

/** How long one request may take, over connecting, retries, waits and the body. */
export interface Deadline {
  /** Its reason is the ClusterError to report. */
  readonly signal: AbortSignal;
  /** Ends it early, for a reason of one's own. */
  readonly abort: (reason: unknown) => void;
  readonly clear: () => void;
}

/** Milliseconds: Node fires longer timers at once; nobody waits 24 days. */
export const LONGEST_TIMER = 2 ** 31 - 1;

export function startDeadline(milliseconds: number | undefined, interrupted: AbortSignal): Deadline {
  const controller = new AbortController();
  const interrupt = () => controller.abort(new ClusterError('Interrupted', 'interrupted', { cause: interrupted.reason }));
  const timer =
    milliseconds === undefined
      ? undefined
      : setTimeout(() => controller.abort(timedOut(milliseconds)), Math.min(milliseconds, LONGEST_TIMER));
  if (interrupted.aborted) interrupt();
  interrupted.addEventListener('abort', interrupt);
  const clear = () => {
    clearTimeout(timer);
    interrupted.removeEventListener('abort', interrupt);
  };
  return { signal: controller.signal, abort: (reason) => controller.abort(reason), clear };
}

function timedOut(milliseconds: number): ClusterError {
  return new ClusterError('RequestTimedOut', `context deadline exceeded (--request-timeout=${formatGoDuration(milliseconds)})`, {
    hint: 'Give it longer with --request-timeout, or no limit with --request-timeout=0.',
  });
}

/** Settles as `promise` does, or rejects with the signal's reason at once when that is aborted. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Waits for a number of milliseconds. Rejects with the signal's reason. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

export function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const elapsed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  return unlessAborted(elapsed, signal).finally(() => clearTimeout(timer));
}
