import { stripVTControlCharacters } from 'node:util';
import { cellsOf } from '../../src/output/cells.ts';

/** Commands to paste: below a sentence, or of several lines up to the end of a here-document. */
const COMMAND = /^(?: {2,}|\$ )kubectl[ -]/;
/** Beside a here-document, whose end stands at the margin. */
const COMMAND_AT_MARGIN = /^kubectl [a-z-]+ .* -/;
const HERE_DOCUMENT = /^ *kubectl .*<<'?(\w+)'?$/;

/** Blanks before the most indented text, of evidence of `doctor` that goes on. */
const DEEPEST = 8;

/** The lines of a text that do not fit a terminal, but for commands to paste and for words that are wider than it. */
export function misfits(text: string, columns: number): readonly string[] {
  let end: string | undefined;
  return stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => {
      const isInside = end !== undefined;
      if (isInside && line === end) end = undefined;
      if (!isInside) end = HERE_DOCUMENT.exec(line)?.[1];
      return (
        !isInside &&
        end === undefined &&
        !(text.includes('\nEOF\n') ? [COMMAND, COMMAND_AT_MARGIN] : [COMMAND]).some((command) => command.test(line)) &&
        cellsOf(line) > columns &&
        !isOneWord(line, columns)
      );
    });
}

/** A word that no line holds, alone or beside the label of a record. */
function isOneWord(line: string, columns: number): boolean {
  const value = /^ *(?:\S+(?: \S+)*:? {2,})?(\S+)$/.exec(line)?.[1];
  return value !== undefined && cellsOf(value) > columns - DEEPEST;
}
