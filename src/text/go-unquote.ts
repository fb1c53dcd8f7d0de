import { lookUp } from './look-up.ts';

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const ESCAPE = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([\s\S]))/g;

/** Undoes Go's `%q` (https://pkg.go.dev/strconv#Quote), quotes included. */
export function goUnquote(quoted: string): string {
  return quoted.slice(1, -1).replace(ESCAPE, (_, byte?: string, short?: string, long?: string, letter = '') => {
    const code = byte ?? short ?? long;
    return code === undefined ? (lookUp(SIMPLE_ESCAPES, letter) ?? letter) : character(Number.parseInt(code, 16));
  });
}

function character(code: number): string {
  return code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
}
