import { stripVTControlCharacters } from 'node:util';
import { escapeText } from '../text/escape.ts';
import type { Style } from './style.ts';

/** A column of a table, as data. */
export interface Column<T> {
  /** Upper case, no blanks inside. */
  readonly header: string;
  /** The value as text; it may come from the server as it is: the table escapes it. */
  readonly cell: (row: T) => string;
  /** A shorter value of at most `width` terminal cells if it can be, of the same characters and ASCII; for where the table does not fit the terminal. */
  readonly fit?: (row: T, width: number) => string;
  /** What the value means, where it can be marked; the text must say it too. */
  readonly tone?: (row: T) => Tone | undefined;
}

export type Tone = 'good' | 'bad' | 'doubtful';

export interface View<T> {
  readonly columns: readonly Column<T>[];
}

export interface TableOptions {
  readonly headers: boolean;
  /** Width of the terminal in cells; undefined if the table goes to a file or a pipe, where nothing is ever shortened. */
  readonly terminalWidth?: number | undefined;
  /** How tones are marked; absent: not at all. */
  readonly style?: Style | undefined;
}

// kubectl's tabwriter settings: https://github.com/kubernetes/cli-runtime/blob/master/pkg/printers/tabwriter.go
const GAP = 3;
const MINIMUM_WIDTH = 6;
// Lines in a piece in which a table is written, and the most that cli-table3 gets at once: its time grows with the square of its rows.
const BLOCK = 100;

const PRINTABLE_ASCII = /^[ -~]*$/;

/** How a block of lines is measured and laid out. */
export interface Drawing {
  /** What each column takes. */
  readonly widthsOf: (lines: Lines) => readonly number[];
  readonly layOut: (lines: Lines, colWidths: readonly number[]) => readonly string[];
}

type Lines = readonly (readonly string[])[];

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

async function drawingFor(cells: Lines, terminalWidth: number | undefined): Promise<Drawing> {
  const isPlain = (cell: string): boolean => cell.length <= LONG || PRINTABLE_ASCII.test(cell);
  if (terminalWidth === undefined || !cells.every((line) => line.every(isPlain))) return PADDED;
  return (await import('./drawn-table.ts')).DRAWN;
}

/** Draws a table in kubectl's layout, in pieces of about 100 lines. No rows, no table: not even a header. */
export async function renderTable<T>(view: View<T>, rows: readonly T[], options: TableOptions): Promise<Iterable<string>> {
  if (rows.length === 0) return [];
  const cells = rows.map((row) => view.columns.map((column) => escapeText(column.cell(row))));
  const headers = options.headers ? [view.columns.map((column) => escapeText(column.header))] : [];
  const drawing = await drawingFor(cells, options.terminalWidth);
  const widths = columnWidths([...headers, ...cells], drawing);
  const layout = { cells, headers, widths, drawing };
  if (options.terminalWidth !== undefined) fitColumns(view, rows, layout, options.terminalWidth);
  if (options.style !== undefined) markTones(view, rows, layout, options.style);
  return renderBlocks(layout);
}

/** Done last: marks are escapes, and take no room. */
function markTones<T>(view: View<T>, rows: readonly T[], { cells }: Layout, { green, red, yellow }: Style): void {
  const marks = { good: green, bad: red, doubtful: yellow };
  view.columns.forEach(({ tone }, index) => {
    if (tone === undefined) return;
    rows.forEach((row, line) => {
      const toned = tone(row);
      const texts = cells[line];
      if (toned !== undefined && texts !== undefined) texts[index] = marks[toned](texts[index] ?? '');
    });
  });
}

/** Of all lines: only those that are not ASCII need be measured by who knows. */
function columnWidths(lines: Lines, { widthsOf }: Drawing): number[] {
  const isAscii = (line: readonly string[]): boolean => line.every((cell) => PRINTABLE_ASCII.test(cell));
  const ascii = PADDED.widthsOf(lines.filter(isAscii));
  const others = lines.filter((line) => !isAscii(line));
  return [...widest([ascii, ...[...blocksOf(others)].map(widthsOf)])];
}

function* blocksOf(lines: Lines): Generator<Lines> {
  for (let start = 0; start < lines.length; start += BLOCK) yield lines.slice(start, start + BLOCK);
}

interface Layout {
  readonly cells: string[][];
  readonly headers: readonly (readonly string[])[];
  readonly widths: number[];
  readonly drawing: Drawing;
}

/** Shortens the columns that can be shortened until the table fits, from the left. */
function fitColumns<T>(view: View<T>, rows: readonly T[], layout: Layout, terminalWidth: number): void {
  view.columns.forEach((column, index) => {
    const width = layout.widths[index] ?? 0;
    const excess = padded(layout.widths).reduce((sum, part) => sum + part, 0) - terminalWidth;
    if (column.fit === undefined || excess <= 0) return;
    const room = Math.max(width - excess, column.header.length);
    rows.forEach((row, line) => {
      const cells = layout.cells[line];
      if (cells !== undefined && column.fit !== undefined) cells[index] = escapeText(column.fit(row, room));
    });
    layout.widths[index] = columnWidths([...layout.headers, ...layout.cells], layout.drawing)[index] ?? 0;
  });
}

/** Widths with the blanks that follow; nothing follows the last column. */
function padded(widths: readonly number[]): number[] {
  return widths.map((width, index) => (index === widths.length - 1 ? Math.max(width, 1) : Math.max(width + GAP, MINIMUM_WIDTH)));
}

function* renderBlocks({ headers, cells, widths, drawing }: Layout): Generator<string> {
  const colWidths = padded(widths);
  for (const block of blocksOf([...headers, ...cells])) yield drawing.layOut(block, colWidths).map(withoutTrailingBlanks).join('');
}

function withoutTrailingBlanks(line: string): string {
  let end = line.length;
  while (line[end - 1] === ' ') end -= 1;
  return `${line.slice(0, end)}\n`;
}
