import type { V1PolicyRule } from '@kubernetes/client-node';
import { isUrlRequest } from '../access-review.ts';
import { grantRules } from '../grant-rule.ts';
import { ruleAllows } from '../policy-rule.ts';
import type { BindingNode, RoleNode } from '../rbac-graph.ts';
import type { CauseCode, NearMiss } from './cause.ts';
import { missingRole, newBinding, newGrant } from './new-objects.ts';
import { othersBoundTo } from './others.ts';
import { isMisspelling } from './rule-gaps.ts';
import type { ReadKinds, Search } from './search.ts';

function wasRead({ roleRef, namespace }: BindingNode, { clusterRoles, roles }: ReadKinds): boolean {
  return roleRef.kind === 'Role' ? roles === 'all' || roles.includes(namespace) : clusterRoles;
}

/** A role that the binding may have meant: it has the name, or nearly, and covers the request. */
function meantRole(binding: BindingNode, { graph, request }: Search): RoleNode | undefined {
  const { name, kind } = binding.roleRef;
  const covering = graph.roles.filter(({ rules }) => rules.some((rule) => ruleAllows(rule, request)));
  const isNear = (role: RoleNode): boolean => role.kind === kind && isUsable(role, binding) && isMisspelling(role.name, name);
  return (
    covering.find((role) => role.name === name && isUsable(role, binding)) ??
    covering.find(({ name: one }) => one === name) ??
    covering.find(isNear)
  );
}

function isUsable(role: RoleNode, { namespace }: BindingNode): boolean {
  return role.kind === 'ClusterRole' || (namespace !== '' && role.namespace === namespace);
}

/** The binding names the account and counts here, but not a role that exists. */
export function roleRefMisses(binding: BindingNode, search: Search): readonly NearMiss[] {
  if (!wasRead(binding, search.read)) return [];
  const { kind, name } = binding.roleRef;
  const meant = meantRole(binding, search);
  if (meant === undefined) return createRole(binding, search);
  const code: CauseCode = meant.name === name ? 'role-ref-kind' : 'dangling-role-ref';
  const gap =
    meant.name !== name
      ? { field: 'roleRef.name', value: name, wanted: meant.name }
      : meant.kind !== kind
        ? { field: 'roleRef.kind', value: kind, wanted: meant.kind }
        : { field: 'metadata.namespace', value: binding.namespace, wanted: meant.namespace };
  return [
    { ...shared(binding, meant), code, gaps: [{ code, at: 'binding', ...gap }], edits: bindMeant(binding, meant, search), others: 0 },
  ];
}

// roleRef cannot be changed: a binding beside it is as good, and gives nothing to the others in it.
function bindMeant(binding: BindingNode, meant: RoleNode, search: Search): NearMiss['edits'] {
  const { graph, request, asker, kind } = search;
  if (!isUsable(meant, binding)) return newGrant(graph, [request], asker.subject, { kinds: kind ? [kind] : [] });
  return [
    newBinding(graph, meant, { namespace: binding.namespace, subject: asker.subject, name: `${binding.name}-${meant.kind.toLowerCase()}` }),
  ];
}

function createRole(binding: BindingNode, search: Search): readonly NearMiss[] {
  const { roleRef } = binding;
  if (isUrlRequest(search.request) && roleRef.kind === 'Role') return [];
  const edits = [missingRole(binding, grantRules([search.request]) as readonly unknown[] as readonly V1PolicyRule[])];
  const code: CauseCode = 'dangling-role-ref';
  const gap = { code, at: 'binding' as const, field: 'roleRef.name', value: roleRef.name, wanted: `a ${roleRef.kind} of that name` };
  return [{ ...shared(binding, undefined), code, gaps: [gap], edits, others: othersBoundTo(search, edits) }];
}

function shared(binding: BindingNode, role: RoleNode | undefined) {
  return { binding, role, ruleIndex: undefined, closeness: 'bound' as const, isFar: false };
}
