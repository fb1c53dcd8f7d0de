import type { V1PolicyRule } from '@kubernetes/client-node';
import type { RbacSubject } from '../../kubernetes/identity.ts';
import { shortHash, subjectSlug } from '../../kubernetes/object-name.ts';
import type { AccessRequest } from '../access-review.ts';
import type { Edit, EditedObject } from '../edit.ts';
import { type GrantOptions, leastGrant, type RolePlace, roleNames } from '../grant.ts';
import { type GrantRole, RBAC_GROUP, RBAC_VERSION } from '../grant-object.ts';
import type { BindingNode, RbacGraph, RoleNode } from '../rbac-graph.ts';
import { isSameRole } from '../same-rules.ts';
import { toBindingSubject } from '../subject.ts';

/** A binding of a role to one account; `namespace` `''` makes a ClusterRoleBinding. `name` is taken if it is free. */
export function newBinding(
  graph: RbacGraph,
  role: Pick<RoleNode, 'kind' | 'name'>,
  { namespace, subject, name }: { readonly namespace: string; readonly subject: RbacSubject; readonly name?: string | undefined },
): Edit {
  const kind = namespace === '' ? 'ClusterRoleBinding' : 'RoleBinding';
  const base = name ?? `${role.name}-${subjectSlug(subject)}`;
  const isTaken = graph.bindings.some((one) => one.kind === kind && one.namespace === namespace && one.name === base);
  const free = isTaken ? `${base}.${shortHash(JSON.stringify([role.kind, role.name, subject]))}` : base;
  return {
    action: 'create',
    object: {
      apiVersion: RBAC_VERSION,
      kind,
      metadata: { name: free, ...(namespace !== '' && { namespace }) },
      roleRef: { apiGroup: RBAC_GROUP, kind: role.kind, name: role.name },
      subjects: [toBindingSubject(subject)],
    },
  };
}

/** The binding with the account as one more subject: others keep what they have. */
export function boundToo({ kind, namespace, name, roleRef, subjects }: BindingNode, subject: RbacSubject): Edit {
  const added = toBindingSubject(subject);
  return {
    action: 'change',
    object: {
      apiVersion: RBAC_VERSION,
      kind,
      metadata: { name, ...(namespace !== '' && { namespace }) },
      roleRef,
      subjects: [...subjects, added],
    },
    patch: [subjects.length === 0 ? { op: 'add', path: '/subjects', value: [added] } : { op: 'add', path: '/subjects/-', value: added }],
  };
}

function placeOf(graph: RbacGraph, role: GrantRole): RolePlace {
  const names = roleNames(role);
  for (const name of names) {
    const found = graph.role(role.kind, role.metadata.namespace ?? '', name);
    if (found === undefined) return { name, exists: false };
    if (isSameRole(role, { rules: found.rules, isAggregated: found.selectors !== undefined })) return { name, exists: true };
  }
  return { name: names.at(-1) ?? role.metadata.name, exists: false };
}

/** A role that holds the requests and nothing else, and its binding; a role that is there already is used. */
export function newGrant(
  graph: RbacGraph,
  requests: readonly AccessRequest[],
  subject: RbacSubject,
  options: Pick<GrantOptions, 'kinds' | 'task'>,
): readonly Edit[] {
  const usual = leastGrant(requests, subject, options);
  const places = usual.objects.flatMap((object) => ('rules' in object ? [[object.metadata.name, placeOf(graph, object)] as const] : []));
  const { objects } = leastGrant(requests, subject, { ...options, rolePlaces: new Map(places) });
  return objects.map((object) => asEdit(graph, object as unknown as EditedObject));
}

/** A binding of the usual name may be there for somebody else, or for another role. */
function asEdit(graph: RbacGraph, object: EditedObject): Edit {
  const { kind, metadata, roleRef } = object;
  const there = graph.bindings.find(
    (one) => one.kind === kind && one.namespace === (metadata.namespace ?? '') && one.name === metadata.name,
  );
  if (there === undefined || roleRef === undefined) return { action: 'create', object };
  const name = `${metadata.name}.${shortHash(JSON.stringify([roleRef, object.subjects]))}`;
  return { action: 'create', object: { ...object, metadata: { ...metadata, name } } };
}

/** The role that is missing, holding no more than what is asked. */
export function missingRole(binding: BindingNode, rules: readonly V1PolicyRule[]): Edit {
  const { kind, name } = binding.roleRef;
  const isLocal = kind === 'Role';
  return {
    action: 'create',
    object: {
      apiVersion: RBAC_VERSION,
      kind: isLocal ? 'Role' : 'ClusterRole',
      metadata: { name, ...(isLocal && { namespace: binding.namespace }) },
      rules,
    },
  };
}
