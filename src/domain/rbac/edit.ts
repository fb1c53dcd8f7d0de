import type {
  RbacV1Subject,
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1PolicyRule,
  V1Role,
  V1RoleBinding,
  V1RoleRef,
} from '@kubernetes/client-node';
import { isAggregated } from './aggregation.ts';
import type { RbacObjects } from './authorizer.ts';
import { RBAC_VERSION } from './grant-object.ts';
import { type RbacGraph, type RoleNode, rbacGraph } from './rbac-graph.ts';

/** A role or binding as it is to be. */
export interface EditedObject {
  readonly apiVersion: typeof RBAC_VERSION;
  readonly kind: 'Role' | 'ClusterRole' | 'RoleBinding' | 'ClusterRoleBinding';
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly rules?: readonly V1PolicyRule[];
  readonly roleRef?: V1RoleRef;
  readonly subjects?: readonly RbacV1Subject[];
}

/** One operation of a JSON Patch (RFC 6902). */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'test';
  readonly path: string;
  readonly value: unknown;
}

/** One object that is made or changed; nothing is ever taken from anybody. */
export interface Edit {
  readonly action: 'create' | 'change';
  /** The object afterwards. */
  readonly object: EditedObject;
  /** The change alone; absent for a new object. */
  readonly patch?: readonly PatchOperation[] | undefined;
}

/** The RBAC objects after the edits, with what the aggregation controller makes of them. */
export function applyEdits(objects: RbacObjects, edits: readonly Edit[]): RbacObjects {
  const edited = edits.reduce((current, { object }) => withObject(current, object), objects);
  const sources = edits.map(({ object }) => object).filter(({ kind }) => kind === 'ClusterRole');
  return sources.length === 0
    ? edited
    : aggregate(
        edited,
        sources.map(({ metadata }) => metadata.name),
      );
}

function put<T extends { metadata?: { name?: string; namespace?: string } }>(list: readonly T[], object: EditedObject): readonly T[] {
  const { name, namespace } = object.metadata;
  const others = list.filter(({ metadata }) => metadata?.name !== name || metadata?.namespace !== namespace);
  const old = list.find(({ metadata }) => metadata?.name === name && metadata?.namespace === namespace);
  const metadata = { ...old?.metadata, ...object.metadata };
  return [...others, { ...old, ...object, metadata } as unknown as T];
}

function withObject(objects: RbacObjects, object: EditedObject): RbacObjects {
  switch (object.kind) {
    case 'Role':
      return { ...objects, roles: put<V1Role>(objects.roles, object) };
    case 'ClusterRole':
      return { ...objects, clusterRoles: put<V1ClusterRole>(objects.clusterRoles, object) };
    case 'RoleBinding':
      return { ...objects, roleBindings: put<V1RoleBinding>(objects.roleBindings, object) };
    case 'ClusterRoleBinding':
      return { ...objects, clusterRoleBindings: put<V1ClusterRoleBinding>(objects.clusterRoleBindings, object) };
  }
}

/** More rounds than any sane chain of aggregated roles has links. */
const MOST_LINKS = 8;

// The controller replaces the rules of the target. Only what comes in counts here: a server whose controller is not running keeps the rest.
function aggregate(objects: RbacObjects, changed: readonly string[]): RbacObjects {
  let current = objects;
  let names = changed;
  for (let link = 0; link < MOST_LINKS && names.length > 0; link++) {
    const graph = rbacGraph(current);
    const targets = graph.roles.filter(({ selectors }) => selectors !== undefined).map((target) => widened(target, graph, names));
    const wider = targets.filter((target) => target !== undefined);
    current = wider.reduce((all, role) => withObject(all, roleObject(role, role.rules)), current);
    names = wider.map(({ name }) => name);
  }
  return current;
}

function widened(target: RoleNode, graph: RbacGraph, names: readonly string[]): RoleNode | undefined {
  const sources = names.map((name) => graph.role('ClusterRole', '', name)).filter((source) => source !== undefined);
  const incoming = sources.filter((source) => isAggregated(source, target)).flatMap(({ rules }) => rules);
  const known = new Set(target.rules.map((rule) => JSON.stringify(rule)));
  const added = incoming.filter((rule) => !known.has(JSON.stringify(rule)));
  return added.length === 0 ? undefined : { ...target, rules: [...target.rules, ...added] };
}

/** A role with other rules, as it can be applied. */
export function roleObject(
  { kind, namespace, name }: Pick<RoleNode, 'kind' | 'namespace' | 'name'>,
  rules: readonly V1PolicyRule[],
): EditedObject {
  return { apiVersion: RBAC_VERSION, kind, metadata: { name, ...(kind === 'Role' && { namespace }) }, rules };
}
