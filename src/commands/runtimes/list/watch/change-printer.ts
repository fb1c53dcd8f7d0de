import type { Context } from '../../../../command/context.ts';
import { kindName } from '../../../../domain/kubernetes/resource.ts';
import { createGrowingTable, type GrowingTableOptions } from '../../../../output/growing-table.ts';
import { jsonLine, jsonText } from '../../../../output/json.ts';
import type { TemplateOutput } from '../../../../output/jsonpath/output.ts';
import type { Column } from '../../../../output/table.ts';
import type { Change } from '../../../../queries/watch/seen.ts';
import { escapeText } from '../../../../text/escape.ts';
import type { ListRequest } from '../request.ts';
import { type RuntimeRow, runtimesView } from '../view.ts';

/** A runtime, and what happened to it. */
interface ChangedRow extends Pick<Change, 'type' | 'isUnknown'> {
  readonly row: RuntimeRow;
}

/** Writes changes as they come; resolves when there is room for more. */
export type ChangePrinter = (changes: readonly ChangedRow[]) => Promise<void>;

type ToText = (changes: readonly ChangedRow[]) => Promise<string>;

/** Writes as kubectl does, in the format of the request. `first` are the rows that the list has: they decide which columns there are. */
export async function changePrinter(
  { streams, style, now }: Pick<Context, 'streams' | 'style' | 'now'>,
  request: ListRequest,
  first: readonly RuntimeRow[],
): Promise<ChangePrinter> {
  const { out } = streams;
  const look = { headers: request.headers, terminalWidth: () => (out.isTTY ? out.columns : undefined), style };
  const { format, template } = request;
  const isTable = format === 'table' || format === 'wide';
  const toText = isTable ? table(request, first, now, look) : await textOf(request, template, look);
  let isFirst = true;
  return async (changes) => {
    const text = await toText(changes);
    // What comes next may be hours away: nothing would tell until then that nobody reads.
    if (isFirst && out.writeBeforePause !== undefined) await out.writeBeforePause(text);
    else out.write(text);
    isFirst = false;
    await out.flushed?.();
  };
}

async function textOf(request: ListRequest, template: TemplateOutput | undefined, look: GrowingTableOptions): Promise<ToText> {
  const showsEvents = request.watch?.showsEvents === true;
  const shown = ({ type, row: { object } }: ChangedRow) => (showsEvents ? { object, type } : object);
  if (template?.kind === 'columns') return ownColumns(template, shown, look);
  if (template !== undefined) {
    const { templateText } = await import('../../../../output/jsonpath/output.ts');
    const options = { headers: look.headers, allowMissingKeys: request.allowMissingKeys, isTerminal: look.terminalWidth() !== undefined };
    return each((change) => templateText(template, shown(change), options).join(''));
  }
  switch (request.format) {
    case 'json':
      return each(({ type, row }) => (showsEvents ? `{"type":"${type}","object":${jsonLine(row.object)}}\n` : `${jsonText(row.object)}\n`));
    case 'yaml': {
      const { yamlText } = await import('../../../../output/yaml.ts');
      let separator = '';
      return each((change) => {
        const text = `${separator}${yamlText(shown(change))}`;
        separator = '---\n';
        return text;
      });
    }
    default:
      return each(({ row: { type, runtime } }) => `${escapeText(`${kindName(type)}/${runtime.name}`)}\n`);
  }
}

function each(toText: (change: ChangedRow) => string): ToText {
  return async (changes) => changes.map(toText).join('');
}

/** As kubectl, with events the paths start at the event: `.type` and `.object`. */
async function ownColumns(
  { columns }: Extract<TemplateOutput, { kind: 'columns' }>,
  shown: (change: ChangedRow) => unknown,
  look: GrowingTableOptions,
): Promise<ToText> {
  const [{ cellsOfObjects }, { asUsage }] = await Promise.all([
    import('../../../../output/jsonpath/custom-columns.ts'),
    import('../../../../output/jsonpath/as-usage.ts'),
  ]);
  const cellsOf = cellsOfObjects(columns);
  // Shortened or left out they would not be what was asked for.
  const draw = createGrowingTable<readonly string[]>({ ...look, terminalWidth: () => undefined });
  const drawn = columns.map(({ header }, index): Column<readonly string[]> => ({ header, cell: (cells) => cells[index] ?? '' }));
  return (changes) =>
    draw(
      drawn,
      changes.map((change) => asUsage(() => cellsOf(shown(change)))),
    );
}

function table(request: ListRequest, first: readonly RuntimeRow[], now: () => Date, look: GrowingTableOptions): ToText {
  const draw = createGrowingTable<ChangedRow>(look);
  // One row decides which columns there are: not all are kept for it.
  const telling = first.filter(({ runtime }) => runtime.displayName !== undefined).slice(0, 1);
  const columns = () => runtimesView(telling, request, now()).columns.map(ofChange);
  return (changes) => draw([...(request.watch?.showsEvents === true ? [EVENT] : []), ...columns()], changes);
}

/** As wide as the longest, whatever comes. */
const EVENT: Column<ChangedRow> = { header: 'EVENT', cell: ({ type }) => type.padEnd('MODIFIED'.length) };

/** What is known of an object of which nothing but its name is. */
const KNOWN: ReadonlySet<string> = new Set(['NAMESPACE', 'NAME', 'SCOPE']);

function ofChange(column: Column<RuntimeRow>): Column<ChangedRow> {
  const { header, fit: shorten, tone, spare } = column;
  const known = <A extends unknown[], T>(of: (row: RuntimeRow, ...rest: A) => T, otherwise: T) => {
    return ({ row, isUnknown }: ChangedRow, ...rest: A): T => (isUnknown && !KNOWN.has(header) ? otherwise : of(row, ...rest));
  };
  // A column that tells nothing yet may tell something later: that a runtime is disabled.
  const isSpare = spare === 'last' || header === 'SCOPE';
  return {
    header,
    cell: known(column.cell, '<unknown>'),
    ...(isSpare && spare && { spare }),
    ...(shorten && { fit: known(shorten, '<unknown>') }),
    ...(tone && { tone: known(tone, undefined) }),
  };
}
