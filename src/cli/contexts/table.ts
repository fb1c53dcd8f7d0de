import { type Column, renderTable, type Table, type TableOptions, type View } from '../../output/table.ts';

interface RowOfContext<T> {
  readonly context: string;
  readonly row: T;
}

/** The tables of several contexts as one, with the context in the first column. */
export async function renderContexts<T>(
  tables: readonly { readonly context: string; readonly table: Table<T> }[],
  options: TableOptions,
): Promise<string> {
  const rows = tables.flatMap(({ context, table }) => table.rows.map((row) => ({ context, row })));
  const [first] = tables;
  if (first === undefined) return '';
  const view = first.table.viewOf(rows.map(({ row }) => row));
  return [...(await renderTable(viewOfContexts(view), rows, options))].join('');
}

function viewOfContexts<T>({ columns, narrow }: View<T>): View<RowOfContext<T>> {
  return { columns: withContext(columns), ...(narrow && { narrow: withContext(narrow) }) };
}

function withContext<T>(columns: readonly Column<T>[]): readonly Column<RowOfContext<T>>[] {
  return [{ header: 'CONTEXT', cell: ({ context }) => context }, ...columns.map(ofRow)];
}

function ofRow<T>({ cell, fit: shorter, tone, ...rest }: Column<T>): Column<RowOfContext<T>> {
  return {
    ...rest,
    cell: ({ row }) => cell(row),
    ...(shorter && { fit: ({ row }: RowOfContext<T>, width: number) => shorter(row, width) }),
    ...(tone && { tone: ({ row }: RowOfContext<T>) => tone(row) }),
  };
}
