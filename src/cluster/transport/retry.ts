import type { Wait } from '../../async/deadline.ts';
import { ClusterError } from '../../errors.ts';
import { LIMITS } from '../limits.ts';
import type { WireAnswer } from './exchange.ts';
import { ConnectionLost } from './tcp/fault.ts';

export interface RetryOptions {
  /** A GET, or a POST that changes nothing, such as an access review. */
  readonly repeatable: boolean;
  readonly wait: Wait;
  readonly signal: AbortSignal;
}

/**
 * Repeats what the server asks to repeat, and what was lost on the way if it may be sent twice: up to 10 times, as
 * https://github.com/kubernetes/client-go/blob/master/rest/with_retry.go
 */
export async function withRetries<A extends WireAnswer>(attempt: () => Promise<A>, options: RetryOptions): Promise<A> {
  for (let retries = 0; ; retries++) {
    const [outcome] = await Promise.allSettled([attempt()]);
    const seconds = retries < LIMITS.retries ? secondsBefore(outcome, options.repeatable) : undefined;
    if (seconds === undefined) return finish(outcome, retries + 1);
    if (seconds > 0) await options.wait(seconds * 1000, options.signal);
  }
}

type Outcome<A = WireAnswer> = PromiseSettledResult<A>;

/** Undefined if the outcome is final. */
function secondsBefore(outcome: Outcome, repeatable: boolean): number | undefined {
  if (outcome.status === 'fulfilled') return retryAfter(outcome.value);
  const error: unknown = outcome.reason;
  if (!(error instanceof ConnectionLost) || !repeatable || error.retry === 'never') return undefined;
  return error.retry === 'at once' ? 0 : 1;
}

function retryAfter({ status, headers }: WireAnswer): number | undefined {
  if (status !== 429 && status < 500) return undefined;
  const seconds = retryAfterSeconds(headers);
  return seconds === undefined || seconds > LIMITS.longestWaitSeconds ? undefined : seconds;
}

/** Of the header; a date in its place does not count. */
export function retryAfterSeconds(headers: WireAnswer['headers']): number | undefined {
  const value = headers['retry-after'];
  return value !== undefined && /^[+-]?\d+$/.test(value) ? Number(value) : undefined;
}

function finish<A>(outcome: Outcome<A>, attempts: number): A {
  if (outcome.status === 'fulfilled') return outcome.value;
  const error: unknown = outcome.reason;
  if (!(error instanceof ConnectionLost)) throw error;
  const tried = attempts === 1 ? 'once' : `${attempts} times`;
  throw new ClusterError(error.reason, error.message, {
    cause: error.cause,
    hint: `The connection broke before the answer was complete (tried ${tried}). Try again.`,
  });
}
