import { compareBytes, type GoKind, integerOf, kindOf, numberOf } from './go-value.ts';
import { TemplateError } from './node.ts';

/** What can be compared with what: `int` and `uint` are one kind. */
type Comparable = 'bool' | 'integer' | 'float' | 'string';

const COMPARABLE: ReadonlyMap<GoKind, Comparable> = new Map([
  ['bool', 'bool'],
  ['int', 'integer'],
  ['uint', 'integer'],
  ['float', 'float'],
  ['string', 'string'],
]);

const OPERATORS: ReadonlyMap<string, (left: unknown, right: unknown) => boolean> = new Map([
  ['==', isEqual],
  ['!=', (left, right) => !isEqual(left, right)],
  ['<', isLess],
  ['<=', isAtMost],
  ['>', (left, right) => !isAtMost(left, right)],
  ['>=', (left, right) => !isLess(left, right)],
]);

/**
 * Compares as filters do: values of one kind only, and an integer is none of the kind of `1.0`.
 * https://github.com/kubernetes/client-go/blob/master/third_party/forked/golang/template/funcs.go
 * @throws TemplateError
 */
export function compare(left: unknown, operator: string, right: unknown): boolean {
  const holds = OPERATORS.get(operator);
  if (holds === undefined) throw new TemplateError(`unrecognized filter operator ${operator}`);
  return holds(left, right);
}

function isEqual(left: unknown, right: unknown): boolean {
  return commonKind(left, right) === 'bool' ? left === right : order(left, right) === 0;
}

function isLess(left: unknown, right: unknown): boolean {
  if (commonKind(left, right) === 'bool') throw new TemplateError('invalid type for comparison');
  return order(left, right) < 0;
}

function isAtMost(left: unknown, right: unknown): boolean {
  return isLess(left, right) || isEqual(left, right);
}

function commonKind(left: unknown, right: unknown): Comparable {
  const [first, second] = [COMPARABLE.get(kindOf(left)), COMPARABLE.get(kindOf(right))];
  if (first === undefined || second === undefined) throw new TemplateError('invalid type for comparison');
  if (first !== second) throw new TemplateError('incompatible types for comparison');
  return first;
}

/** Below, at or above zero. Of values of one kind. */
function order(left: unknown, right: unknown): number {
  switch (commonKind(left, right)) {
    case 'string':
      return compareBytes(String(left), String(right));
    case 'float':
      return numberOf(left) - numberOf(right);
    default: {
      const difference = integerOf(left) - integerOf(right);
      return difference === 0n ? 0 : difference < 0n ? -1 : 1;
    }
  }
}
