import Table from 'cli-table3';
import measure from 'cli-table3/src/utils.js';
import { escapeText } from './escape.ts';

/** A column of a table, as data. */
export interface Column<T> {
  /** Upper case, no blanks inside. */
  readonly header: string;
  /** The value as text; it may come from the server as it is: the table escapes it. */
  readonly cell: (row: T) => string;
  /** A shorter value of at most `width` terminal cells if it can be, used where the table does not fit the terminal. */
  readonly fit?: (row: T, width: number) => string;
}

export interface View<T> {
  readonly columns: readonly Column<T>[];
}

export interface TableOptions {
  readonly headers: boolean;
  /** Width of the terminal in cells; undefined if the table goes to a file or a pipe, where nothing is ever shortened. */
  readonly terminalWidth?: number | undefined;
}

// kubectl's tabwriter settings: https://github.com/kubernetes/cli-runtime/blob/master/pkg/printers/tabwriter.go
const GAP = 3;
const MINIMUM_WIDTH = 6;
// cli-table3's time for one table grows with the square of its rows; at this size that does not show.
const BLOCK = 100;
// It also takes some 30 µs a cell: above this, drawing would cost more than all the rest of a list of runtimes.
const LARGE = 1000;

const BORDERLESS = Object.fromEntries(
  ['top', 'bottom', 'mid']
    .flatMap((edge) => [edge, `${edge}-mid`, `${edge}-left`, `${edge}-right`])
    .concat('left', 'left-mid', 'mid-mid', 'right', 'right-mid', 'middle')
    .map((name) => [name, '']),
);

const PRINTABLE_ASCII = /^[ -~]*$/;

/** Cells that `text` takes on a terminal. */
export function textWidth(text: string): number {
  return PRINTABLE_ASCII.test(text) ? text.length : measure.strlen(text);
}

/** Draws a table in kubectl's layout, in pieces of about 100 lines. No rows, no table: not even a header. */
export function* renderTable<T>(view: View<T>, rows: readonly T[], options: TableOptions): Generator<string> {
  if (rows.length === 0) return;
  const cells = rows.map((row) => view.columns.map((column) => escapeText(column.cell(row))));
  const headers = options.headers ? [view.columns.map((column) => escapeText(column.header))] : [];
  const widths = columnWidths([...headers, ...cells]);
  if (options.terminalWidth !== undefined) fitColumns(view, rows, { cells, headers, widths }, options.terminalWidth);
  yield* renderBlocks([...headers, ...cells], widths);
}

function columnWidths(lines: readonly (readonly string[])[]): number[] {
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
    layout.widths[index] = columnWidths([...layout.headers, ...layout.cells])[index] ?? 0;
  });
}

/** Widths with the blanks that follow; nothing follows the last column. */
function padded(widths: readonly number[]): number[] {
  return widths.map((width, index) => (index === widths.length - 1 ? Math.max(width, 1) : Math.max(width + GAP, MINIMUM_WIDTH)));
}

function* renderBlocks(lines: readonly (readonly string[])[], widths: readonly number[]): Generator<string> {
  const colWidths = padded(widths);
  const layOut = lines.length > LARGE ? padCells : drawTable;
  for (let start = 0; start < lines.length; start += BLOCK) {
    yield layOut(lines.slice(start, start + BLOCK), colWidths)
      .map(withoutTrailingBlanks)
      .join('');
  }
}

function drawTable(lines: readonly (readonly string[])[], colWidths: readonly number[]): readonly string[] {
  const table = new Table({
    chars: BORDERLESS,
    colWidths: [...colWidths],
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  table.push(...lines.map((line) => [...line]));
  return table.toString().split('\n');
}

/** The same bytes as `drawTable`. */
function padCells(lines: readonly (readonly string[])[], colWidths: readonly number[]): readonly string[] {
  const pad = (cell: string, index: number): string => cell + ' '.repeat(Math.max(0, (colWidths[index] ?? 0) - textWidth(cell)));
  return lines.map((line) => line.map(pad).join(''));
}

function withoutTrailingBlanks(line: string): string {
  let end = line.length;
  while (line[end - 1] === ' ') end -= 1;
  return `${line.slice(0, end)}\n`;
}
