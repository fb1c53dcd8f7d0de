// What no POSIX shell treats specially, wherever it stands in a word.
const PLAIN = /^[A-Za-z0-9_.,:@%+=/-]+$/;

// Characters that would act on the terminal the command is shown on, or that make text read as something else.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

function escapeByte(byte: number): string {
  if (byte === 0x27 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
}

/** One shell word that means `value`, safe to print and to paste; `$'…'` (bash, zsh, ksh, POSIX 2024) if it holds control characters. */
function shellQuote(value: string): string {
  if (PLAIN.test(value)) return value;
  if (!UNPRINTABLE.test(value)) return `'${value.replaceAll("'", `'\\''`)}'`;
  return `$'${Array.from(new TextEncoder().encode(value), escapeByte).join('')}'`;
}

/** `--name=value`, the value quoted where needed. */
export function shellFlag(name: string, value: string): string {
  return `--${name}=${shellQuote(value)}`;
}
