// Control characters (C0, DEL, C1), line separators, bidirectional marks and overrides, characters without width or ink, tags: all that
// could move a terminal's cursor, make text read as something else, or hide in it.
const INVISIBLE =
  '\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u2800\\u3164' +
  '\\ufe00-\\ufe0e\\ufeff\\uffa0\\ufff0-\\ufffb\\u{13430}-\\u{1345f}\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}';

// What keeps the log of a job takes these for commands to itself: GitHub Actions a line that begins with `::`, even after blanks, or has `##[`
// anywhere (https://github.com/actions/runner, ActionCommand.cs), Azure Pipelines `##vso[` anywhere
// (https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands), TeamCity `##teamcity[`.
const COMMAND_ANYWHERE = '#(?=#[A-Za-z]*\\[)';
const COMMAND_AT_START = ':(?<=^\\s*:)(?=:)';
const UNSAFE = new RegExp(`[\\u0000-\\u001f${INVISIBLE}]|${COMMAND_ANYWHERE}|${COMMAND_AT_START}`, 'gu');

/** The same but for C0 and what only counts at the start of a line, for formats that have an escape of their own; `more` goes into the character class. */
export function unsafeCharacters(more = ''): RegExp {
  return new RegExp(`[${more}${INVISIBLE}]|${COMMAND_ANYWHERE}`, 'gu');
}

/** Whether a line of the text would be a command to the log of a CI job. */
export function hasCommandLine(text: string): boolean {
  return /^[^\S\n\r\u2028\u2029]*::/m.test(text);
}

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
  if (code === 0x7f) return '^?';
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** Makes control characters of untrusted text visible (`^[` for escape), all on one line, and keeps it from being a command to a log. */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, visible);
}

/** As `escapeText`, but keeps line breaks: for messages that may span lines. */
export function escapeLines(text: string): string {
  return text.split('\n').map(escapeText).join('\n');
}
