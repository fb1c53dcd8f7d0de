import { fieldSchema, isJsonObject, itemsOf, type SchemaNode, valuesOf } from './schema-node.ts';
import type { FieldPath, Violation } from './violation.ts';
import { pathText } from './violation.ts';

const META: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * Fields that no schema has: those that `kubectl apply` is refused for, since it asks for strict validation.
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning/algorithm.go
 */
export function unknownFields(object: unknown, schema: SchemaNode): readonly Violation[] {
  const found: Violation[] = [];
  prune(object, { schema: { ...schema, 'x-kubernetes-embedded-resource': true }, path: [], found });
  return found;
}

/** `isFree`: what no schema describes may be there. Lists hand that down to their items, fields do not. */
interface At {
  readonly schema: SchemaNode | undefined;
  readonly path: FieldPath;
  readonly found: Violation[];
  readonly isFree?: boolean;
}

function prune(value: unknown, at: At): void {
  const { schema, path } = at;
  const isFree = at.isFree === true || schema?.['x-kubernetes-preserve-unknown-fields'] === true;
  if (Array.isArray(value)) {
    const items = schema && itemsOf(schema);
    for (const [index, item] of value.entries()) prune(item, { ...at, schema: items, path: [...path, index], isFree });
  } else if (isJsonObject(value)) {
    for (const [name, field] of Object.entries(value)) pruneField(name, field, { ...at, isFree });
  }
}

function pruneField(name: string, field: unknown, { schema, path, found, isFree }: At): void {
  const isMeta = schema?.['x-kubernetes-embedded-resource'] === true && META.has(name);
  if (isMeta) return;
  const own = [...path, name];
  const known = schema && fieldSchema(schema, name);
  const isAllowed = isFree === true || (schema !== undefined && valuesOf(schema) === 'any');
  if (known !== undefined) prune(field, { schema: known, path: own, found });
  else if (!isAllowed) found.push({ path: own, text: `unknown field ${JSON.stringify(pathText(own))}` });
}
