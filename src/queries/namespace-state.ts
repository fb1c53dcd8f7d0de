import type { Cluster } from '../cluster/cluster.ts';
import { NAMESPACES } from '../domain/kubernetes/core-kinds.ts';
import { ClusterError } from '../errors.ts';

/** `unverified`: not asked, or the account may not know. */
export type NamespaceState = 'exists' | 'absent' | 'unverified';

/** Whether a namespace is there. Asked in the namespace itself, where a Role can permit it. */
export async function namespaceState(cluster: Cluster, namespace: string): Promise<NamespaceState> {
  try {
    await cluster.get(NAMESPACES, namespace, {});
    return 'exists';
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return error.reason === 'NotFound' && error.fromStatus ? 'absent' : 'unverified';
  }
}
