import { parseQuantity } from '../../domain/kubernetes/quantity.ts';
import { goQuote } from '../../text/go-quote.ts';
import { compareBytes, integerOf, kindOf, numberOf, typeName } from './go-value.ts';
import { TemplateError } from './node.ts';
import { evaluationOf, type Template } from './template.ts';

/** Go's sort.Sort takes insertion sort up to here: https://github.com/golang/go/blob/master/src/sort/zsortinterface.go */
const MOST_INSERTED = 12;

interface Keyed<T> {
  readonly item: T;
  /** Absent: the object has no such field. */
  readonly key: readonly [value: unknown] | undefined;
}

/**
 * Sorts by a field as `kubectl get --sort-by`: objects without it first; quantities by what they amount to. Objects that are equal stay as they are.
 * https://github.com/kubernetes/kubectl/blob/master/pkg/cmd/get/sorter.go
 * @throws TemplateError if no object has the field, or values cannot be compared
 */
export function sortedBy<T>(items: readonly T[], path: Template, objectOf: (item: T) => unknown): readonly T[] {
  const evaluation = evaluationOf(path, true);
  const keyed = items.map((item): Keyed<T> => ({ item, key: firstValue(evaluation.find(objectOf(item))) }));
  if (keyed.length > 0 && keyed.every(({ key }) => key === undefined)) {
    throw new TemplateError(`couldn't find any field with path ${goQuote(path.text)} in the list of objects`);
  }
  const sorted = keyed.length <= MOST_INSERTED ? inserted(keyed) : keyed.toSorted(compareKeys);
  return sorted.map(({ item }) => item);
}

function firstValue(groups: readonly { readonly values: readonly unknown[] }[]): readonly [unknown] | undefined {
  const values = groups[0]?.values ?? [];
  return values.length === 0 ? undefined : [values[0]];
}

/** Not a stable sort: of two objects without the field the second comes first. */
function inserted<T>(keyed: readonly Keyed<T>[]): readonly Keyed<T>[] {
  const sorted = [...keyed];
  for (let index = 1; index < sorted.length; index += 1) {
    for (let at = index; at > 0 && goesBefore(sorted[at] as Keyed<T>, sorted[at - 1] as Keyed<T>); at -= 1) {
      [sorted[at - 1], sorted[at]] = [sorted[at] as Keyed<T>, sorted[at - 1] as Keyed<T>];
    }
  }
  return sorted;
}

function goesBefore<T>(a: Keyed<T>, b: Keyed<T>): boolean {
  return a.key === undefined || compareKeys(a, b) < 0;
}

function compareKeys<T>({ key: a }: Keyed<T>, { key: b }: Keyed<T>): number {
  if (a !== undefined && b !== undefined) return compareValues(a[0], b[0]);
  return Number(a !== undefined) - Number(b !== undefined);
}

function compareValues(a: unknown, b: unknown): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  switch (kindOf(a)) {
    case 'string':
      return compareTexts(String(a), String(sameKind(a, b)));
    case 'int':
    case 'uint':
      return Number(integerOf(a) - integerOf(sameKind(a, b)));
    case 'float':
      return numberOf(a) - numberOf(sameKind(a, b));
    default:
      throw new TemplateError(`unsortable type: ${typeName(a)}`);
  }
}

function sameKind(a: unknown, b: unknown): unknown {
  if (kindOf(a) === kindOf(b)) return b;
  throw new TemplateError(`unsortable types: ${typeName(a)} and ${typeName(b)}`);
}

function compareTexts(a: string, b: string): number {
  const [first, second] = [parseQuantity(a), parseQuantity(b)];
  return first === undefined || second === undefined ? compareBytes(a, b) : first - second;
}
