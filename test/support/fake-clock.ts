import { setImmediate as turn } from 'node:timers/promises';

/** Time that passes when a test says so. */
export interface FakeClock {
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds since it was made. */
  readonly now: () => number;
  /** What was waited for so far, in milliseconds. */
  readonly waits: readonly number[];
  /** How many wait now. */
  readonly waiting: () => number;
  /** Lets time pass; whoever is due goes on, and is given the chance to do all that it can. */
  readonly advance: (milliseconds: number) => Promise<void>;
}

interface Waiting {
  readonly at: number;
  readonly resolve: () => void;
}

export function fakeClock(): FakeClock {
  let now = 0;
  const waits: number[] = [];
  const queue = new Set<Waiting>();
  const wait: FakeClock['wait'] = (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      const one: Waiting = { at: now + milliseconds, resolve };
      const stop = () => {
        queue.delete(one);
        reject(signal.reason);
      };
      if (signal.aborted) return stop();
      waits.push(milliseconds);
      queue.add(one);
      signal.addEventListener('abort', stop, { once: true });
    });
  const due = (end: number) => [...queue].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
  const advance: FakeClock['advance'] = async (milliseconds) => {
    const end = now + milliseconds;
    await settle();
    for (let next = due(end); next !== undefined; next = due(end)) {
      now = Math.max(now, next.at);
      queue.delete(next);
      next.resolve();
      await settle();
    }
    now = end;
  };
  return { wait, now: () => now, waits, waiting: () => queue.size, advance };
}

/** Turns of the event loop in which what is under way without time or network gets done. */
const TURNS = 12;

export async function settle(): Promise<void> {
  for (let index = 0; index < TURNS; index++) await turn();
}

/** Waits for something that happens without time. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}
