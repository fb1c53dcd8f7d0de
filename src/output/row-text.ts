import { escapeText } from '../text/escape.ts';
import type { Style } from './style.ts';
import type { Column, Tone } from './table.ts';

/** The header of each column, which may hold a label's key. */
export function headersOf<T>(columns: readonly Column<T>[]): readonly string[] {
  return columns.map(({ header }) => escapeText(header));
}

/** The cells of each row, marked. Done when all is measured: marks are escapes, and take no room. */
export function markTones<T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  cells: readonly (readonly string[])[],
  style: Style | undefined,
): readonly (readonly string[])[] {
  if (style === undefined || !columns.some(({ tone }) => tone !== undefined)) return cells;
  return cells.map((line, index) => line.map((cell, at) => marked(cell, columns[at]?.tone?.(rows[index] as T), style)));
}

/** A cell with its tone. */
export function marked(cell: string, tone: Tone | undefined, { green, red, yellow }: Style): string {
  return tone === undefined ? cell : { good: green, bad: red, doubtful: yellow }[tone](cell);
}
