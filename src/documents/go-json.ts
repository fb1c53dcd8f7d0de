import { lookUp } from '../text/look-up.ts';
import { Secret } from '../text/secret.ts';
import { DecodeError } from './decode-error.ts';
import { decodeBase64 } from './go-base64.ts';

/** Where a value stands, in the words of Go's decoder: the struct's name and the path of keys from the root. */
interface FieldPath {
  readonly struct: string;
  readonly path: string;
}

/** Reads one value; undefined stands for Go's zero value, so that "absent", `null`, `''` and `false` are one thing. */
export interface Decoder<T> {
  readonly typeName: string;
  readonly decode: (value: unknown, place: FieldPath) => T | undefined;
}

type Fields<T> = { readonly [K in keyof T]-?: Decoder<NonNullable<T[K]>> };

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value;
}

function mismatch(value: unknown, { struct, path }: FieldPath, typeName: string): DecodeError {
  const field = path === '' ? 'value' : `struct field ${struct}.${path}`;
  return new DecodeError(`json: cannot unmarshal ${kindOf(value)} into Go ${field} of type ${typeName}`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A string; `typeName` differs for Go's named string types. */
export function text(typeName = 'string'): Decoder<string> {
  return {
    typeName,
    decode(value, place) {
      if (value === null || value === undefined) return undefined;
      if (typeof value !== 'string') throw mismatch(value, place, typeName);
      return value === '' ? undefined : value;
    },
  };
}

export const flag: Decoder<boolean> = {
  typeName: 'bool',
  decode(value, place) {
    if (value === null || value === undefined) return undefined;
    if (typeof value !== 'boolean') throw mismatch(value, place, 'bool');
    return value || undefined;
  },
};

/** Anything, kept as it is. */
export const raw: Decoder<NonNullable<unknown>> = { typeName: 'runtime.RawExtension', decode: (value) => value ?? undefined };

export const bytes: Decoder<Buffer> = {
  typeName: '[]uint8',
  decode(value, place) {
    if (value === null || value === undefined || value === '') return undefined;
    if (typeof value !== 'string') throw mismatch(value, place, '[]uint8');
    return decodeBase64(value);
  },
};

/** What `of` reads, as a secret. */
export function secret<T>(of: Decoder<T>): Decoder<Secret<T>> {
  return {
    typeName: of.typeName,
    decode(value, place) {
      const decoded = of.decode(value, place);
      return decoded === undefined ? undefined : new Secret(decoded);
    },
  };
}

/** A list; `empty` makes the element of a `null`. */
export function list<T>(of: Decoder<T>, empty: T): Decoder<readonly T[]> {
  const typeName = `[]${of.typeName}`;
  return {
    typeName,
    decode(value, place) {
      if (value === null || value === undefined) return undefined;
      if (!Array.isArray(value)) throw mismatch(value, place, typeName);
      return value.length === 0 ? undefined : value.map((element) => of.decode(element, place) ?? empty);
    },
  };
}

export function map<T>(of: Decoder<T>, empty: T): Decoder<Readonly<Record<string, T>>> {
  const typeName = `map[string]${of.typeName}`;
  return {
    typeName,
    decode(value, place) {
      if (value === null || value === undefined) return undefined;
      if (!isRecord(value)) throw mismatch(value, place, typeName);
      const entries = sortedEntries(value).map(([key, entry]) => [key, of.decode(entry, place) ?? empty] as const);
      return entries.length === 0 ? undefined : Object.fromEntries(entries);
    },
  };
}

/** A struct. Keys are case-sensitive and unknown ones ignored; absent fields stay absent. */
export function struct<T>(name: string, fields: Fields<T>, typeName = `v1.${name}`): Decoder<T> {
  const decodeField = (key: string, value: unknown, path: string): unknown =>
    lookUp<Decoder<unknown>>(fields, key)?.decode(value, { struct: name, path: path === '' ? key : `${path}.${key}` });
  return {
    typeName,
    decode(value, place) {
      if (value === null || value === undefined) return undefined;
      if (!isRecord(value)) throw mismatch(value, place, typeName);
      const decoded = sortedEntries(value).map(([key, field]) => [key, decodeField(key, field, place.path)] as const);
      return Object.fromEntries(decoded.filter(([, field]) => field !== undefined)) as T;
    },
  };
}

// kubectl turns YAML into JSON with sorted keys first: with several faults, the first in this order is the one reported.
function sortedEntries(value: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] {
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}
