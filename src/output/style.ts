/** How text may be marked on a terminal. Every function returns its argument unchanged where colour is off. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly green: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
}

const ESCAPE = '\u001b[';

// SGR codes, not util.styleText: that one reads NO_COLOR and the terminal by itself, and the decision is made below.
function mark(on: number, off: number): (text: string) => string {
  return (text) => (text === '' ? '' : `${ESCAPE}${on}m${text}${ESCAPE}${off}m`);
}

const plain = (text: string): string => text;

/** Marks text if `on`, else leaves it alone. */
export function createStyle(on: boolean): Style {
  return on
    ? { bold: mark(1, 22), green: mark(32, 39), red: mark(31, 39), yellow: mark(33, 39) }
    : { bold: plain, green: plain, red: plain, yellow: plain };
}

export interface ColorQuestion {
  /** `--color`, or `never` for `--no-color`. */
  readonly choice: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the stream that the text goes to. */
  readonly isTTY: boolean;
}

/** Whether to colour a stream: the flag, then FORCE_COLOR, NO_COLOR (https://no-color.org), CLICOLOR_FORCE, then the terminal. */
export function wantsColor({ choice, env, isTTY }: ColorQuestion): boolean {
  if (choice !== 'auto') return choice === 'always';
  const force = env.FORCE_COLOR;
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  if (isSet(env.NO_COLOR)) return false;
  if (isSet(env.CLICOLOR_FORCE) && env.CLICOLOR_FORCE !== '0') return true;
  return isTTY && env.TERM !== 'dumb';
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
