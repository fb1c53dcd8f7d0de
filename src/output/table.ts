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
// Pieces in which a table is written, and the most that cli-table3 gets at once: its time grows with the square of its rows.
const BLOCK = 100;

const PRINTABLE_ASCII = /^[ -~]*$/;

/** How text is measured and lines are laid out. */
export interface Drawing {
  /** Cells that `text` takes on a terminal. */
  readonly textWidth: (text: string) => number;
  /** Lines of a block of a table of `rowCount` lines. */
  readonly layOut: (lines: readonly (readonly string[])[], colWidths: readonly number[], rowCount: number) => readonly string[];
}

/** Enough where each character takes one cell: the same bytes as cli-table3, which takes a fifth of the time of a whole list. */
const PLAIN: Drawing = {
  textWidth: (text) => text.length,
  layOut: (lines, colWidths) =>
    lines.map((line) => line.map((cell, index) => cell.padEnd((colWidths[index] ?? 0) + markLength(cell))).join('')),
};

/** Characters of a cell that take no room: those of its mark. */
function markLength(cell: string): number {
  return cell.startsWith('\u001b') ? cell.length - stripVTControlCharacters(cell).length : 0;
}

/** Draws a table in kubectl's layout, in pieces of about 100 lines. No rows, no table: not even a header. */
export async function renderTable<T>(view: View<T>, rows: readonly T[], options: TableOptions): Promise<Iterable<string>> {
  if (rows.length === 0) return [];
  const cells = rows.map((row) => view.columns.map((column) => escapeText(column.cell(row))));
  const headers = options.headers ? [view.columns.map((column) => escapeText(column.header))] : [];
  const isPlain = cells.every((line) => line.every((cell) => PRINTABLE_ASCII.test(cell)));
  const drawing = isPlain ? PLAIN : (await import('./drawn-table.ts')).DRAWN;
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

function columnWidths(lines: readonly (readonly string[])[], { textWidth }: Drawing): number[] {
  const widths: number[] = [];
  for (const line of lines) {
    line.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, textWidth(cell));
    });
  }
  return widths;
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
  const lines = [...headers, ...cells];
  const colWidths = padded(widths);
  for (let start = 0; start < lines.length; start += BLOCK) {
    yield drawing
      .layOut(lines.slice(start, start + BLOCK), colWidths, lines.length)
      .map(withoutTrailingBlanks)
      .join('');
  }
}

function withoutTrailingBlanks(line: string): string {
  let end = line.length;
  while (line[end - 1] === ' ') end -= 1;
  return `${line.slice(0, end)}\n`;
}
