import type { ObjectMeta } from '../domain/kubernetes/resource.ts';
import { lookUp } from '../text/look-up.ts';
import type { Column } from './table.ts';

export interface LabelOptions {
  /** Keys of `-L`, each a column. */
  readonly labelColumns: readonly string[];
  readonly showLabels: boolean;
}

/** The columns of `-L` and `--show-labels`, which come after all others. */
export function labelColumns<T>(metadataOf: (row: T) => ObjectMeta, options: LabelOptions): Column<T>[] {
  const columns: Column<T>[] = options.labelColumns.map((key) => ({
    header: key.slice(key.lastIndexOf('/') + 1).toUpperCase(),
    cell: (row) => labelOf(metadataOf(row), key),
  }));
  if (options.showLabels) columns.push({ header: 'LABELS', cell: (row) => labelList(metadataOf(row).labels) });
  return columns;
}

/** A label may be called `constructor`. */
function labelOf({ labels = {} }: ObjectMeta, key: string): string {
  return lookUp(labels, key) ?? '';
}

function labelList(labels: Readonly<Record<string, string>> = {}): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? '<none>' : pairs.sort().join(',');
}
