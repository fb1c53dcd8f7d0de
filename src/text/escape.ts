// Control characters (C0, DEL, C1), line separators, bidirectional marks and overrides, characters without width or ink, tags: all that
// could move a terminal's cursor, make text read as something else, or hide in it.
const INVISIBLE =
  '\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u2800\\u3164' +
  '\\ufe00-\\ufe0e\\ufeff\\uffa0\\ufff0-\\ufffb\\u{13430}-\\u{1345f}\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}';
const UNSAFE = new RegExp(`[\\u0000-\\u001f${INVISIBLE}]`, 'gu');

/** The same but for C0, for formats that have an escape of their own; `more` goes into the character class. */
export function invisibleCharacters(more = ''): RegExp {
  return new RegExp(`[${more}${INVISIBLE}]`, 'gu');
}

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
  if (code === 0x7f) return '^?';
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** Makes control characters of untrusted text visible (`^[` for escape), all on one line. */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, visible);
}

// GitHub Actions takes such a line of a log as a command to itself, even after blanks:
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
const LOG_COMMAND = /^(\s*):(?=:)/;

/** As `escapeText`, but keeps line breaks: for messages that may span lines, none of which is a command to whatever keeps the log. */
export function escapeLines(text: string): string {
  return text
    .split('\n')
    .map((line) => escapeText(line).replace(LOG_COMMAND, '$1\\u003a'))
    .join('\n');
}
