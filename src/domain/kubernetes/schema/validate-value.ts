import { limitViolations } from './limits.ts';
import {
  alternatives,
  fieldSchema,
  isJsonObject,
  isNullable,
  itemsOf,
  type JsonObject,
  type SchemaNode,
  textsIn,
  typesOf,
} from './schema-node.ts';
import { type FieldPath, fieldError, jsonText, pathText, requiredValue, type Violation, valueText } from './violation.ts';

/**
 * What the validator of the API server says of a value: types, required fields, enums, patterns, limits.
 * https://github.com/kubernetes/kube-openapi/tree/master/pkg/validation/validate
 */
export function schemaViolations(value: unknown, schema: SchemaNode, path: FieldPath = []): readonly Violation[] {
  const wrongType = typeViolations(value, schema, path);
  const own = [...wrongType, ...enumViolations(value, schema, path)];
  if (value === null) return own;
  return [
    ...own,
    // Of another type it fits none: the server says that as well.
    ...(wrongType.length > 0 ? [] : alternativeViolations(value, schema, path)),
    ...limitViolations(value, schema, path),
    ...(Array.isArray(value) ? itemViolations(value, schema, path) : []),
    ...(isJsonObject(value) ? fieldViolations(value, schema, path) : []),
  ];
}

/** How Go's reader of JSON types a value. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

/** Beyond it a whole number is one of floating point to the API server, or is none to us. */
const LARGEST_INTEGER = 2 ** 63;

function isOfType(value: unknown, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value) && Math.abs(value as number) < LARGEST_INTEGER;
  return typeOf(value) === type;
}

function typeViolations(value: unknown, schema: SchemaNode, path: FieldPath): readonly Violation[] {
  const types = typesOf(schema);
  if (types.length === 0 || types.some((type) => isOfType(value, type)) || (value === null && isNullable(schema))) return [];
  const actual = isOfType(value, 'integer') ? 'integer' : typeOf(value);
  return [
    fieldError(
      path,
      `Invalid value: ${valueText(actual)}`,
      `${pathText(path)} in body must be of type ${types.join(',')}: ${valueText(actual)}`,
    ),
  ];
}

function enumViolations(value: unknown, { enum: allowed }: SchemaNode, path: FieldPath): readonly Violation[] {
  if (!Array.isArray(allowed) || allowed.length === 0 || allowed.some((one) => jsonText(one) === jsonText(value))) return [];
  const words = allowed.map((one) => valueText(typeof one === 'string' ? one : jsonText(one)));
  return [fieldError(path, `Unsupported value: ${valueText(value)}`, `supported values: ${words.join(', ')}`)];
}

function itemViolations(list: readonly unknown[], schema: SchemaNode, path: FieldPath): readonly Violation[] {
  const items = itemsOf(schema);
  return items === undefined ? [] : list.flatMap((item, index) => schemaViolations(item, items, [...path, index]));
}

function fieldViolations(object: JsonObject, schema: SchemaNode, path: FieldPath): readonly Violation[] {
  const fields = Object.entries(object).flatMap(([name, field]) => {
    const known = fieldSchema(schema, name);
    return known === undefined ? [] : schemaViolations(field, known, [...path, name]);
  });
  const missing = textsIn(schema.required).filter((name) => !Object.hasOwn(object, name));
  return [...fields, ...missing.map((name) => requiredValue([...path, name]))];
}

function alternativeViolations(value: unknown, schema: SchemaNode, path: FieldPath): readonly Violation[] {
  const [all, any, one] = [alternatives(schema, 'allOf'), alternatives(schema, 'anyOf'), alternatives(schema, 'oneOf')];
  const fits = (part: SchemaNode): boolean => schemaViolations(value, part, path).length === 0;
  const name = valueText(pathText(path));
  const refuse = (detail: string): Violation => fieldError([], 'Invalid value: ""', `${name} ${detail}`);
  const fitting = one.filter(fits).length;
  return [
    ...all.flatMap((part) => schemaViolations(value, part, path)),
    ...(any.length > 0 && !any.some(fits) ? [refuse('must validate at least one schema (anyOf)')] : []),
    ...(one.length > 0 && fitting !== 1
      ? [
          refuse(
            `must validate one and only one schema (oneOf). ${fitting === 0 ? 'Found none valid' : `Found ${fitting} valid alternatives`}`,
          ),
        ]
      : []),
    ...(isJsonObject(schema.not) && fits(schema.not) ? [refuse('must not validate the schema (not)')] : []),
  ].map((violation) => ({ ...violation, path: violation.path.length === 0 ? path : violation.path }));
}
