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
    errOut.write(`${isRewritten() ? cutAtWord(text, (errOut.columns ?? 80) - 1) : text}\n`);
    last = text;
  };
  return { show, clear };
}

/** At most `width` characters: the words that fit, and a sign that there are more. */
function cutAtWord(text: string, width: number): string {
  if (text.length <= width) return text;
  const end = text.lastIndexOf(' ', width - 2);
  return end > 0 ? `${text.slice(0, end)} …` : `${text.slice(0, width - 1)}…`;
}
