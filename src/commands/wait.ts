import { LONGEST_TIMER } from '../async/deadline.ts';
import { ExitCode, KserveError, UsageError } from '../errors.ts';
import { parseGoDuration } from '../text/go-duration.ts';

/** How long to wait before asking again. */
export const ASK_AGAIN_AFTER = 500;

/** Milliseconds that a first answer may take even if `--wait` is shorter: a no is worth more than no answer. */
const FIRST_ANSWER = 5_000;

class NoAnswerInTime extends KserveError {
  override readonly exitCode: ExitCode = ExitCode.timedOut;
}

/** The first answer, if `--wait` was given within that time. @throws KserveError with the code of a wait that ran out */
export async function firstInTime<T>(work: Promise<T>, wait: number | undefined): Promise<T> {
  const answer = wait === undefined ? await work : await within(Math.max(wait, FIRST_ANSWER), work);
  if (answer === undefined) throw new NoAnswerInTime('timed out waiting for the server to answer at all');
  return answer;
}

/** What `work` resolves to, or undefined if it takes longer. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), Math.min(milliseconds, LONGEST_TIMER));
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** That the time of `--wait` is over. A line with its end, in the words of `kubectl wait`. */
export function timedOutLine(what: string): string {
  return `error: timed out waiting for ${what}\n`;
}

/** `10s`, `1m30s`, `500ms` or `0` → milliseconds. @throws UsageError */
export function parseWait(text: string): number {
  const milliseconds = parseGoDuration(text);
  if (milliseconds === undefined || milliseconds < 0)
    throw new UsageError(`invalid argument ${JSON.stringify(text)} for "--wait" flag: expected a duration such as 10s or 1m`);
  return milliseconds;
}

/** Resolves after a time, or at once when the signal is aborted. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  const stop = (): void => resolve();
  signal.addEventListener('abort', stop, { once: true });
  await promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  });
}
