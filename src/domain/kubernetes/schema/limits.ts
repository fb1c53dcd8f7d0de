import { isJsonObject, numberIn, type SchemaNode } from './schema-node.ts';
import { type FieldPath, fieldError, invalidValue, jsonText, pathText, type Violation } from './violation.ts';

/** Lengths, patterns, bounds and counts, in the words of kube-openapi: https://github.com/kubernetes/kube-openapi/blob/master/pkg/validation/errors/schema.go */
export function limitViolations(value: unknown, schema: SchemaNode, path: FieldPath): readonly Violation[] {
  if (typeof value === 'string') return textLimits(value, schema, path).slice(0, 1);
  if (typeof value === 'number') return numberLimits(value, schema, path);
  if (Array.isArray(value)) return listLimits(value, schema, path);
  return isJsonObject(value) ? objectLimits(Object.keys(value).length, schema, path) : [];
}

function inBody(path: FieldPath, rule: string): string {
  return `${pathText(path)} in body ${rule}`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function textLimits(text: string, { maxLength, minLength, pattern }: SchemaNode, path: FieldPath): readonly Violation[] {
  const [longest, shortest] = [numberIn(maxLength), numberIn(minLength)];
  const length = longest === undefined && shortest === undefined ? 0 : [...text].length;
  return [
    ...(longest !== undefined && length > longest ? [fieldError(path, 'Too long', `may not be more than ${plural(longest, 'byte')}`)] : []),
    ...(shortest !== undefined && length < shortest
      ? [invalidValue(path, text, inBody(path, `should be at least ${shortest} chars long`))]
      : []),
    ...(typeof pattern === 'string' && pattern !== '' && !matches(pattern, text)
      ? [invalidValue(path, text, inBody(path, `should match '${pattern}'`))]
      : []),
  ];
}

/** A pattern of Go's that JavaScript does not know refuses nothing. */
function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return true;
  }
}

function numberLimits(value: number, schema: SchemaNode, path: FieldPath): readonly Violation[] {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum, multipleOf } = schema;
  const factor = numberIn(multipleOf);
  const rules = [
    factor !== undefined && factor > 0 && !Number.isInteger(value / factor) ? `should be a multiple of ${factor}` : undefined,
    outside(value, numberIn(minimum), exclusiveMinimum === true, 'greater'),
    outside(value, numberIn(maximum), exclusiveMaximum === true, 'less'),
  ];
  return rules.flatMap((rule) => (rule === undefined ? [] : [invalidValue(path, value, inBody(path, rule))]));
}

function outside(value: number, bound: number | undefined, isExclusive: boolean, side: 'greater' | 'less'): string | undefined {
  if (bound === undefined || (value === bound && !isExclusive)) return undefined;
  const isInside = side === 'greater' ? value > bound : value < bound;
  return isInside ? undefined : `should be ${side} than ${isExclusive ? '' : 'or equal to '}${bound}`;
}

function listLimits(list: readonly unknown[], schema: SchemaNode, path: FieldPath): readonly Violation[] {
  const [least, most] = [numberIn(schema.minItems), numberIn(schema.maxItems)];
  const isRepeated = schema.uniqueItems === true && new Set(list.map(jsonText)).size < list.length;
  return [
    ...(least !== undefined && list.length < least
      ? [invalidValue(path, list.length, inBody(path, `should have at least ${least} items`))]
      : []),
    ...(most !== undefined && list.length > most ? [tooMany(path, list.length, most)] : []),
    ...(isRepeated ? [invalidValue(path, '', inBody(path, "shouldn't contain duplicates"))] : []),
  ];
}

function objectLimits(count: number, schema: SchemaNode, path: FieldPath): readonly Violation[] {
  const [least, most] = [numberIn(schema.minProperties), numberIn(schema.maxProperties)];
  return [
    ...(least !== undefined && count < least ? [invalidValue(path, count, inBody(path, `should have at least ${least} properties`))] : []),
    ...(most !== undefined && count > most ? [tooMany(path, count, most)] : []),
  ];
}

function tooMany(path: FieldPath, actual: number, most: number): Violation {
  return fieldError(path, `Too many: ${actual}`, `must have at most ${plural(most, 'item')}`);
}
