import type { Random } from './random.ts';

/** Neither a text nor a number can be made of it, which JavaScript does without being asked. */
const NO_PRIMITIVE: unknown = JSON.parse('{"toString":7,"valueOf":7,"__proto__":7,"length":-1}');

const WRONG: readonly unknown[] = [
  NO_PRIMITIVE,
  [NO_PRIMITIVE],
  { a: NO_PRIMITIVE },
  ...[null, 0, -1, 1e308, 0.5, true, false],
  ...['', 'x', '9'.repeat(400), '1e999', '100Gi', '2026-13-45T99:00:00Z', '__proto__', 'constructor', '\u001b[31m', '::error::', '\u202e'],
  ...[[], [null], [[]], ['x'], [7], [{}], {}, { name: 7 }, [{ name: null }], [{ type: 7, status: {} }]],
];

/** The value with some of its fields gone, repeated, or of another type: as no server sends it that means well. */
export function misshapen(value: unknown, source: Random, times: number): unknown {
  const copy: unknown = structuredClone(value);
  for (let time = 0; time < times; time++) misshape(copy, source);
  return copy;
}

type Fields = Record<string, unknown>;

function misshape(value: unknown, { pick, below }: Random): void {
  const places = placesIn(value);
  if (places.length === 0) return;
  const { of, name } = pick(places);
  const how = below(10);
  if (how === 0) delete of[name];
  else if (how === 1 && Array.isArray(of)) of.push(of[Number(name)]);
  else of[name] = structuredClone(pick(WRONG));
}

interface Place {
  readonly of: Fields;
  readonly name: string;
}

function placesIn(value: unknown): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => [{ of: value as Fields, name }, ...placesIn(field)]);
}
