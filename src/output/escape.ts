// Control characters (C0, DEL, C1), the two Unicode line separators and the bidirectional overrides: all that could
// move a terminal's cursor or make text read as something else.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
  if (code === 0x7f) return '^?';
  return `\\u${code.toString(16).padStart(4, '0')}`;
}

/** Makes control characters of untrusted text visible (`^[` for escape), all on one line. */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, visible);
}

/** As `escapeText`, but keeps line breaks: for messages that may span lines. */
export function escapeLines(text: string): string {
  return text.split('\n').map(escapeText).join('\n');
}
