import type { Cluster } from '../../../cluster/cluster.ts';
import type { ResourceType } from '../../../domain/kubernetes/resource.ts';
import { ClusterError } from '../../../errors.ts';
import type { FoundRole } from '../../../queries/role-places.ts';
import { isRefusal } from '../../../queries/runtimes.ts';

/**
 * The roles that a hint about a refused list will name, if roles of those names exist already: a binding to one with other rules would grant
 * those. Asks as soon as the list is refused, and nothing if it is not. Never rejects: a hint is no reason to fail.
 * @param verbs those that the hint grants; those of a reader if absent
 * @param namespace where the list is asked for; undefined: in the whole cluster
 */
export async function rolesAfterRefusal(
  cluster: Cluster,
  list: Promise<unknown>,
  type: ResourceType,
  namespace: string | undefined,
  verbs?: readonly string[],
): Promise<readonly FoundRole[]> {
  const refusal = await list.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(refusal instanceof ClusterError) || !isRefusal(refusal)) return [];
  const { rolesOfHint } = await import('./roles-of-hint.ts');
  return rolesOfHint(cluster, type, namespace, verbs);
}
