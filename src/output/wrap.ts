import { cellsOf } from './cells.ts';

/** Puts as many words on a line as fit. Each has the blanks before it, which are left out where a line begins, behind `hang`. */
export function fill(words: readonly string[], width: number, hang: string): readonly string[] {
  const lines: string[] = [];
  let cells = 0;
  for (const word of words) {
    const line = lines.at(-1);
    // Of the word alone: a line may be long, and was measured before.
    const more = cellsOf(word);
    const isOnLine = line === undefined || cells + more <= width || line === hang || isLogCommand(word);
    const added = isOnLine ? word : hungWord(word.trimStart(), width, hang);
    if (isOnLine && line !== undefined) lines[lines.length - 1] = line + added;
    else lines.push(added);
    cells = isOnLine ? cells + more : cellsOf(added);
  }
  return lines;
}

/** A word that fits only without the indentation gets none. */
function hungWord(word: string, width: number, hang: string): string {
  const cells = cellsOf(word);
  return cells <= width && cellsOf(hang) + cells > width ? word : hang + word;
}

/** The parts of a list that no line holds, each with its comma. What people copy stays whole: a regular expression. */
export function partsOfList(word: string): readonly string[] {
  return /[\\()?]/.test(word) ? [word] : (word.match(/[^,]*,|[^,]+$/g) ?? [word]);
}

/** No line may begin so: whatever keeps a log could take it for a command (`text/escape.ts`). */
export function isLogCommand(word: string): boolean {
  return word.trimStart().startsWith('::');
}

/** Where a cell may be broken: at blanks and behind commas, and in names of objects such as `RoleBinding/team-a/readers` behind slashes. */
export type Breaks = 'words' | 'names';

const PARTS: Readonly<Record<Breaks, RegExp>> = { words: /\s*[^\s,]*,?/g, names: /\s*[^\s,/]*[,/]?/g };

function partsOf(text: string, breaks: Breaks): readonly string[] {
  return text.match(PARTS[breaks])?.filter((part) => part !== '') ?? [text];
}

/** The lines of a cell of at most `width` cells. All but the first begin with `hang`. */
export function wrapCell(text: string, width: number, hang = '', breaks: Breaks = 'words'): readonly string[] {
  return fill(partsOf(text, breaks), width, hang).map((line) => line.trimEnd());
}

/** The cells of the widest part of a cell that `wrapCell` does not break. */
export function widestPart(text: string, breaks: Breaks = 'words'): number {
  return partsOf(text, breaks).reduce((most, part) => Math.max(most, cellsOf(part.trim())), 0);
}
