import { cellsOf } from './cells.ts';
import { fill, isLogCommand, partsOfList } from './wrap.ts';

/** Cells by which a line is indented that goes on with the one before it: it can pass for no line of ours, such as a hint. */
const HANG = 2;

/** A line for people to paste: its indentation, or the prompt of a shell, tells it from a sentence about kubectl. */
const COMMAND = /^(?: {2,}|\$ )kubectl[ -]/;
const HERE_DOCUMENT = /^ *kubectl .*<<'?(\w+)'?$/;
/** Beside a here-document, whose end stands at the margin, all commands do. */
const COMMAND_AT_MARGIN = /^kubectl[ -]/;
/** A sentence that ends in a command. */
const COMMAND_AT_END = /^(.*:) (kubectl[ -].*)$/;

/**
 * Text for people, each line of which takes at most `width` cells: broken between words, and inside one only behind the commas
 * of a list that no line holds; any other word that is wider stands alone. Commands to paste stay whole, each on a line of its own.
 */
export function wrapText(text: string, width: number): string {
  let end: string | undefined;
  const lines = text.split('\n');
  const isAtMargin = lines.some((line) => HERE_DOCUMENT.test(line));
  const wrapped = lines.flatMap((line) => {
    if (end !== undefined) {
      if (line === end) end = undefined;
      return [line];
    }
    end = HERE_DOCUMENT.exec(line)?.[1];
    return end !== undefined || (isAtMargin && COMMAND_AT_MARGIN.test(line)) ? [line] : wrapLine(line, width);
  });
  return wrapped.join('\n');
}

function wrapLine(line: string, width: number): readonly string[] {
  if (cellsOf(line) <= width || COMMAND.test(line)) return [line];
  const [, sentence, command] = COMMAND_AT_END.exec(line) ?? [];
  if (sentence !== undefined && command !== undefined) return [...breakWords(sentence, width), `${indentation(sentence)}  ${command}`];
  return breakWords(line, width);
}

function indentation(line: string): string {
  return /^ */.exec(line)?.[0] ?? '';
}

/** A label and what follows it: `Context    test`. */
const LABELLED = /^( *(?:\S+ ){0,2}\S+ {2,})(\S.*)$/;

function breakWords(line: string, width: number): readonly string[] {
  const words = wordsOf(line, width);
  const [first = ''] = words;
  const excess = Math.min(cellsOf(first) - width, indentation(line).length);
  // A log may be indented as far as it likes.
  if (excess > 0) return breakWords(line.slice(excess), width);
  const [, label = '', value = ''] = LABELLED.exec(line) ?? [];
  const indent = ' '.repeat(Math.min(indentation(line).length + HANG, Math.floor(width / 2)));
  if (label === '' || cellsOf(label) > width / 2) return fill(words, width, indent);
  const parts = wordsOf(value, width);
  if (parts.length > 1) {
    const isRoomy = parts.every((word) => cellsOf(label) + cellsOf(word.trimStart()) <= width);
    return fill(words, width, isRoomy ? ' '.repeat(cellsOf(label)) : indent);
  }
  // One word: below its label, or beside it if no line holds it.
  const below = cellsOf(indent + value) <= width && !isLogCommand(value);
  return below ? [label.trimEnd(), indent + value] : [line];
}

/** Each with the blanks before it; a list that no line holds in its parts. */
function wordsOf(line: string, width: number): readonly string[] {
  // Without the blanks at its end: a pattern would look through them again from each.
  const words = line.trimEnd().match(/\s*\S+/g) ?? [line];
  return words.flatMap((word) => (cellsOf(word.trimStart()) > width - HANG ? partsOfList(word) : [word]));
}
