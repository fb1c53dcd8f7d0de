import { UsageError } from '../../errors.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/;

/** How long to wait before asking again. */
export const ASK_AGAIN_AFTER = 500;

/** `10s`, `1m30s`, `500ms` or `0` → milliseconds. @throws UsageError */
export function parseWait(text: string): number {
  if (text === '0') return 0;
  if (!DURATION.test(text))
    throw new UsageError(`invalid argument ${JSON.stringify(text)} for "--wait" flag: expected a duration such as 10s or 1m`);
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g);
  return [...parts].reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (UNITS[unit] ?? 0), 0);
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
