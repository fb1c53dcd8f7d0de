import { unsafeCharacters } from '../text/escape.ts';
import { rawNumber } from '../text/raw-json.ts';

// JSON.stringify leaves these raw inside strings, where a terminal would act on them or a reader would miss them.
const RAW = unsafeCharacters('<>&');

/** `\uXXXX` for each UTF-16 unit. */
function unicodeEscape(character: string): string {
  return character.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function scalarText(value: unknown): string {
  return rawNumber(value) ?? (JSON.stringify(value) ?? 'null').replace(RAW, unicodeEscape);
}

function wrapped(open: string, parts: readonly string[], close: string, indent: string): string {
  if (parts.length === 0) return open + close;
  return `${open}\n${indent}    ${parts.join(`,\n${indent}    `)}\n${indent}${close}`;
}

/**
 * JSON as kubectl prints it: four blanks, keys in order of their bytes, `<`, `>` and `&` escaped. `indent` is that of the line
 * the value begins on. Not `JSON.stringify`, which puts keys that look like numbers first.
 */
export function jsonText(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null || rawNumber(value) !== undefined) return scalarText(value);
  const inner = `${indent}    `;
  if (Array.isArray(value)) {
    const items = value.map((item) => jsonText(item, inner));
    return wrapped('[', items, ']', indent);
  }
  const fields = fieldsOf(value).map(([key, field]) => `${scalarText(key)}: ${jsonText(field, inner)}`);
  return wrapped('{', fields, '}', indent);
}

/** The same on one line, without blanks. */
export function jsonLine(value: unknown): string {
  if (typeof value !== 'object' || value === null || rawNumber(value) !== undefined) return scalarText(value);
  if (Array.isArray(value)) return `[${value.map(jsonLine).join()}]`;
  return `{${fieldsOf(value)
    .map(([key, field]) => `${scalarText(key)}:${jsonLine(field)}`)
    .join()}}`;
}

/** In the order of their bytes. */
function fieldsOf(value: object): [string, unknown][] {
  return Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
