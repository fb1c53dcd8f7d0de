import { changingLimit, type Limit } from '../../async/in-flight.ts';
import { LIMITS } from '../limits.ts';

/** How many requests are under way at a time, and so how many connections are opened. */
export interface Gate {
  readonly limit: Limit;
  /** The line is far: what waits for the first answer may have connections of its own. */
  readonly widen: () => void;
  /** Connections that stand may be free. */
  readonly isAnswered: () => boolean;
}

/** On a far line those that stand are used once there is an answer: each will be free before a new one stands. */
export function createGate(): Gate {
  const { limit, set } = changingLimit(LIMITS.sockets);
  let first = 0;
  let isFar = false;
  let isAnswered = false;
  const answered = () => {
    if (isAnswered) return;
    isAnswered = true;
    set(Math.max(first, isFar ? LIMITS.standingSockets : LIMITS.sockets));
  };
  return {
    limit: (task) =>
      limit(() => {
        if (!isAnswered) first++;
        return task().finally(answered);
      }),
    widen: () => {
      if (isAnswered) return;
      isFar = true;
      set(LIMITS.farSockets);
    },
    isAnswered: () => isAnswered,
  };
}
