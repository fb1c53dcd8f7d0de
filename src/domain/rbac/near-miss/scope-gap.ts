import { isUrlRequest } from '../access-review.ts';
import type { BindingNode } from '../rbac-graph.ts';
import type { Gap } from './cause.ts';
import type { Search } from './search.ts';

/** Why a binding does not count where the request is made; undefined if it does. */
export function scopeGap(binding: BindingNode, { request, kind, place }: Search): Gap | undefined {
  if (binding.kind === 'ClusterRoleBinding' || (place !== '' && binding.namespace === place)) return undefined;
  if (isUrlRequest(request) || kind?.namespaced === false)
    return { code: 'rolebinding-for-cluster-scope', at: 'binding', field: 'kind', value: 'RoleBinding', wanted: 'ClusterRoleBinding' };
  return { code: 'wrong-namespace', at: 'binding', field: 'metadata.namespace', value: binding.namespace, wanted: place };
}
