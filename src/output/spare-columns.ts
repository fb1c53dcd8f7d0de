import type { Column } from './table.ts';

/** Without the columns that tell nothing here, and without as many of those that are better missing than shown as records, from the right. */
export function withoutSpare<T>(columns: readonly Column<T>[], count: number): readonly Column<T>[] {
  const last = columns.filter(({ spare }) => spare === 'last');
  const left = new Set(last.slice(0, Math.max(last.length - count, 0)));
  return columns.filter((column) => column.spare === undefined || left.has(column));
}

export function countSpare<T>(columns: readonly Column<T>[]): number {
  return columns.filter(({ spare }) => spare === 'last').length;
}
