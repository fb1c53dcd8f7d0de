import type { KubeObject } from '../domain/kubernetes/resource.ts';
import { jsonText } from './json.ts';

/** Why part of a list is missing, beside its items. */
export interface ListError {
  /** `plural.group`. */
  readonly resource: string;
  readonly scope: 'namespace' | 'cluster';
  /** Set if one namespace was asked for. */
  readonly namespace?: string;
  readonly reason: string;
  readonly message: string;
  readonly hint?: string;
}

/** A `v1` `List`, as kubectl prints several objects. `errors` is written only if there are any. */
export interface ObjectList {
  readonly items: readonly KubeObject[];
  readonly errors: readonly ListError[];
}

/** The list as a value. */
export function listDocument({ items, errors }: ObjectList): object {
  const more = errors.length > 0 ? { errors } : {};
  return { apiVersion: 'v1', ...more, items, kind: 'List', metadata: { resourceVersion: '' } };
}

/** The object without the fields that only servers read (`metadata.managedFields`), as kubectl shows objects by default. */
export function withoutManagedFields(object: KubeObject): KubeObject {
  if (!('managedFields' in object.metadata)) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** The list as JSON, one piece an item, so that no more than one item's text is held. */
export function* jsonList(list: ObjectList): Generator<string> {
  yield '{\n    "apiVersion": "v1",\n';
  if (list.errors.length > 0) yield `    "errors": ${jsonText(list.errors, '    ')},\n`;
  yield '    "items": [';
  for (const [index, item] of list.items.entries()) {
    yield `${index === 0 ? '' : ','}\n        ${jsonText(item, '        ')}`;
  }
  yield `${list.items.length === 0 ? '' : '\n    '}],\n    "kind": "List",\n`;
  yield '    "metadata": {\n        "resourceVersion": ""\n    }\n}\n';
}

/** The list as YAML, one piece an item. Loads the YAML library. */
export async function yamlList(list: ObjectList): Promise<Generator<string>> {
  const { yamlText } = await import('./yaml.ts');
  return yamlPieces(list, yamlText);
}

function* yamlPieces(list: ObjectList, yamlText: (value: unknown) => string): Generator<string> {
  yield 'apiVersion: v1\n';
  if (list.errors.length > 0) yield yamlText({ errors: list.errors });
  yield list.items.length === 0 ? 'items: []\n' : 'items:\n';
  for (const item of list.items) yield yamlText([item]);
  yield 'kind: List\nmetadata:\n  resourceVersion: ""\n';
}
