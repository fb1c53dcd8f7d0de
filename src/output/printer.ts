import type { KubeObject } from '../domain/resource.ts';
import { type ObjectMeta, type ResourceType, resourceName } from '../domain/resource.ts';
import { UsageError } from '../errors.ts';
import { escapeText } from './escape.ts';
import { jsonList, type ListError, yamlList } from './structured.ts';
import type { View } from './table.ts';

/** What `-o` may be; `table` is its absence. */
export const OUTPUT_FORMATS = ['json', 'name', 'wide', 'yaml'] as const;
export type OutputFormat = 'table' | (typeof OUTPUT_FORMATS)[number];

/** True if the format is data for programs, with a place for `errors`. */
export function isStructured(format: OutputFormat): boolean {
  return format === 'json' || format === 'yaml';
}

/** Reads `-o`; an empty value means none was given. @throws UsageError in kubectl's words */
export function parseOutputFormat(text: string | undefined): OutputFormat {
  if (text === undefined || text === '') return 'table';
  const format = OUTPUT_FORMATS.find((known) => known === text);
  if (format !== undefined) return format;
  throw new UsageError(
    `unable to match a printer suitable for the output format ${JSON.stringify(text)}, allowed formats are: ${OUTPUT_FORMATS.join(',')}`,
  );
}

/** What a list command shows, before a format is chosen. */
export interface Listing<T> {
  readonly rows: readonly T[];
  readonly view: View<T>;
  readonly typeOf: (row: T) => ResourceType;
  readonly metadataOf: (row: T) => ObjectMeta;
  /** The raw object; asked for in structured formats only. */
  readonly objectOf: (row: T) => KubeObject;
  readonly errors: readonly ListError[];
}

export interface PrintOptions {
  readonly format: OutputFormat;
  readonly headers: boolean;
  readonly terminalWidth?: number | undefined;
}

/** Writes a listing to `write`, in pieces. */
export async function printListing<T>(write: (text: string) => void, listing: Listing<T>, options: PrintOptions): Promise<void> {
  for (const text of buffered(await pieces(listing, options))) write(text);
}

async function pieces<T>(listing: Listing<T>, options: PrintOptions): Promise<Iterable<string>> {
  switch (options.format) {
    case 'json':
      return jsonList(toObjectList(listing));
    case 'yaml':
      return await yamlList(toObjectList(listing));
    case 'name':
      return nameLines(listing);
    case 'table':
    case 'wide': {
      const { renderTable } = await import('./table.ts');
      return renderTable(listing.view, listing.rows, options);
    }
  }
}

function toObjectList<T>(listing: Listing<T>): { items: KubeObject[]; errors: readonly ListError[] } {
  return { items: listing.rows.map(listing.objectOf), errors: listing.errors };
}

function* nameLines<T>(listing: Listing<T>): Generator<string> {
  for (const row of listing.rows) {
    const type = listing.typeOf(row);
    const kind = resourceName({ plural: type.kind.toLowerCase(), group: type.group });
    yield `${escapeText(`${kind}/${listing.metadataOf(row).name ?? ''}`)}\n`;
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
