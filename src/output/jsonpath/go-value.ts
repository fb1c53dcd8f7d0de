import { parseExactly, rawNumber } from '../../text/raw-json.ts';

// Values are what JSON.parse and parseExactly give, and three more that only Go tells apart. Undefined stands for reflect's zero Value.
const TYPE = Symbol('Go type');

/** A number that is not what JSON would read it as: a byte of a string, or a literal such as `1.0`. */
interface TypedNumber {
  readonly [TYPE]: 'uint8' | 'float64';
  readonly number: number;
}

export type GoKind = 'invalid' | 'nil' | 'bool' | 'int' | 'uint' | 'float' | 'string' | 'list' | 'map';

const TYPE_NAMES: Readonly<Record<GoKind, string>> = {
  invalid: 'invalid',
  nil: 'interface {}',
  bool: 'bool',
  int: 'int64',
  uint: 'uint8',
  float: 'float64',
  string: 'string',
  list: '[]interface {}',
  map: 'map[string]interface {}',
};

export function goByte(number: number): unknown {
  return { [TYPE]: 'uint8', number } satisfies TypedNumber;
}

export function goFloat(number: number): unknown {
  return { [TYPE]: 'float64', number } satisfies TypedNumber;
}

/** An integer of at most 64 bits as JSON's reader holds it. */
export function exactInteger(integer: bigint): unknown {
  const [value] = parseExactly(`[${integer}]`) as readonly unknown[];
  return value;
}

function isTyped(value: object): value is TypedNumber {
  return TYPE in value;
}

/** What Go would hold the value as, when its decoder for Kubernetes read it: integers of 64 bits, else floating point. */
export function kindOf(value: unknown): GoKind {
  switch (typeof value) {
    case 'undefined':
      return 'invalid';
    case 'boolean':
      return 'bool';
    case 'string':
      return 'string';
    case 'number':
      return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? 'int' : 'float';
    default:
      return objectKind(value);
  }
}

function objectKind(value: unknown): GoKind {
  if (value === null || typeof value !== 'object') return 'nil';
  if (Array.isArray(value)) return 'list';
  if (isTyped(value)) return value[TYPE] === 'uint8' ? 'uint' : 'float';
  return rawNumber(value) === undefined ? 'map' : 'int';
}

/** As `%T` names it. */
export function typeName(value: unknown): string {
  return TYPE_NAMES[kindOf(value)];
}

/** The number of a `float`, `uint` or of an `int` that JavaScript can hold. */
export function numberOf(value: unknown): number {
  return typeof value === 'object' && value !== null && isTyped(value) ? value.number : Number(rawNumber(value) ?? value);
}

/** The number of an `int` or `uint` with all its digits. */
export function integerOf(value: unknown): bigint {
  return BigInt(rawNumber(value) ?? numberOf(value));
}

/** Entries of a map in the order of their keys' bytes. Go's own order is that of chance where it does not sort. */
export function entriesOf(map: unknown): readonly (readonly [string, unknown])[] {
  return Object.entries(map as object).sort(([a], [b]) => compareBytes(a, b));
}

/** Orders texts by their UTF-8, as Go does. JavaScript's own order differs beyond U+FFFF. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  const at = firstDifference(a, b);
  const [first, second] = [a.codePointAt(at) ?? -1, b.codePointAt(at) ?? -1];
  return first < second ? -1 : 1;
}

/** Where two texts differ first, at the start of a character. */
function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const before = a.charCodeAt(at - 1);
  return before >= 0xd800 && before < 0xdc00 ? at - 1 : at;
}
