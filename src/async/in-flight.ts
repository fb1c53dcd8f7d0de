/** Runs a task when fewer than the limit are running, in the order of the calls. */
export type Limit = <T>(task: () => Promise<T>) => Promise<T>;

/** At most this many access reviews are under way at once: enough to hide latency, few enough for a busy API server. */
export const REVIEWS_IN_FLIGHT = 16;

export function limitInFlight(maximum: number): Limit {
  return changingLimit(maximum).limit;
}

/** The same with a limit that can be set anew: what may then run starts at once, and what runs goes on. */
export function changingLimit(maximum: number): { readonly limit: Limit; readonly set: (maximum: number) => void } {
  const waiting: (() => void)[] = [];
  let most = maximum;
  let running = 0;
  const startNext = () => {
    for (; running < most && waiting.length > 0; running++) waiting.shift()?.();
  };
  const limit: Limit = async (task) => {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      startNext();
    });
    try {
      return await task();
    } finally {
      running--;
      startNext();
    }
  };
  const set = (changed: number) => {
    most = changed;
    startNext();
  };
  return { limit, set };
}
