import { settled } from '../../../async/settled.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import type { ResourceType } from '../../../domain/kubernetes/resource.ts';
import { leastGrant } from '../../../domain/rbac/grant.ts';
import { type FoundRole, findRoles } from '../../../queries/role-places.ts';
import { readerRequests } from './refusals.ts';

// The name of a role depends on what it grants, not on whom it is for.
const ANYBODY = { kind: 'User', name: 'anybody' } as const;

/** Looks for the roles that a hint for readers of a kind will name. Never rejects: a hint is no reason to fail. */
export async function rolesOfHint(
  cluster: Cluster,
  type: ResourceType,
  namespace: string | undefined,
  verbs: readonly string[] | undefined,
): Promise<readonly FoundRole[]> {
  const grant = leastGrant(readerRequests(type, namespace ?? '', verbs), ANYBODY, { kinds: [type] });
  const found = await settled(findRoles({ cluster, limit: (ask) => ask() }, grant), (error): error is Error => error instanceof Error);
  return found instanceof Error ? [] : found;
}
