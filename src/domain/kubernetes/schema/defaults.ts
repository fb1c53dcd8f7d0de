import { fieldOf } from '../json-value.ts';
import {
  fieldSchema,
  isJsonObject,
  isNullable,
  itemsOf,
  type JsonObject,
  propertyNames,
  propertyOf,
  type SchemaNode,
} from './schema-node.ts';

/**
 * An object as the API server completes it before it looks at it: with the defaults of its schema, and without null where null is no value.
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting/algorithm.go
 */
export function withDefaults(value: unknown, schema: SchemaNode | undefined): unknown {
  if (schema === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => withDefaults(notNull(item, itemsOf(schema)) ?? null, itemsOf(schema)));
  return isJsonObject(value) ? objectWithDefaults(value, schema) : value;
}

function objectWithDefaults(object: JsonObject, schema: SchemaNode): JsonObject {
  const own = Object.entries(object).flatMap(([name, field]): readonly (readonly [string, unknown])[] => {
    const known = fieldSchema(schema, name);
    const value = notNull(field, known);
    return value === undefined ? [] : [[name, withDefaults(value, known)]];
  });
  const missing = propertyNames(schema).flatMap((name): readonly (readonly [string, unknown])[] => {
    const property = propertyOf(schema, name);
    const fallback = property?.default;
    if (fallback === undefined || fieldOf(object, name) !== undefined) return [];
    return [[name, withDefaults(fallback, property)]];
  });
  return missing.length === 0 && own.length === Object.keys(object).length && own.every(([name, value]) => fieldOf(object, name) === value)
    ? object
    : Object.fromEntries([...own, ...missing]);
}

/** Null that stands for nothing is the default; undefined if there is none, which lists keep as null. */
function notNull(value: unknown, schema: SchemaNode | undefined): unknown {
  return value === null && schema !== undefined && !isNullable(schema) ? schema.default : value;
}
