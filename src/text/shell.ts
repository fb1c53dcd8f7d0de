import { escapeText } from './escape.ts';

// What no POSIX shell treats specially, wherever it stands in a word.
const PLAIN = /^[A-Za-z0-9_.,:@%+=/-]+$/;

// Characters that would act on the terminal the command is shown on, or that make text read as something else.
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u;
const NUMBER_SIGN = 0x23;

/** What is escaped in output would make another command of a printed one: `##vso[`, or letters without ink. */
function isShownAsItIs(value: string): boolean {
  return !UNPRINTABLE.test(value) && escapeText(value) === value;
}

const FLAG = /^(--[a-z][a-z-]*=)([\s\S]*)$/;

function escapeByte(byte: number): string {
  if (byte === 0x27 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
  return byte >= 0x20 && byte < 0x7f && byte !== NUMBER_SIGN ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
}

/** `$'…'` (bash, zsh, ksh, POSIX 2024) if the value holds what a terminal does not show. */
function shellQuote(value: string): string {
  if (PLAIN.test(value)) return value;
  if (isShownAsItIs(value)) return `'${value.replaceAll("'", `'\\''`)}'`;
  return `$'${Array.from(new TextEncoder().encode(value), escapeByte).join('')}'`;
}

function shellWord(word: string): string {
  const [, flag, value = ''] = FLAG.exec(word) ?? [];
  return flag === undefined ? shellQuote(word) : `${flag}${shellQuote(value)}`;
}

/** True unless a word of a command cannot mean `value`: the shell ends it at a NUL. */
export function isShellWord(value: string): boolean {
  return !value.includes('\0');
}

/** One line that makes a shell start a program with exactly these words, safe to print and to paste. Every command we print is made here. */
export function shellCommand(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

/** The words that name an object to kubectl. A name that begins with `-` alone would be an option, such as `--server=elsewhere`. */
export function objectWords(resource: string, name: string): readonly string[] {
  return name.startsWith('-') ? [`${resource}/${name}`] : [resource, name];
}

/** The flag that limits a list to one object; a comma or a backslash would end the value (https://pkg.go.dev/k8s.io/apimachinery/pkg/fields#EscapeValue). */
export function nameSelector(name: string): string {
  return `--field-selector=metadata.name=${name.replace(/[\\,=]/g, '\\$&')}`;
}
