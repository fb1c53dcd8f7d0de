import {
  fieldSchema,
  isJsonObject,
  isNullable,
  itemsOf,
  type JsonObject,
  propertyOf,
  type SchemaNode,
  textsIn,
} from '../../kubernetes/schema/schema-node.ts';
import { schemaViolations } from '../../kubernetes/schema/validate-value.ts';
import type { FieldPath, Violation } from '../../kubernetes/schema/violation.ts';
import { pathText } from '../../kubernetes/schema/violation.ts';

/** Kinds that a webhook of KServe's sets defaults of before the API server looks at them. */
const MUTATED: ReadonlySet<unknown> = new Set(['InferenceService', 'LLMInferenceService']);

/**
 * An object as the webhook gives it back: read into Go's types and written again, what is required and missing is there with Go's zero value, and
 * a quantity that was written as a number is a text. So the API server accepts more than its schema says.
 */
export function afterMutation(kind: unknown, value: unknown, schema: SchemaNode): unknown {
  return MUTATED.has(kind) ? rewritten(value, schema) : value;
}

function rewritten(value: unknown, schema: SchemaNode | undefined): unknown {
  if (schema === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => rewritten(item === null ? zeroOf(itemsOf(schema)) : item, itemsOf(schema)));
  if (isJsonObject(value)) return objectRewritten(value, schema);
  return typeof value === 'number' && isQuantity(schema) ? String(value) : value;
}

function isQuantity(schema: SchemaNode): boolean {
  return schema['x-kubernetes-int-or-string'] === true && typeof schema.pattern === 'string';
}

function objectRewritten(object: JsonObject, schema: SchemaNode): JsonObject {
  const own = Object.entries(object).map(([name, field]) => [name, rewritten(field, fieldSchema(schema, name))] as const);
  const missing = textsIn(schema.required).filter((name) => !Object.hasOwn(object, name));
  const zeros = missing.map((name) => [name, zeroOf(propertyOf(schema, name))] as const).filter(([, zero]) => zero !== null);
  return Object.fromEntries([...own, ...zeros]);
}

/** Null for a list: Go writes one that is not there as null. */
function zeroOf(schema: SchemaNode | undefined): unknown {
  if (schema === undefined || isNullable(schema)) return null;
  if (schema['x-kubernetes-int-or-string'] === true) return isQuantity(schema) ? '0' : 0;
  switch (schema.type) {
    case 'string':
      return '';
    case 'integer':
    case 'number':
      return 0;
    case 'boolean':
      return false;
    case 'object':
      return objectRewritten({}, schema);
    default:
      return null;
  }
}

/** A status is dropped when an object is created, but the webhook has read it by then. */
export function unreadableStatus({ kind, status }: JsonObject, schema: SchemaNode): readonly Violation[] {
  const own = propertyOf(schema, 'status');
  if (!MUTATED.has(kind) || own === undefined || status === undefined || status === null) return [];
  return schemaViolations(rewritten(status, own), own, ['status']).filter(({ text }) => text.includes('must be of type'));
}

const RANGES: ReadonlyMap<string, number> = new Map([
  ['int32', 2 ** 31],
  ['int64', 2 ** 63],
]);

/** Whole numbers beyond the type that KServe reads them into. The API server does not look at `format` of numbers. */
export function numbersOutOfRange(value: unknown, schema: SchemaNode | undefined, path: FieldPath = []): readonly Violation[] {
  if (schema === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => numbersOutOfRange(item, itemsOf(schema), [...path, index]));
  if (isJsonObject(value))
    return Object.entries(value).flatMap(([name, field]) => numbersOutOfRange(field, fieldSchema(schema, name), [...path, name]));
  const { type, format } = schema;
  const range = type === 'integer' && typeof format === 'string' ? RANGES.get(format) : undefined;
  if (range === undefined || typeof value !== 'number' || (value >= -range && value < range)) return [];
  return [{ path, text: `json: cannot unmarshal number ${value} into Go struct field ${pathText(path)} of type ${format}` }];
}
