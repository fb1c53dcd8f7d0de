// Finds a text in another one however its characters are written there: plain, and as URLs, JSON, Go, YAML, HTML, shells and terminals have
// them, in any mixture. Not one pattern, for that of a long text would be too large, and slow where it nearly fits.

/** A text to look for. */
export interface WrittenText {
  readonly text: string;
  /** A part of base64, in either alphabet: what goes on behind it belongs to it. */
  readonly isBase64: boolean;
}

/** A part of a text, with both ends. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** Longest way to write a UTF-16 unit. */
const LONGEST_WRITING = 48;

/** How long a text may be as it is written; backslashes may be any number. */
function reachOf(wanted: string): number {
  return wanted.includes('\\') ? Number.POSITIVE_INFINITY : LONGEST_WRITING * wanted.length;
}

/** The text with `replacement` in place of each `wanted`; with `touching` only of those that touch one of these parts, which are in order. */
export function replaceWritten(
  text: string,
  { text: wanted, isBase64 }: WrittenText,
  replacement: string,
  touching?: readonly Span[],
): string {
  const parts = wanted.match(/\\+|[^\\]/gsu) ?? [];
  const characters = parts.map(isBase64 ? base64Writing : writingOf);
  const kept: string[] = [];
  let from = 0;
  for (const index of startsOf(text, characters[0]?.start ?? NOWHERE, reachOf(wanted), touching)) {
    const end = index < from ? undefined : endOf(text, index, characters);
    if (end === undefined) continue;
    kept.push(text.slice(from, index), replacement);
    from = isBase64 ? endOfBase64(text, end) : end;
  }
  return [...kept, text.slice(from)].join('');
}

const NOWHERE = /(?!)/g;

/** Where what touches one of the parts may begin: no further before it than it may be long. */
function* startsOf(text: string, start: RegExp, reach: number, touching: readonly Span[] = [{ first: 0, last: text.length }]) {
  const pattern = new RegExp(start);
  for (const { first, last } of touching) {
    pattern.lastIndex = Math.max(pattern.lastIndex, first - reach);
    for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
      if (found.index > last) {
        pattern.lastIndex = found.index;
        break;
      }
      yield found.index;
    }
  }
}

/** Where the characters end that begin at `start`: after the longest way to write them. All ways are followed at once. */
function endOf(text: string, start: number, characters: readonly Writing[]): number | undefined {
  let ends: readonly number[] = [start];
  for (const writing of characters) {
    const [only = 0] = ends;
    ends = ends.length === 1 ? writing.ends(text, only) : [...new Set(ends.flatMap((at) => writing.ends(text, at)))];
    if (ends.length === 0) return undefined;
  }
  return Math.max(...ends);
}

const REST_OF_BASE64 = /(?:[A-Za-z\d+/_-]|%2[BbFf])*(?:=|%3[Dd])*/y;

function endOfBase64(text: string, at: number): number {
  REST_OF_BASE64.lastIndex = at;
  REST_OF_BASE64.test(text);
  return REST_OF_BASE64.lastIndex;
}

/** One character, or several backslashes. */
interface Writing {
  /** Where it may end if it begins at a place. */
  readonly ends: (text: string, at: number) => readonly number[];
  /** Finds where it may begin. */
  readonly start: RegExp;
}

/** Made once: a text has the same characters again and again. */
function once(make: (part: string) => Writing): (part: string) => Writing {
  const made = new Map<string, Writing>();
  return (part) => {
    const known = made.get(part) ?? make(part);
    made.set(part, known);
    return known;
  };
}

const writingOf = once((part) => (part.startsWith('\\') ? backslashes(part.length) : toWriting([part], escapesOf(part))));

const OTHER_ALPHABET: ReadonlyMap<string, string> = new Map([
  ['+', '-'],
  ['/', '_'],
]);

const base64Writing = once((part) => toWriting([part, OTHER_ALPHABET.get(part) ?? part], escapesOf(part)));

/** What a writing that is not plain begins with. */
const SIGNS: ReadonlySet<string> = new Set(['%', '\\', '&', '^', '+', "'", '\ufffd']);

function toWriting(plain: readonly string[], patterns: readonly string[]): Writing {
  const escapes = patterns.map((pattern) => new RegExp(pattern, 'y'));
  return {
    start: new RegExp([...plain.map(escapeForPattern), ...patterns].join('|'), 'g'),
    ends: (text, at) => {
      const ends = plain.filter((one) => text.startsWith(one, at)).map((one) => at + one.length);
      return SIGNS.has(text.charAt(at)) ? [...ends, ...escapes.flatMap((pattern) => endsAt(pattern, text, at))] : ends;
    },
  };
}

function endsAt(pattern: RegExp, text: string, at: number): readonly number[] {
  pattern.lastIndex = at;
  return pattern.test(text) ? [pattern.lastIndex] : [];
}

/** What comes next may begin with backslashes of its own, of which there are so many at most. */
const MOST_ESCAPES = 8;

/** Backslashes are escaped by themselves: any number that is large enough may be meant, and it is looked at from its first one only. */
function backslashes(count: number): Writing {
  const others = new RegExp(`(?:${escapesOf('\\').join('|')}){${count}}`, 'y');
  return {
    start: /(?<!\\)\\|%(?:25){0,4}5[cC]|&/g,
    ends: (text, at) => {
      let end = at;
      while (text.charAt(end) === '\\') end++;
      const most = Math.min(MOST_ESCAPES, end - at - count);
      const plain = most < 0 ? [] : Array.from({ length: most + 1 }, (_, index) => end - index);
      return [...plain, ...endsAt(others, text, at)];
    },
  };
}

/** HTML's names of characters: https://html.spec.whatwg.org/multipage/named-characters.html */
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['"', 'quot'],
  ['&', 'amp'],
  ['<', 'lt'],
  ['>', 'gt'],
  ["'", 'apos'],
]);

/** What stands behind the backslash in JSON, Go, YAML and C. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['\n', 'n'],
  ['\r', 'r'],
  ['\t', 't'],
  ['\b', 'b'],
  ['\f', 'f'],
  ['\v', 'v'],
  ['\u0007', 'a'],
  ['\0', '0'],
  ['\u001b', 'e'],
  ['"', '"'],
  ["'", "'"],
  ['/', '/'],
]);

/** Ways of a form, a shell and a terminal. */
const OTHER: ReadonlyMap<string, readonly string[]> = new Map([
  [' ', ['\\+']],
  ["'", ["'\\\\''"]],
  ['\u007f', ['\\^\\?']],
]);

/** Patterns of a character that is not written plainly. Escapes may be escaped a few times over; without a bound a server could keep us busy. */
function escapesOf(character: string): readonly string[] {
  const code = character.codePointAt(0) ?? 0;
  const letter = LETTERS.get(character);
  const entity = ENTITIES.get(character);
  return [
    ...urlEscapes(character),
    ...backslashEscapes(character, code),
    `&(?:amp;){0,4}#(?:0{0,8}${code}|[xX]0{0,8}${hexOf(code)});`,
    ...(letter === undefined ? [] : [`\\\\{1,8}${escapeForPattern(letter)}`]),
    ...(entity === undefined ? [] : [`&(?:amp;){0,4}${entity};`]),
    ...(OTHER.get(character) ?? []),
    ...(code < 0x20 ? [`\\^${escapeForPattern(String.fromCharCode(code + 0x40))}`] : []),
  ];
}

function urlEscapes(character: string): readonly string[] {
  const bytes = [...Buffer.from(character)].map((byte) => `%(?:25){0,4}${hexOf(byte, 2)}`).join('');
  // Half of a pair of UTF-16 is no character of UTF-8.
  return character.isWellFormed() ? [bytes] : [bytes, '\ufffd'];
}

function backslashEscapes(character: string, code: number): readonly string[] {
  const units = Array.from({ length: character.length }, (_, index) => `\\\\{1,8}u${hexOf(character.charCodeAt(index), 4)}`);
  const bytes = [...Buffer.from(character)];
  return [
    units.join(''),
    `\\\\{1,8}(?:U0{0,8}${hexOf(code)}|u\\{0{0,8}${hexOf(code)}\\})`,
    bytes.map((byte) => `\\\\{1,8}x${hexOf(byte, 2)}`).join(''),
    bytes.map((byte) => `\\\\{1,8}${byte.toString(8).padStart(3, '0')}`).join(''),
    ...(code > 0x7f && code < 0x100 ? [`\\\\{1,8}x${hexOf(code, 2)}`] : []),
  ];
}

/** In any case of its letters. */
function hexOf(code: number, digits = 1): string {
  const hex = code.toString(16).padStart(digits, '0');
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function escapeForPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
