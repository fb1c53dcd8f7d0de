import { lookUp } from '../../text/look-up.ts';
/** Objects of the API may hold anything: these read a field as what it should be, or not at all. */

/** The field of an object; undefined if `value` is no object. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? lookUp(value as Readonly<Record<string, unknown>>, name) : undefined;
}

/** Text as it is, a number or boolean as text (an unquoted `version: 1` is stored as a number); undefined for all else. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Those fields of an object that are text. */
export function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  const pairs = Object.entries(value).map(([key, entry]): [string, string | undefined] => [key, textOf(entry)]);
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined));
}
