/** Runs calls one after the other, in order: a call that waited finds what those before it left. */
export function oneAtATime<A extends readonly unknown[], T>(run: (...args: A) => Promise<T>): (...args: A) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (...args) => {
    const turn = last.then(() => run(...args));
    last = turn.catch(() => undefined);
    return turn;
  };
}
