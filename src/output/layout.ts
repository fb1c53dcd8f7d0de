import { stripVTControlCharacters } from 'node:util';

export type Lines = readonly (readonly string[])[];

/** How a block of lines is measured and laid out. */
export interface Drawing {
  /** What each column takes. */
  readonly widthsOf: (lines: Lines) => readonly number[];
  readonly layOut: (lines: Lines, colWidths: readonly number[]) => readonly string[];
}

// kubectl's tabwriter settings: https://github.com/kubernetes/cli-runtime/blob/master/pkg/printers/tabwriter.go
export const GAP = 3;
/** Blanks between columns where room is short. */
export const SMALL_GAP = 2;
const MINIMUM_WIDTH = 6;
// Lines in a piece in which a table is written, and the most that cli-table3 gets at once: its time grows with the square of its rows.
const BLOCK = 100;

const PRINTABLE_ASCII = /^[ -~]*$/;

/** For pipes and files, as kubectl writes them: every character counts as one cell. Nothing is loaded for it. */
const PADDED: Drawing = {
  widthsOf: (lines) => widest(lines.map((line) => line.map(characters))),
  layOut: (lines, colWidths) =>
    lines.map((line) => line.map((cell, index) => cell + ' '.repeat(Math.max(0, (colWidths[index] ?? 0) - characters(cell)))).join('')),
};

/** How many characters a cell has beside its mark. */
function characters(cell: string): number {
  if (PRINTABLE_ASCII.test(cell)) return cell.length;
  return [...(cell.startsWith('\u001b') ? stripVTControlCharacters(cell) : cell)].length;
}

function widest(lines: readonly (readonly number[])[]): readonly number[] {
  const widths: number[] = [];
  for (const line of lines) {
    line.forEach((width, index) => {
      widths[index] = Math.max(widths[index] ?? 0, width);
    });
  }
  return widths;
}

// cli-table3 takes a time that grows with the square of a cell's length where characters are wide, and anybody may store a long name.
const LONG = 500;

export async function drawingFor(cells: Lines, terminalWidth: number | undefined): Promise<Drawing> {
  const isPlain = (cell: string): boolean => cell.length <= LONG || PRINTABLE_ASCII.test(cell);
  if (terminalWidth === undefined || !cells.every((line) => line.every(isPlain))) return PADDED;
  return (await import('./drawn-table.ts')).DRAWN;
}

/** Of all lines: only those that are not ASCII need be measured by who knows. */
export function columnWidths(lines: Lines, drawing: Drawing): readonly number[] {
  if (drawing === PADDED) return PADDED.widthsOf(lines);
  const isAscii = (line: readonly string[]): boolean => line.every((cell) => PRINTABLE_ASCII.test(cell));
  const ascii = PADDED.widthsOf(lines.filter(isAscii));
  const others = lines.filter((line) => !isAscii(line));
  return widest([ascii, ...[...blocksOf(others)].map(drawing.widthsOf)]);
}

function* blocksOf(lines: Lines): Generator<Lines> {
  for (let start = 0; start < lines.length; start += BLOCK) yield lines.slice(start, start + BLOCK);
}

/** Widths with the blanks that follow; nothing follows the last column. */
function padded(widths: readonly number[], gap: number): number[] {
  return widths.map((width, index) => (index === widths.length - 1 ? Math.max(width, 1) : Math.max(width + gap, MINIMUM_WIDTH)));
}

/** Cells that a line takes. */
export function totalWidth(widths: readonly number[], gap: number): number {
  return padded(widths, gap).reduce((sum, part) => sum + part, 0);
}

export interface Layout {
  readonly lines: Lines;
  readonly widths: readonly number[];
  readonly drawing: Drawing;
  readonly gap: number;
}

/** The lines as text, in pieces. */
export function* renderLines({ lines, widths, drawing, gap }: Layout): Generator<string> {
  const colWidths = padded(widths, gap);
  for (const block of blocksOf(lines)) yield drawing.layOut(block, colWidths).map(withoutTrailingBlanks).join('');
}

function withoutTrailingBlanks(line: string): string {
  let end = line.length;
  while (line[end - 1] === ' ') end -= 1;
  return `${line.slice(0, end)}\n`;
}
