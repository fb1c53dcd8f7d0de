import { escapeText } from '../text/escape.ts';
import { columnWidths, drawingFor, GAP, renderLines, totalWidth } from './layout.ts';
import { headersOf, markTones } from './row-text.ts';
import type { Style } from './style.ts';
import type { Breaks } from './wrap.ts';

/** A column of a table, as data. */
export interface Column<T> {
  /** Upper case, no blanks inside. */
  readonly header: string;
  /** The value as text; it may come from the server as it is: the table escapes it. */
  readonly cell: (row: T) => string;
  /** A shorter value of at most `width` terminal cells if it can be, of the same characters and ASCII; for where the table does not fit the terminal. */
  readonly fit?: (row: T, width: number) => string;
  /** May take several lines where the table does not fit the terminal: a sentence, or a list joined by commas. */
  readonly wraps?: boolean;
  /** Where it may be broken; usually between words. */
  readonly breaks?: Breaks;
  /** May be left out where the table does not fit the terminal: `first` if it tells nothing here, `last` if that is better than a record, from the right. */
  readonly spare?: 'first' | 'last';
  /** What the value means, where it can be marked; the text must say it too. */
  readonly tone?: (row: T) => Tone | undefined;
}

export type Tone = 'good' | 'bad' | 'doubtful';

export interface View<T> {
  readonly columns: readonly Column<T>[];
  /** Columns that say the same in less room, for where `columns` do not fit the terminal. */
  readonly narrow?: readonly Column<T>[];
}

/** Rows, and the columns that they need: some are there only for what is in them. */
export interface Table<T> {
  readonly rows: readonly T[];
  readonly viewOf: (rows: readonly T[]) => View<T>;
  /** What `-o wide` shows besides, where somebody will want it: said once, below all. */
  readonly wideShows?: string | undefined;
}

/** A column that may be left out on a terminal where all rows have the same in it, or nothing. */
export function spareIfSame<T>(column: Column<T>, rows: readonly T[]): Column<T> {
  const said = new Set(rows.map(column.cell).filter((cell) => cell !== '<none>'));
  return said.size < 2 ? { ...column, spare: 'first' } : column;
}

export interface TableOptions {
  readonly headers: boolean;
  /** Width of the terminal in cells; undefined if the table goes to a file or a pipe, where nothing is ever shortened. */
  readonly terminalWidth?: number | undefined;
  /** How tones are marked; absent: not at all. */
  readonly style?: Style | undefined;
}

/** Draws a table in kubectl's layout, in pieces of about 100 lines. No rows, no table: not even a header. */
export async function renderTable<T>(view: View<T>, rows: readonly T[], options: TableOptions): Promise<Iterable<string>> {
  if (rows.length === 0) return [];
  const { columns } = view;
  const cells = rows.map((row) => columns.map((column) => escapeText(column.cell(row))));
  const headers = options.headers ? [headersOf(columns)] : [];
  const drawing = await drawingFor(cells, options.terminalWidth);
  const widths = columnWidths([...headers, ...cells], drawing);
  if (options.terminalWidth !== undefined && totalWidth(widths, GAP) > options.terminalWidth) {
    const { renderNarrow } = await import('./narrow-table.ts');
    return renderNarrow({ view, rows, drawing, ...options, terminalWidth: options.terminalWidth });
  }
  return renderLines({ lines: [...headers, ...markTones(columns, rows, cells, options.style)], widths, drawing, gap: GAP });
}
