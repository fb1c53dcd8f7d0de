/** Runs a task when fewer than the limit are running, in the order of the calls. */
export type Limit = <T>(task: () => Promise<T>) => Promise<T>;

/** At most this many access reviews are under way at once: enough to hide latency, few enough for a busy API server. */
export const REVIEWS_IN_FLIGHT = 16;

export function limitInFlight(maximum: number): Limit {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= maximum) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
