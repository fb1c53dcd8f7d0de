import type { ScalarLayout } from 'js-yaml';
import { isNumberElsewhere } from '../text/yaml-number.ts';
import { DecodeError } from './decode-error.ts';
import { parsePlainYaml } from './plain-yaml.ts';

export type Yaml = typeof import('js-yaml');

const INTEGER = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const SPECIAL_FLOAT = /^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/;

function parseNumber(text: string): number {
  const [, sign, digits] = /^([-+]?)(.*)$/s.exec(text) ?? ['', '', text];
  const magnitude = /^0[0-7]+$/.test(digits ?? '') ? Number.parseInt(digits ?? '', 8) : Number(digits);
  return sign === '-' ? -magnitude : magnitude;
}

/** An integer that no double holds, as it is. */
function parseExactInteger(text: string): number | bigint {
  const number = parseNumber(text);
  if (Number.isSafeInteger(number)) return number;
  const [, sign, digits = ''] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  const magnitude = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits.toLowerCase());
  return sign === '-' ? -magnitude : magnitude;
}

/**
 * YAML 1.1 as Go's yaml.v2 reads it: no base 60 (`12:30` is text), `0o17` is a number, and a date is text.
 * https://github.com/yaml/go-yaml/blob/v2.4.0/resolve.go
 */
export function goSchema(yaml: Yaml): InstanceType<Yaml['Schema']> {
  schema ??= makeSchema(yaml);
  return schema;
}

let schema: InstanceType<Yaml['Schema']> | undefined;

function makeSchema(yaml: Yaml, parseInteger: (text: string) => number | bigint = parseNumber): InstanceType<Yaml['Schema']> {
  const number = (pattern: RegExp, parse: (text: string) => number | bigint) => (source: string) => {
    const plain = source.replaceAll('_', '');
    return pattern.test(plain) ? parse(plain) : yaml.NOT_RESOLVED;
  };
  const integer = { ...yaml.intYaml11Tag, resolve: number(INTEGER, parseInteger) };
  const float = {
    ...yaml.floatYaml11Tag,
    resolve: (source: string, isExplicit: boolean, tag: string) =>
      SPECIAL_FLOAT.test(source) ? yaml.floatYaml11Tag.resolve(source, isExplicit, tag) : number(FLOAT, parseNumber)(source),
  };
  const date = { ...yaml.timestampTag, implicit: false, resolve: (source: string) => source };
  const binary = { ...yaml.binaryTag, resolve: (source: string) => decodedText(source) ?? yaml.NOT_RESOLVED };
  return yaml.YAML11_SCHEMA.withTags([integer, float, date, binary] as Parameters<typeof yaml.YAML11_SCHEMA.withTags>[0]);
}

/** Go has no type for bytes in JSON: `!!binary` becomes the text that it encodes. */
function decodedText(source: string): string | undefined {
  const base64 = source.replace(/\s/g, '');
  const isBase64 = base64.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(base64);
  return isBase64 ? Buffer.from(base64, 'base64').toString('utf8') : undefined;
}

interface Located {
  readonly reason?: string;
  readonly mark?: { readonly line: number };
}

function toDecodeError(cause: unknown): DecodeError {
  const { reason, mark } = cause as Located;
  const line = mark === undefined ? '' : `line ${mark.line + 1}: `;
  return new DecodeError(`yaml: ${line}${withoutQuotes(reason ?? 'cannot be read')}`);
}

/** A name of an alias or tag ends the parser's sentences: an unquoted password that starts with `*` or `!` reads as one. */
export function withoutQuotes(reason: string): string {
  return reason.replace(/(?: with| for)?(?: "| !<|: )[\s\S]*$/, '');
}

// As many as Go's yaml.v2 decodes before it looks at the share of aliases.
const MOST_VALUES = 400_000;

/** Whether aliases make more of a document than its text: what walks over all of it would not come to an end. */
export function hasExcessiveAliases(document: unknown): boolean {
  const open: unknown[] = [document];
  for (let count = 0; open.length > 0; count++) {
    if (count + open.length > MOST_VALUES) return true;
    const value = open.pop();
    if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) open.push(part);
  }
  return false;
}

/**
 * The first document of any YAML text, undefined if there is none. Throws a DecodeError.
 * @internal exported for the test that holds the plain reader to it
 */
export async function parseYaml(text: string): Promise<unknown> {
  return readFirst(text, goSchema);
}

async function readFirst(text: string, schemaOf: typeof goSchema): Promise<unknown> {
  const [yaml, { checkDirectives, firstDocument }] = await Promise.all([import('js-yaml'), import('./first-document.ts')]);
  const schema = schemaOf(yaml);
  checkDirectives(text);
  const document = loadFirst(yaml, text, schema, firstDocument);
  if (text.includes('*') && hasExcessiveAliases(document)) throw new DecodeError('yaml: document contains excessive aliasing');
  return document;
}

/** What follows the first document may be anything. */
function loadFirst(
  yaml: Yaml,
  text: string,
  schema: ReturnType<typeof goSchema>,
  firstDocument: (text: string) => string | undefined,
): unknown {
  try {
    return load(yaml, text, schema);
  } catch (cause) {
    const first = firstDocument(text);
    if (first === undefined) throw cause;
    return load(yaml, first, schema);
  }
}

function load(yaml: Yaml, text: string, schema: ReturnType<typeof goSchema>): unknown {
  try {
    return yaml.loadAll(text, { schema, json: true })[0];
  } catch (cause) {
    throw toDecodeError(cause);
  }
}

/**
 * Reads a YAML or JSON text that is to be written again with `formatYaml` or as JSON: integers beyond 2^53 become bigints in YAML, and all numbers of JSON
 * stay as they were written. Throws a DecodeError.
 */
export async function parseExactly(text: string): Promise<unknown> {
  const body = withoutMark(text);
  if (isJsonLike(body)) {
    try {
      return JSON.parse(body, keptNumber);
    } catch {
      // A flow mapping of YAML starts with a brace too.
    }
  }
  return readFirst(body, (yaml) => makeSchema(yaml, parseExactInteger));
}

/** https://github.com/tc39/proposal-json-parse-with-source, which the types of TypeScript do not know yet. */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

function keptNumber(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? rawJSON(context?.source ?? String(value)) : value;
}

/** What `parseExactly` gave, as JSON; a line break ends it. */
export function formatJson(value: unknown, indent: string): string {
  return `${JSON.stringify(value, (_name, field: unknown) => (typeof field === 'bigint' ? rawJSON(String(field)) : field), indent)}\n`;
}

/** Writes what a YAML 1.1 reader, such as kubectl, reads back as the same. */
export async function formatYaml(value: unknown): Promise<string> {
  const yaml = await import('js-yaml');
  const integer = {
    ...yaml.intYaml11Tag,
    identify: (data: unknown) => typeof data === 'bigint' || yaml.intYaml11Tag.identify(data),
  };
  const quoteNumberLike = (layout: ScalarLayout): void => {
    if (layout.style === yaml.SCALAR_STYLE.PLAIN && isNumberElsewhere(layout.node.value)) layout.style = yaml.SCALAR_STYLE.DOUBLE_QUOTED;
  };
  const scalarStyleRules = [...Object.values(yaml.DEFAULT_SCALAR_STYLE_RULES), quoteNumberLike];
  return yaml.dump(value, { schema: yaml.DUMP_SCHEMA.withTags(integer), noRefs: true, lineWidth: -1, scalarStyleRules });
}

/** Reads a YAML or JSON text; the YAML parser is loaded only for what is neither JSON nor plain. Throws a DecodeError. */
export async function parseDocument(text: string): Promise<unknown> {
  const body = withoutMark(text);
  if (!isJsonLike(body)) return parsePlainYaml(body) ?? parseYaml(body);
  try {
    return JSON.parse(body);
  } catch {
    // A flow mapping of YAML starts with a brace too.
    return parseYaml(body);
  }
}

function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function isJsonLike(text: string): boolean {
  return /^\s*\{/.test(text);
}
