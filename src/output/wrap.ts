import { cellsOf } from './cells.ts';

/** Puts as many words on a line as fit. Each has the blanks before it, which are left out where a line begins, behind `hang`. */
export function fill(words: readonly string[], width: number, hang: string): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const line = lines.at(-1);
    if (line === undefined) lines.push(word);
    else if (cellsOf(line) + cellsOf(word) <= width || line === hang || isLogCommand(word)) lines[lines.length - 1] = line + word;
    else lines.push(hang + word.trimStart());
  }
  return lines;
}

/** No line may begin so: whatever keeps a log could take it for a command (`text/escape.ts`). */
function isLogCommand(word: string): boolean {
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
