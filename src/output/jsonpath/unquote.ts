import { lookUp } from '../../text/look-up.ts';

const LETTERS: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

// One character of a quoted text; the last two alternatives are single bytes.
const CHARACTER = /\\(?:([abfnrtv\\'"])|u([\da-fA-F]{4})|U([\da-fA-F]{8})|x([\da-fA-F]{2})|([0-7]{3}))|[^\\]/suy;

/** The text between quotes of either kind, with Go's escapes; undefined if one of them is none. https://pkg.go.dev/strconv#UnquoteChar */
export function unquote(quoted: string): string | undefined {
  const quote = quoted[0];
  const inner = quoted.slice(1, -1);
  if (!inner.includes('\\')) return inner;
  const pieces: Buffer[] = [];
  for (let at = 0; at < inner.length; at = CHARACTER.lastIndex) {
    CHARACTER.lastIndex = at;
    const piece = pieceOf(CHARACTER.exec(inner), quote);
    if (piece === undefined) return undefined;
    pieces.push(piece);
  }
  // Bytes can spell a character together.
  return Buffer.concat(pieces).toString();
}

function pieceOf(match: RegExpExecArray | null, quote: string | undefined): Buffer | undefined {
  if (match === null) return undefined;
  const [all, letter, short, long, hex, octal] = match;
  if (letter !== undefined) return isOtherQuote(letter, quote) ? undefined : Buffer.from(lookUp(LETTERS, letter) ?? '');
  const point = short ?? long;
  if (point !== undefined) return character(Number.parseInt(point, 16));
  if (hex !== undefined) return Buffer.of(Number.parseInt(hex, 16));
  if (octal !== undefined) return byte(Number.parseInt(octal, 8));
  return all === quote ? undefined : Buffer.from(all);
}

function isOtherQuote(letter: string, quote: string | undefined): boolean {
  return (letter === '"' || letter === "'") && letter !== quote;
}

function character(point: number): Buffer | undefined {
  const isCharacter = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
  return isCharacter ? Buffer.from(String.fromCodePoint(point)) : undefined;
}

function byte(code: number): Buffer | undefined {
  return code > 255 ? undefined : Buffer.of(code);
}
