import { type KubeObject, type ResourceType, resourceName } from '../../domain/kubernetes/resource.ts';
import { escapeText } from '../../text/escape.ts';
import { isObject, unexpected } from './error.ts';

export function apiVersionOf({ group, version }: ResourceType): string {
  return group === '' ? version : `${group}/${version}`;
}

/** Objects in a list of a built-in kind do not repeat what the list says. */
export function toItem(item: unknown, type: ResourceType, collection = `a list of ${resourceName(type)}`): KubeObject {
  if (!isKubeObject(item)) throw unexpected(`${collection} with an item that is no object`);
  const { kind = type.kind, apiVersion = apiVersionOf(type) } = item;
  if (kind !== type.kind || apiVersion !== apiVersionOf(type)) throw unexpected(`${described(item)} in ${collection}`);
  if (!isNamed(item)) throw unexpected(`${collection} with an item without a name`);
  return item.kind === undefined ? { apiVersion: apiVersionOf(type), kind: type.kind, ...item } : item;
}

function isNamed({ metadata }: KubeObject): boolean {
  return typeof metadata.name === 'string' && metadata.name !== '';
}

export function toObject(object: Readonly<Record<string, unknown>>, type: ResourceType): KubeObject {
  if (object.kind === type.kind && object.apiVersion === apiVersionOf(type) && isKubeObject(object)) return object;
  throw unexpected(`${described(object)} in place of ${type.kind} of ${apiVersionOf(type)}`);
}

function isKubeObject(value: unknown): value is KubeObject {
  return isObject(value) && isObject(value.metadata);
}

/** What an object says it is, for a message. */
export function described({ kind, apiVersion }: Readonly<Record<string, unknown>>): string {
  return typeof kind === 'string' && typeof apiVersion === 'string'
    ? escapeText(`${kind} of ${apiVersion}`)
    : 'JSON without kind and apiVersion';
}

/** The `resourceVersion` of an object or list. @throws ClusterError if there is none */
export function versionOf({ metadata }: Readonly<Record<string, unknown>>, what: string): string {
  const version = isObject(metadata) ? metadata.resourceVersion : undefined;
  if (typeof version === 'string' && version !== '') return version;
  throw unexpected(`${what} without a resourceVersion`);
}
