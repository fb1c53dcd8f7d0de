import { textOf } from '../../domain/kubernetes/json-value.ts';
import { type KubeObject, type ResourceType, resourceName } from '../../domain/kubernetes/resource.ts';
import { goQuote } from '../../text/go-quote.ts';
import { unexpected } from './error.ts';

/**
 * Looks at the items of one list, which is read from the start once `restart` is called: what lies elsewhere than it was asked for, or comes twice, is not
 * the list that was asked for. Throws a ClusterError.
 */
export function placementCheck(type: ResourceType, namespace: string | undefined) {
  const seen = new Set<string>();
  const where = namespace === undefined || !type.namespaced ? '' : ` in the namespace ${goQuote(namespace)}`;
  const wrong = (item: string) => unexpected(`a list of ${resourceName(type)}${where} with ${item}`);
  const check = ({ metadata }: KubeObject): void => {
    const fault = placeFault(metadata.namespace, type, namespace);
    if (fault !== undefined) throw wrong(fault);
    const key = `${metadata.namespace ?? ''}/${metadata.name}`;
    if (seen.has(key)) throw wrong(`the item ${goQuote(metadata.name ?? '')} twice`);
    seen.add(key);
  };
  return { check, restart: () => seen.clear() };
}

/** What is wrong with the namespace of an object that was asked for in `namespace`, or anywhere; undefined if nothing is. */
export function placeFault(actual: unknown, { namespaced }: ResourceType, namespace: string | undefined): string | undefined {
  const place = actual ?? '';
  if (typeof place !== 'string') return 'an item whose namespace is no text';
  if (!namespaced) return place === '' ? undefined : `an item of the namespace ${goQuote(place)}`;
  if (place === '') return 'an item without a namespace';
  return namespace === undefined || place === namespace ? undefined : `an item of the namespace ${goQuote(place)}`;
}

/** Whether an object is the one that was asked for by name. Throws a ClusterError if not. */
export function checkIdentity({ metadata }: KubeObject, type: ResourceType, name: string, namespace: string | undefined): void {
  if (metadata.name !== name)
    throw unexpected(`${resourceName(type)} ${goQuote(textOf(metadata.name) ?? '')} in place of ${goQuote(name)}`);
  const fault = placeFault(metadata.namespace, type, namespace);
  if (fault !== undefined) throw unexpected(`${fault} in place of ${resourceName(type)} ${goQuote(name)}`);
}
