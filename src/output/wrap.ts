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
    const added = isOnLine ? word : hang + word.trimStart();
    if (isOnLine && line !== undefined) lines[lines.length - 1] = line + added;
    else lines.push(added);
    cells = isOnLine ? cells + more : cellsOf(added);
  }
  return lines;
}

/** No line may begin so: whatever keeps a log could take it for a command (`text/escape.ts`). */
export function isLogCommand(word: string): boolean {
  return word.trimStart().startsWith('::');
}

/** The lines of a cell of at most `width` cells: broken at blanks and behind commas, and nowhere else. All but the first begin with `hang`. */
export function wrapCell(text: string, width: number, hang = ''): readonly string[] {
  return fill(text.match(/\s*[^\s,]*,?/g)?.filter((part) => part !== '') ?? [text], width, hang).map((line) => line.trimEnd());
}

/** The cells of the widest part of a cell that `wrapCell` does not break. */
export function widestPart(text: string): number {
  return text.split(/\s+|(?<=,)/).reduce((most, part) => Math.max(most, cellsOf(part)), 0);
}
