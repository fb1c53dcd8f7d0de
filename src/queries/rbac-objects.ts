import type { V1ClusterRole, V1ClusterRoleBinding, V1Role, V1RoleBinding } from '@kubernetes/client-node';
import type { Limit } from '../async/in-flight.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { KubeObject, ResourceType } from '../domain/kubernetes/resource.ts';
import type { RbacObjects } from '../domain/rbac/authorizer.ts';
import { RBAC_GROUP } from '../domain/rbac/grant-object.ts';
import { isBinding, isRole } from '../domain/rbac/read-objects.ts';
import { ClusterError } from '../errors.ts';

const VERSION = { group: RBAC_GROUP, version: 'v1' };

/** The kinds that grants are made of. */
export const RBAC_TYPES: Readonly<Record<'Role' | 'ClusterRole' | 'RoleBinding' | 'ClusterRoleBinding', ResourceType>> = {
  Role: { ...VERSION, plural: 'roles', kind: 'Role', namespaced: true },
  ClusterRole: { ...VERSION, plural: 'clusterroles', kind: 'ClusterRole', namespaced: false },
  RoleBinding: { ...VERSION, plural: 'rolebindings', kind: 'RoleBinding', namespaced: true },
  ClusterRoleBinding: { ...VERSION, plural: 'clusterrolebindings', kind: 'ClusterRoleBinding', namespaced: false },
};

async function listAll<T>(cluster: Cluster, type: ResourceType, namespace: string | undefined): Promise<readonly T[]> {
  const { items, failure } = await cluster.list<KubeObject>(type, { namespace }, (object) => object);
  if (failure !== undefined) throw failure;
  const isValid = type.kind.endsWith('Role') ? isRole : isBinding;
  const odd = items.find((item) => !isValid(item));
  if (odd !== undefined) throw new ClusterError('UnexpectedResponse', `${type.kind} ${JSON.stringify(odd.metadata.name)} is malformed`);
  return items as unknown as readonly T[];
}

function fulfilled<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

/** All RBAC objects that count in a namespace (`''`: at the cluster scope). Rejects with the first that may not be read, in a fixed order. */
export async function readRbacObjects(cluster: Cluster, namespace: string, limit: Limit): Promise<RbacObjects> {
  const list = <T>(type: ResourceType, within?: string): Promise<readonly T[]> => limit(() => listAll<T>(cluster, type, within));
  const isLocal = namespace !== '';
  const [clusterRoles, clusterRoleBindings, roles, roleBindings] = await Promise.allSettled([
    list<V1ClusterRole>(RBAC_TYPES.ClusterRole),
    list<V1ClusterRoleBinding>(RBAC_TYPES.ClusterRoleBinding),
    isLocal ? list<V1Role>(RBAC_TYPES.Role, namespace) : [],
    isLocal ? list<V1RoleBinding>(RBAC_TYPES.RoleBinding, namespace) : [],
  ]);
  return {
    clusterRoles: fulfilled(clusterRoles),
    clusterRoleBindings: fulfilled(clusterRoleBindings),
    roles: fulfilled(roles),
    roleBindings: fulfilled(roleBindings),
  };
}
