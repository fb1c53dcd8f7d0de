import { lookUp } from './look-up.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};

/** ASCII that is written as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return lookUp(ESCAPES, character) ?? `\\x${code.toString(16).padStart(2, '0')}`;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** As Go's `%q` (https://pkg.go.dev/strconv#Quote), which the API server puts around every name in a message. */
export function goQuote(text: string): string {
  // Most texts need none of Unicode's tables, which take a millisecond to compile.
  if (PLAIN.test(text)) return `"${text}"`;
  return `"${text.replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, escaped)}"`;
}
