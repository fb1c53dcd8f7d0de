import { escapeText } from '../text/escape.ts';
import { columnWidths, type Drawing, drawingFor, GAP, type Lines, renderLines, SMALL_GAP, totalWidth } from './layout.ts';
import { headersOf, markTones } from './row-text.ts';
import { withoutSpare } from './spare-columns.ts';
import type { Style } from './style.ts';
import type { Column } from './table.ts';

export interface GrowingTableOptions {
  readonly headers: boolean;
  /** Of the terminal, which may change; undefined if the table goes to a file or a pipe. */
  readonly terminalWidth: () => number | undefined;
  readonly style: Style | undefined;
}

/** Draws rows that come one after the other. The columns are as many each time. */
export type GrowingTable<T> = (columns: readonly Column<T>[], rows: readonly T[]) => Promise<string>;

/** How rows are laid out, from the one that loses nothing on: none is returned to. */
const PLANS = [
  { gap: GAP, shortens: false, spares: undefined },
  { gap: SMALL_GAP, shortens: false, spares: undefined },
  { gap: SMALL_GAP, shortens: true, spares: undefined },
  { gap: SMALL_GAP, shortens: true, spares: 1 },
  { gap: SMALL_GAP, shortens: true, spares: 2 },
] as const;
type Plan = (typeof PLANS)[number];

/** What has been drawn so far. */
interface Drawn {
  readonly plan: Plan;
  readonly widths: readonly number[];
  /** Columns of the last header; 0 before the first. */
  readonly headed: number;
}

/**
 * A table whose end nobody knows, as kubectl draws it: the header comes with the first row, and columns are as wide as the widest cell so far, for what
 * has been written stays. On a terminal rows that do not fit are laid out closer, and if nothing helps as records.
 * https://github.com/liggitt/tabwriter (RememberWidths)
 */
export function createGrowingTable<T>({ headers, terminalWidth, style }: GrowingTableOptions): GrowingTable<T> {
  let drawn: Drawn = { plan: PLANS[0], widths: [], headed: 0 };
  return async (columns, rows) => {
    if (rows.length === 0) return '';
    const room = terminalWidth();
    const drawing = await drawingFor(cellsOf(columns, rows), room);
    for (const plan of PLANS.slice(PLANS.indexOf(drawn.plan))) {
      const laidOut = layOut({ columns, rows, headers, drawing, room, plan, drawn });
      if (laidOut === undefined) continue;
      const { lines, cells, kept } = laidOut;
      drawn = { plan, widths: laidOut.widths, headed: kept.length };
      return [
        ...renderLines({ lines: [...lines, ...markTones(kept, rows, cells, style)], widths: drawn.widths, drawing, gap: plan.gap }),
      ].join('');
    }
    const { renderNarrow } = await import('./narrow-table.ts');
    return `${[...renderNarrow({ view: { columns }, rows, drawing, headers, terminalWidth: room ?? 0, style })].join('')}\n`;
  };
}

function cellsOf<T>(columns: readonly Column<T>[], rows: readonly T[]): string[][] {
  return rows.map((row) => columns.map((column) => escapeText(column.cell(row))));
}

interface Rows<T> {
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly headers: boolean;
  readonly drawing: Drawing;
  readonly room: number | undefined;
  readonly plan: Plan;
  readonly drawn: Drawn;
}

interface LaidOut<T> {
  readonly kept: readonly Column<T>[];
  /** The header, if it is new. */
  readonly lines: Lines;
  readonly cells: Lines;
  readonly widths: readonly number[];
}

/** Undefined if the rows do not fit in this way. */
function layOut<T>({ columns, rows, headers, drawing, room, plan, drawn }: Rows<T>): LaidOut<T> | undefined {
  const kept = plan.spares === undefined ? columns : withoutSpare(columns, plan.spares);
  const lines = headers && drawn.headed !== kept.length ? [headersOf(kept)] : [];
  const cells = cellsOf(kept, rows);
  const before = drawn.plan === plan ? drawn.widths : [];
  const measured = (remembered: readonly number[]) =>
    columnWidths([...lines, ...cells], drawing).map((width, index) => Math.max(width, remembered[index] ?? 0));
  const fits = (widths: readonly number[]) => room === undefined || totalWidth(widths, plan.gap) <= room;
  const natural = measured(before);
  if (fits(natural)) return { kept, lines, cells, widths: natural };
  if (!plan.shortens || room === undefined) return undefined;
  // What can be shortened may also become narrower than it was.
  const least = kept.map(({ fit, header }, index) => (fit === undefined ? (before[index] ?? 0) : header.length));
  const shortening = { rows, cells, measured: () => measured(least), room, gap: plan.gap };
  for (const [index, column] of kept.entries()) shortenColumn(column, index, shortening);
  const widths = measured(least);
  return fits(widths) ? { kept, lines, cells, widths } : undefined;
}

interface Shortening<T> {
  readonly rows: readonly T[];
  readonly cells: string[][];
  readonly measured: () => readonly number[];
  readonly room: number;
  readonly gap: number;
}

function shortenColumn<T>({ fit: shorten, header }: Column<T>, index: number, { rows, cells, measured, room, gap }: Shortening<T>): void {
  const widths = measured();
  const excess = totalWidth(widths, gap) - room;
  if (shorten === undefined || excess <= 0) return;
  const most = Math.max((widths[index] ?? 0) - excess, header.length);
  rows.forEach((row, line) => {
    const texts = cells[line];
    if (texts !== undefined) texts[index] = escapeText(shorten(row, most));
  });
}
