import type { RbacV1Subject, V1ClusterRole, V1LabelSelector, V1PolicyRule, V1RoleBinding, V1RoleRef } from '@kubernetes/client-node';
import type { RbacObjects } from './authorizer.ts';

export interface RoleNode {
  readonly kind: 'Role' | 'ClusterRole';
  /** `''` for a ClusterRole. */
  readonly namespace: string;
  readonly name: string;
  readonly rules: readonly V1PolicyRule[];
  readonly labels: Readonly<Record<string, string>>;
  /** Set if a controller makes the rules of this role from others. */
  readonly selectors: readonly V1LabelSelector[] | undefined;
  /** The rules that `kubectl apply` wrote last, if it was used. */
  readonly lastApplied: readonly V1PolicyRule[] | undefined;
}

export interface BindingNode {
  readonly kind: 'RoleBinding' | 'ClusterRoleBinding';
  /** `''` for a ClusterRoleBinding. */
  readonly namespace: string;
  readonly name: string;
  readonly roleRef: V1RoleRef;
  readonly subjects: readonly RbacV1Subject[];
}

/** RBAC objects by what they refer to, each kind in the order of namespace and name. */
export interface RbacGraph {
  readonly roles: readonly RoleNode[];
  readonly bindings: readonly BindingNode[];
  readonly role: (kind: string, namespace: string, name: string) => RoleNode | undefined;
  /** Bindings that name this role, whether it exists or not. */
  readonly bindingsTo: (role: Pick<RoleNode, 'kind' | 'namespace' | 'name'>) => readonly BindingNode[];
}

/** The role that a binding names; undefined if there is none. */
export function roleOf(graph: RbacGraph, { roleRef, namespace }: BindingNode): RoleNode | undefined {
  return graph.role(roleRef.kind, roleRef.kind === 'Role' ? namespace : '', roleRef.name);
}

const known = new WeakMap<RbacObjects, RbacGraph>();

/** One index for many questions: of the same objects it is made once. */
export function rbacGraph(objects: RbacObjects): RbacGraph {
  const graph = known.get(objects) ?? buildGraph(objects);
  known.set(objects, graph);
  return graph;
}

function buildGraph(objects: RbacObjects): RbacGraph {
  const roles = [
    ...inOrder(objects.roles.map((role) => roleNode('Role', role))),
    ...inOrder(objects.clusterRoles.map((role) => roleNode('ClusterRole', role))),
  ];
  const bindings = [
    ...inOrder(objects.clusterRoleBindings.map((binding) => bindingNode('ClusterRoleBinding', binding))),
    ...inOrder(objects.roleBindings.map((binding) => bindingNode('RoleBinding', binding))),
  ];
  const byKey = new Map(roles.map((role) => [key(role.kind, role.namespace, role.name), role]));
  const toRole = Map.groupBy(bindings, ({ roleRef, namespace }) =>
    key(roleRef.kind, roleRef.kind === 'Role' ? namespace : '', roleRef.name),
  );
  return {
    roles,
    bindings,
    role: (kind, namespace, name) => byKey.get(key(kind, namespace, name)),
    bindingsTo: ({ kind, namespace, name }) => toRole.get(key(kind, namespace, name)) ?? [],
  };
}

// Where one of several is taken it is the first: it must not depend on the order in which a server lists them.
function inOrder<T extends Pick<RoleNode, 'namespace' | 'name'>>(nodes: readonly T[]): readonly T[] {
  return nodes.toSorted((a, b) => compare(a.namespace, b.namespace) || compare(a.name, b.name));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function key(kind: string, namespace: string, name: string): string {
  return `${kind}\n${namespace}\n${name}`;
}

function roleNode(kind: RoleNode['kind'], role: V1ClusterRole): RoleNode {
  const { name = '', namespace = '', labels = {}, annotations } = role.metadata ?? {};
  const selectors = role.aggregationRule === undefined ? undefined : (role.aggregationRule.clusterRoleSelectors ?? []);
  return {
    kind,
    namespace: kind === 'Role' ? namespace : '',
    name,
    rules: role.rules ?? [],
    labels,
    selectors,
    lastApplied: selectors === undefined ? undefined : lastApplied(annotations?.[LAST_APPLIED]),
  };
}

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

function lastApplied(text: string | undefined): readonly V1PolicyRule[] | undefined {
  if (text === undefined) return undefined;
  try {
    const { rules } = JSON.parse(text) as { readonly rules?: unknown };
    return Array.isArray(rules) ? (rules as readonly V1PolicyRule[]).filter((rule) => Array.isArray(rule?.verbs)) : undefined;
  } catch {
    return undefined;
  }
}

function bindingNode(kind: BindingNode['kind'], { metadata, roleRef, subjects = [] }: V1RoleBinding): BindingNode {
  return { kind, namespace: kind === 'RoleBinding' ? (metadata?.namespace ?? '') : '', name: metadata?.name ?? '', roleRef, subjects };
}
