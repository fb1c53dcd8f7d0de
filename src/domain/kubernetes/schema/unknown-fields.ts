import { fieldSchema, isJsonObject, itemsOf, propertyOf, type SchemaNode, valuesOf } from './schema-node.ts';
import type { FieldPath, Violation } from './violation.ts';
import { pathText } from './violation.ts';

const META: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * Fields that no schema has: those that `kubectl apply` is refused for, since it asks for strict validation.
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning/algorithm.go
 */
export function unknownFields(object: unknown, schema: SchemaNode): readonly Violation[] {
  const found: Violation[] = [];
  prune(object, { ...schema, 'x-kubernetes-embedded-resource': true }, [], found);
  return found;
}

function prune(value: unknown, schema: SchemaNode | undefined, path: FieldPath, found: Violation[]): void {
  if (Array.isArray(value)) {
    const items = schema && itemsOf(schema);
    for (const [index, item] of value.entries()) prune(item, items, [...path, index], found);
  } else if (isJsonObject(value)) {
    for (const [name, field] of Object.entries(value)) pruneField(name, field, { schema, path, found });
  }
}

interface At {
  readonly schema: SchemaNode | undefined;
  readonly path: FieldPath;
  readonly found: Violation[];
}

function pruneField(name: string, field: unknown, { schema, path, found }: At): void {
  const isMeta = schema?.['x-kubernetes-embedded-resource'] === true && META.has(name);
  if (isMeta) return;
  const own = [...path, name];
  const known = schema && fieldSchema(schema, name);
  if (known !== undefined) prune(field, known, own, found);
  else if (schema !== undefined && isFree(schema, name)) return;
  else found.push({ path: own, text: `unknown field ${JSON.stringify(pathText(own))}` });
}

/** Whether a field may be there that no schema describes. */
function isFree(schema: SchemaNode, name: string): boolean {
  return schema['x-kubernetes-preserve-unknown-fields'] === true || propertyOf(schema, name) !== undefined || valuesOf(schema) === 'any';
}
