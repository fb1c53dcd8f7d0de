import { escapeText } from '../text/escape.ts';
import { cellsOf } from './cells.ts';
import { columnWidths, type Drawing, GAP, type Lines, renderLines, SMALL_GAP, totalWidth } from './layout.ts';
import { headersOf, marked, markTones } from './row-text.ts';
import { countSpare, withoutSpare } from './spare-columns.ts';
import type { Style } from './style.ts';
import type { Column, View } from './table.ts';
import { type Breaks, isLogCommand, widestPart, wrapCell } from './wrap.ts';

/** A table that is wider than its terminal. */
interface NarrowTable<T> {
  readonly view: View<T>;
  readonly rows: readonly T[];
  readonly drawing: Drawing;
  readonly headers: boolean;
  readonly terminalWidth: number;
  readonly style?: Style | undefined;
}

/** A column that wraps to less than this is hard to read. */
const READABLE = 12;

/**
 * Draws a table so that no line is wider than the terminal, with as little loss as can be: first columns closer together, then without
 * columns that tell nothing, then with shorter lists or cells of several lines, then with fewer columns, last as records, which lose nothing.
 */
export function renderNarrow<T>(table: NarrowTable<T>): Iterable<string> {
  const { columns, narrow } = table.view;
  const telling = withoutSpare(columns, 0);
  return (
    natural(columns, table) ??
    natural(telling, table) ??
    withFewer(0, table) ??
    (narrow && wrapped(narrow, table)) ??
    records(narrow ?? columns, table)
  );
}

/** Leaves out one spare column after the other. */
function withFewer<T>(count: number, table: NarrowTable<T>): Iterable<string> | undefined {
  const { columns, narrow } = table.view;
  if (count > countSpare(columns)) return undefined;
  const left = withoutSpare(columns, count);
  return shortened(left, table) ?? (narrow ? undefined : wrapped(left, table)) ?? withFewer(count + 1, table);
}

function cellsOfRows<T>(columns: readonly Column<T>[], rows: readonly T[]): string[][] {
  return rows.map((row) => columns.map((column) => escapeText(column.cell(row))));
}

function natural<T>(columns: readonly Column<T>[], table: NarrowTable<T>): Iterable<string> | undefined {
  return ifFits(columns, cellsOfRows(columns, table.rows), table);
}

function ifFits<T>(columns: readonly Column<T>[], cells: string[][], table: NarrowTable<T>): Iterable<string> | undefined {
  const { rows, drawing, headers, terminalWidth, style } = table;
  const header = headers ? [headersOf(columns)] : [];
  const widths = columnWidths([...header, ...cells], drawing);
  if (totalWidth(widths, SMALL_GAP) > terminalWidth) return undefined;
  return renderLines({ lines: [...header, ...markTones(columns, rows, cells, style)], widths, drawing, gap: SMALL_GAP });
}

/** Shortens the columns that can be shortened, from the left. */
function shortened<T>(columns: readonly Column<T>[], table: NarrowTable<T>): Iterable<string> | undefined {
  const { rows, drawing, headers, terminalWidth } = table;
  const cells = cellsOfRows(columns, rows);
  const header = headers ? [headersOf(columns)] : [];
  columns.forEach((column, index) => {
    const widths = columnWidths([...header, ...cells], drawing);
    const excess = totalWidth(widths, SMALL_GAP) - terminalWidth;
    if (column.fit === undefined || excess <= 0) return;
    const room = Math.max((widths[index] ?? 0) - excess, column.header.length);
    rows.forEach((row, line) => {
      const texts = cells[line];
      if (texts !== undefined) texts[index] = escapeText(column.fit?.(row, room) ?? '');
    });
  });
  return ifFits(columns, cells, table);
}

/** Spreads the cells of columns that may wrap over several lines; undefined if there is no room even so. */
function wrapped<T>(columns: readonly Column<T>[], table: NarrowTable<T>): Iterable<string> | undefined {
  const { rows, drawing, headers, terminalWidth, style } = table;
  const cells = cellsOfRows(columns, rows);
  const header = headers ? [headersOf(columns)] : [];
  const widths = columnWidths([...header, ...cells], drawing);
  const least = columns.map(({ wraps, header: name }, index) =>
    wraps === true
      ? Math.min(widths[index] ?? 0, leastWidth(name, cells, index, columns[index]?.breaks) + (index === 0 ? SMALL_GAP : 0))
      : (widths[index] ?? 0),
  );
  if (totalWidth(least, SMALL_GAP) > terminalWidth) return undefined;
  const room = widened(least, widths, terminalWidth);
  const lines = cells.flatMap((line, index) => {
    const parts = line.map((cell, at) => wrapCell(cell, room[at] ?? 0, at === 0 ? ' '.repeat(SMALL_GAP) : '', columns[at]?.breaks));
    const height = Math.max(...parts.map(({ length }) => length));
    const spread = Array.from({ length: height }, (_, part) => parts.map((texts) => texts[part] ?? ''));
    return markTones(
      columns,
      Array.from({ length: height }, () => rows[index] as T),
      spread,
      style,
    );
  });
  return renderLines({ lines: [...header, ...lines], widths: room, drawing, gap: SMALL_GAP });
}

function leastWidth(header: string, cells: Lines, index: number, breaks: Breaks | undefined): number {
  return cells.reduce((most, line) => Math.max(most, widestPart(line[index] ?? '', breaks)), Math.max(header.length, READABLE));
}

/** Gives the room that is left to the narrowest columns, as far as they need it. */
function widened(least: readonly number[], most: readonly number[], terminalWidth: number): readonly number[] {
  const widths = [...least];
  for (let left = terminalWidth - totalWidth(least, SMALL_GAP); left > 0; left--) {
    const open = widths.map((_, index) => index).filter((index) => (widths[index] ?? 0) < (most[index] ?? 0));
    const [next] = open.toSorted((a, b) => (widths[a] ?? 0) - (widths[b] ?? 0));
    if (next === undefined) break;
    widths[next] = (widths[next] ?? 0) + 1;
  }
  return widths;
}

/** Each row as lines of `HEADER   value`, with an empty line between rows. */
function records<T>(columns: readonly Column<T>[], { rows, drawing, terminalWidth, style }: NarrowTable<T>): Iterable<string> {
  const headers = headersOf(columns);
  const label = totalWidth([Math.max(...headers.map(cellsOf)), 0], GAP) - 1;
  const lines = rows.flatMap((row, index) => {
    const fields = columns.flatMap((column, at) => {
      const value = escapeText(column.cell(row));
      const tone = column.tone?.(row);
      const mark = (text: string): string => (style === undefined ? text : marked(text, tone, style));
      return fieldLines(headers[at] ?? '', value, { label, terminalWidth, mark, breaks: column.breaks });
    });
    return index === 0 ? fields : ['', ...fields];
  });
  const cells = lines.map((line) => [line]);
  return renderLines({ lines: cells, widths: columnWidths(cells, drawing), drawing, gap: GAP });
}

interface FieldLook {
  /** Cells up to the values. */
  readonly label: number;
  readonly terminalWidth: number;
  readonly mark: (text: string) => string;
  readonly breaks: Breaks | undefined;
}

/** The value beside its header; below it if a word is too wide for that. */
function fieldLines(header: string, value: string, { label, terminalWidth, mark, breaks }: FieldLook): readonly string[] {
  const widest = widestPart(value, breaks);
  if (widest > terminalWidth - label && !isLogCommand(value)) {
    const indent = ' '.repeat(Math.min(SMALL_GAP, Math.max(terminalWidth - widest, 0)));
    return [header, ...wrapCell(value, terminalWidth - indent.length, '', breaks).map((part) => indent + mark(part))];
  }
  const blanks = (text: string): string => ' '.repeat(Math.max(label - cellsOf(text), 0));
  return wrapCell(value, Math.max(terminalWidth - label, 1), '', breaks).map((part, index) => {
    const lead = index === 0 ? header : '';
    return `${lead}${blanks(lead)}${mark(part)}`;
  });
}
