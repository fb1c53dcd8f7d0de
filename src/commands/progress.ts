import type { Context } from '../command/context.ts';

/** What is waited for, as those who wait see it. */
export interface Progress {
  /** One line, escaped; the same as before is not written again. */
  readonly show: (text: string) => void;
  /** Before anything else is written. */
  readonly clear: () => void;
}

/** Up one line, and empties it. The line ends, so that whatever ends the program leaves the cursor below it. */
const TAKE_BACK = '\u001b[1A\u001b[2K';

/** On a terminal one line on stderr that is rewritten. Elsewhere each is a line of a log, or none is written. */
export function createProgress({ streams, env }: Pick<Context, 'streams' | 'env'>, elsewhere: 'lines' | 'nothing'): Progress {
  const { errOut } = streams;
  // Not before there is something to show: to look at a stream costs time.
  const isRewritten = (): boolean => errOut.isTTY && env.TERM !== 'dumb' && !env.CI;
  let last = '';
  const clear = (): void => {
    if (last !== '' && isRewritten()) errOut.write(TAKE_BACK);
    last = '';
  };
  const show = (text: string): void => {
    if (text === last || (elsewhere === 'nothing' && !isRewritten())) return;
    if (isRewritten()) clear();
    // A line that wraps could not be taken back.
    errOut.write(`${isRewritten() ? text.slice(0, (errOut.columns ?? 80) - 1) : text}\n`);
    last = text;
  };
  return { show, clear };
}
