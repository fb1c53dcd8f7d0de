import { type KubeObject, kindName, type ResourceType } from '../domain/kubernetes/resource.ts';
import { escapeText } from '../text/escape.ts';
import type { TemplateOutput } from './jsonpath/output.ts';
import { reportText } from './report.ts';
import { jsonList, type ListError, listDocument, yamlList } from './structured.ts';
import type { Style } from './style.ts';
import type { View } from './table.ts';

/** What `-o` may be; `table` is its absence. */
const OUTPUT_FORMATS = ['json', 'name', 'wide', 'yaml'] as const;
export type OutputFormat = 'table' | (typeof OUTPUT_FORMATS)[number];

/** `template`: whatever says what to show of a document. */
export type ListFormat = OutputFormat | 'template';

/** True if the format is data for programs, with a place for `errors`. */
export function isStructured(format: ListFormat): boolean {
  return format === 'json' || format === 'yaml';
}

/** The format of a value of `-o` that the command line allowed. */
export function toOutputFormat(value: string | undefined): OutputFormat {
  return OUTPUT_FORMATS.find((format) => format === value) ?? 'table';
}

/** What a list command shows, before a format is chosen. */
export interface Listing<T> {
  readonly rows: readonly T[];
  readonly view: View<T>;
  readonly typeOf: (row: T) => ResourceType;
  readonly nameOf: (row: T) => string;
  /** The raw object; asked for in structured formats only. */
  readonly objectOf: (row: T) => KubeObject;
  readonly errors: readonly ListError[];
  /** One object was asked for: it is written as it is, if it was found. */
  readonly isSingle?: boolean;
}

export interface PrintOptions {
  readonly format: ListFormat;
  readonly headers: boolean;
  readonly terminalWidth?: number | undefined;
  /** Of the format `template`. */
  readonly template?: TemplateOutput | undefined;
  readonly allowMissingKeys?: boolean;
  /** Of tables: other formats are for programs. */
  readonly style?: Style | undefined;
}

/** Starts to load what draws a table on a terminal: called while answers are waited for. */
export function prepareToPrint({ format, terminalWidth }: Pick<PrintOptions, 'format' | 'terminalWidth'>): void {
  const isDrawn = (format === 'table' || format === 'wide') && terminalWidth !== undefined;
  // renderTable reports the failure.
  if (isDrawn) import('./drawn-table.ts').catch(() => undefined);
}

/** Writes a listing to `write`, in pieces. */
export async function printListing<T>(write: (text: string) => void, listing: Listing<T>, options: PrintOptions): Promise<void> {
  for (const text of buffered(await pieces(listing, options))) write(text);
}

async function pieces<T>(listing: Listing<T>, options: PrintOptions): Promise<Iterable<string>> {
  switch (options.format) {
    case 'json':
    case 'yaml':
      return structuredPieces(listing, options.format);
    case 'name':
      return nameLines(listing);
    case 'template':
      return templatePieces(listing, options);
    case 'table':
    case 'wide': {
      const { renderTable } = await import('./table.ts');
      return renderTable(listing.view, listing.rows, options);
    }
  }
}

async function templatePieces<T>(
  listing: Listing<T>,
  { template, headers, terminalWidth, allowMissingKeys }: PrintOptions,
): Promise<Iterable<string>> {
  if (template === undefined) return [];
  const { templateText } = await import('./jsonpath/output.ts');
  const isTerminal = terminalWidth !== undefined;
  return templateText(template, singleObject(listing) ?? listDocument(toObjectList(listing)), {
    headers,
    allowMissingKeys: allowMissingKeys ?? true,
    isTerminal,
  });
}

async function structuredPieces<T>(listing: Listing<T>, format: 'json' | 'yaml'): Promise<Iterable<string>> {
  const single = singleObject(listing);
  if (single !== undefined) return [await reportText(single, format)];
  return format === 'json' ? jsonList(toObjectList(listing)) : await yamlList(toObjectList(listing));
}

function singleObject<T>({ isSingle, rows, objectOf }: Listing<T>): KubeObject | undefined {
  const [row] = rows;
  return isSingle && row !== undefined ? objectOf(row) : undefined;
}

function toObjectList<T>(listing: Listing<T>): { items: KubeObject[]; errors: readonly ListError[] } {
  return { items: listing.rows.map(listing.objectOf), errors: listing.errors };
}

function* nameLines<T>(listing: Listing<T>): Generator<string> {
  for (const row of listing.rows) {
    yield `${escapeText(`${kindName(listing.typeOf(row))}/${listing.nameOf(row)}`)}\n`;
  }
}

const CHUNK = 64 * 1024;

/** Joins small pieces, so that a long list is neither one string nor a system call a line. */
function* buffered(texts: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const text of texts) {
    chunk += text;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
