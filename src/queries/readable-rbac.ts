import type { V1ClusterRole, V1ClusterRoleBinding, V1Role, V1RoleBinding } from '@kubernetes/client-node';
import type { Limit } from '../async/in-flight.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { KubeObject, ObjectMeta, ResourceType } from '../domain/kubernetes/resource.ts';
import type { RbacObjects } from '../domain/rbac/authorizer.ts';
import type { ReadKinds } from '../domain/rbac/near-miss/search.ts';
import { LAST_APPLIED } from '../domain/rbac/rbac-graph.ts';
import { isBinding, isRole } from '../domain/rbac/read-objects.ts';
import { ClusterError } from '../errors.ts';
import { RBAC_TYPES } from './rbac-objects.ts';
import { failureMessage, reviewFailure } from './review-failure.ts';

type RbacKind = keyof typeof RBAC_TYPES;

/** Objects that could not be read, and so were not examined. */
export interface UnreadObjects {
  readonly kind: RbacKind;
  /** Absent: of all namespaces, or cluster-scoped. */
  readonly namespace?: string;
  /** Set if those of these namespaces were read all the same. */
  readonly except?: readonly string[];
  readonly reason: string;
  readonly message: string;
}

export interface ReadableRbac {
  readonly objects: RbacObjects;
  readonly read: ReadKinds;
  readonly unread: readonly UnreadObjects[];
}

/** What evaluation needs of an object: the rest, which may be ten times as much, is let go as pages arrive. */
function compact(object: KubeObject): KubeObject {
  const { name, namespace, labels, annotations } = object.metadata;
  const applied = annotations?.[LAST_APPLIED];
  const isAggregated = object.aggregationRule !== undefined && applied !== undefined;
  const metadata: ObjectMeta = {
    ...(name !== undefined && { name }),
    ...(namespace !== undefined && { namespace }),
    ...(labels !== undefined && { labels }),
    ...(isAggregated && { annotations: { [LAST_APPLIED]: applied } }),
  };
  const { rules, aggregationRule, roleRef, subjects } = object;
  return withoutNulls({ metadata, rules: listOfObjects(rules), aggregationRule, roleRef, subjects });
}

// Go writes an empty list as null.
function listOfObjects(rules: unknown): unknown {
  return Array.isArray(rules)
    ? rules.map((rule: unknown) => (typeof rule === 'object' && rule !== null ? withoutNulls(rule) : rule))
    : rules;
}

function withoutNulls<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null && field !== undefined)) as T;
}

type Listed<T> = { readonly items: readonly T[] } | { readonly failure: ClusterError };

async function list<T>(cluster: Cluster, kind: RbacKind, namespace: string | undefined): Promise<Listed<T>> {
  const type: ResourceType = RBAC_TYPES[kind];
  try {
    const { items, failure } = await cluster.list<KubeObject>(type, { namespace }, compact);
    if (failure !== undefined) return { failure };
    const isValid = kind.endsWith('Role') ? isRole : isBinding;
    const odd = items.find((item) => !isValid(item));
    if (odd === undefined) return { items: items as unknown as readonly T[] };
    return { failure: new ClusterError('UnexpectedResponse', `${kind} ${JSON.stringify(odd.metadata.name)} is malformed`) };
  } catch (error) {
    return { failure: reviewFailure(error) };
  }
}

interface Scoped<T> {
  readonly items: readonly T[];
  readonly read: 'all' | readonly string[];
  readonly unread: readonly UnreadObjects[];
}

function unreadOf(kind: RbacKind, failure: ClusterError): Pick<UnreadObjects, 'kind' | 'reason' | 'message'> {
  return { kind, reason: failure.reason, message: failureMessage(failure) };
}

/** Of all namespaces, or where that is refused of those that count. */
async function listScoped<T>(
  cluster: Cluster,
  kind: 'Role' | 'RoleBinding',
  namespaces: readonly string[],
  limit: Limit,
): Promise<Scoped<T>> {
  const all = await limit(() => list<T>(cluster, kind, undefined));
  if ('items' in all) return { items: all.items, read: 'all', unread: [] };
  const each = await Promise.all(
    namespaces.map(async (namespace) => ({ namespace, listed: await limit(() => list<T>(cluster, kind, namespace)) })),
  );
  const read = each.flatMap(({ namespace, listed }) => ('items' in listed ? [namespace] : []));
  const unread = { ...unreadOf(kind, all.failure), ...(read.length > 0 && { except: read }) };
  return { items: each.flatMap(({ listed }) => ('items' in listed ? listed.items : [])), read, unread: [unread] };
}

/**
 * The RBAC objects that the caller may read: all, or those of the namespaces that count. What cannot be read is named. All requests are
 * under way together; only a refusal for all namespaces makes a second round.
 */
export async function readReadableRbac(cluster: Cluster, namespaces: readonly string[], limit: Limit): Promise<ReadableRbac> {
  const [clusterRoles, clusterRoleBindings, roles, roleBindings] = await Promise.all([
    limit(() => list<V1ClusterRole>(cluster, 'ClusterRole', undefined)),
    limit(() => list<V1ClusterRoleBinding>(cluster, 'ClusterRoleBinding', undefined)),
    listScoped<V1Role>(cluster, 'Role', namespaces, limit),
    listScoped<V1RoleBinding>(cluster, 'RoleBinding', namespaces, limit),
  ]);
  const failed = (kind: RbacKind, listed: Listed<unknown>): readonly UnreadObjects[] =>
    'failure' in listed ? [unreadOf(kind, listed.failure)] : [];
  return {
    objects: {
      clusterRoles: 'items' in clusterRoles ? clusterRoles.items : [],
      clusterRoleBindings: 'items' in clusterRoleBindings ? clusterRoleBindings.items : [],
      roles: roles.items,
      roleBindings: roleBindings.items,
    },
    read: {
      clusterRoles: 'items' in clusterRoles,
      clusterRoleBindings: 'items' in clusterRoleBindings,
      roles: roles.read,
      roleBindings: roleBindings.read,
    },
    unread: [
      ...failed('ClusterRole', clusterRoles),
      ...failed('ClusterRoleBinding', clusterRoleBindings),
      ...roles.unread,
      ...roleBindings.unread,
    ],
  };
}
