import { fieldOf } from '../json-value.ts';
import { fieldSchema, isJsonObject, itemsOf, type JsonObject, type SchemaNode, textsIn } from './schema-node.ts';
import { type FieldPath, fieldError, invalidValue, jsonText, type Violation, valueText } from './violation.ts';

/**
 * The same key, or the same value, twice in a list that is a map or a set.
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype/validation.go
 */
export function repeatedItems(value: unknown, schema: SchemaNode | undefined, path: FieldPath = []): readonly Violation[] {
  if (schema === undefined) return [];
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    return [...inList(value, schema, path), ...value.flatMap((item, index) => repeatedItems(item, items, [...path, index]))];
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, field]) => repeatedItems(field, fieldSchema(schema, name), [...path, name]));
}

function inList(list: readonly unknown[], schema: SchemaNode, path: FieldPath): readonly Violation[] {
  switch (schema['x-kubernetes-list-type']) {
    case 'set':
      return repeated(list, path);
    case 'map': {
      const wrong = list.findIndex((item) => item !== null && !isJsonObject(item));
      if (wrong >= 0) return [invalidValue([...path, wrong], list[wrong], 'must be an object for an array of list-type map')];
      const keys = textsIn(schema['x-kubernetes-list-map-keys']);
      return repeated(
        list.map((item) => keyOf(isJsonObject(item) ? item : {}, keys)),
        path,
      );
    }
    default:
      return [];
  }
}

function keyOf(item: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.filter((key) => Object.hasOwn(item, key)).map((key) => [key, fieldOf(item, key)]));
}

/** Of each value the second one: the API server says it once. */
function repeated(values: readonly unknown[], path: FieldPath): readonly Violation[] {
  const counts = new Map<string, number>();
  return values.flatMap((value, index) => {
    const key = jsonText(value);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count === 2 ? [fieldError([...path, index], `Duplicate value: ${valueText(value)}`)] : [];
  });
}
