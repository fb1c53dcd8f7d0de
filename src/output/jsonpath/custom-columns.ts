import { goQuote } from '../../text/go-quote.ts';
import { goText } from './go-text.ts';
import { TemplateError } from './node.ts';
import { relaxedPath } from './relaxed-path.ts';
import { tabulated } from './tabwriter.ts';
import { type Evaluation, evaluationOf, type Template } from './template.ts';

export interface CustomColumn {
  readonly header: string;
  readonly path: Template;
}

/** `NAME:.metadata.name,IMAGE:spec.containers[*].image`. A comma always ends a column. @throws TemplateError */
export function parseColumns(text: string): readonly CustomColumn[] {
  return text.split(',').map((part) => {
    const colon = part.indexOf(':');
    if (colon < 0) throw new TemplateError(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    return toColumn(part.slice(0, colon), part.slice(colon + 1));
  });
}

/** A line of headers, and below it a line of paths. @throws TemplateError */
export function parseColumnsFile(text: string): readonly CustomColumn[] {
  const [first = '', second] = text.split(/\r?\n/);
  if (text === '') throw new TemplateError(`invalid template, missing header line. ${EXPECTED}`);
  if (second === undefined || (second === '' && text.split('\n').length === 2))
    throw new TemplateError(`invalid template, missing spec line. ${EXPECTED}`);
  const [headers, paths] = [wordsOf(first), wordsOf(second)];
  if (headers.length !== paths.length) {
    throw new TemplateError(`number of headers (${headers.length}) and field specifications (${paths.length}) don't match`);
  }
  return headers.map((header, index) => toColumn(header, paths[index] ?? ''));
}

function toColumn(header: string, path: string): CustomColumn {
  return { header, path: named(header, () => relaxedPath(path)) };
}

/** What `make` returns; a fault says which column has it. */
function named<T>(header: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof TemplateError ? new TemplateError(`${error.message} (column ${goQuote(header)})`) : error;
  }
}

const EXPECTED = 'Expected format is one line of space separated headers, one line of space separated column specs.';

function wordsOf(line: string): readonly string[] {
  return line.split(/\s+/).filter((word) => word !== '');
}

export interface ColumnsOptions {
  readonly headers: boolean;
  /** What is done to data, but not to headers. */
  readonly escapeData: (text: string) => string;
}

/** A table as kubectl draws it, a line an object. @throws TemplateError */
export function renderColumns(columns: readonly CustomColumn[], objects: readonly unknown[], options: ColumnsOptions): Generator<string> {
  return tabulated(lines(columns, objects, options));
}

function* lines(columns: readonly CustomColumn[], objects: readonly unknown[], { headers, escapeData }: ColumnsOptions): Generator<string> {
  if (headers) yield `${columns.map(({ header }) => header).join('\t')}\n`;
  const cellsOf = cellsOfObjects(columns, escapeData);
  for (const object of objects) yield `${cellsOf(object).join('\t')}\n`;
}

/** The cells of one object after the other, for a table that may have no end. @throws TemplateError */
export function cellsOfObjects(
  columns: readonly CustomColumn[],
  escapeData = (text: string) => text,
): (object: unknown) => readonly string[] {
  const evaluations = columns.map(({ header, path }) => ({ header, evaluation: evaluationOf(path, true) }));
  return (object) => evaluations.map(({ header, evaluation }) => named(header, () => cellOf(evaluation, object, escapeData)));
}

function cellOf(evaluation: Evaluation, object: unknown, escapeData: (text: string) => string): string {
  const groups = evaluation.find(object);
  const texts = groups.flatMap(({ values }) => values.map((value) => escapeData(safeForTerminal(goText(value)))));
  const isEmpty = (groups[0]?.values.length ?? 0) === 0;
  return [...(isEmpty ? ['<none>'] : []), ...texts].join();
}

/** What kubectl itself escapes, also in a pipe: https://github.com/kubernetes/cli-runtime/blob/master/pkg/printers/terminal.go */
function safeForTerminal(text: string): string {
  return text.replaceAll('\u001b', '^[').replaceAll('\r', '\\r');
}
