import { PODS } from '../../domain/kubernetes/core-kinds.ts';
import type { ResourceType } from '../../domain/kubernetes/resource.ts';
import { UsageError } from '../../errors.ts';

/** Path of a collection. A namespace counts for namespaced kinds only; absent or empty it means all. */
export function collectionPath(type: ResourceType, namespace: string | undefined): string {
  const base = type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  const scope = type.namespaced && namespace ? `/namespaces/${segment(namespace, 'namespace')}` : '';
  return `${base}${scope}/${type.plural}`;
}

/** Path of one object. Throws UsageError for a name that no path can hold. */
export function objectPath(type: ResourceType, namespace: string | undefined, name: string): string {
  return `${collectionPath(type, namespace)}/${segment(name, 'resource name')}`;
}

/** Path of what the containers of a Pod printed. */
export function podLogPath(namespace: string, pod: string): string {
  return `${objectPath(PODS, namespace, pod)}/log`;
}

/** Path of the OpenAPI document of a version of a named group. */
export function openApiPath(group: string, version: string): string {
  return `/openapi/v3/apis/${segment(group, 'API group')}/${segment(version, 'version')}`;
}

/** https://github.com/kubernetes/apimachinery/blob/master/pkg/api/validation/path/name.go */
function segment(name: string, what: string): string {
  const problems = [
    ...(name === '' ? ['may not be empty'] : []),
    ...(name === '.' || name === '..' ? [`may not be '${name}'`] : []),
    ...['/', '%'].filter((character) => name.includes(character)).map((character) => `may not contain '${character}'`),
  ];
  if (problems.length > 0) throw new UsageError(`invalid ${what} "${name}": [${problems.join(', ')}]`);
  return encodeURIComponent(name);
}
