import type { V1PolicyRule } from '@kubernetes/client-node';
import { ruleAllows } from '../policy-rule.ts';
import type { BindingNode, RoleNode } from '../rbac-graph.ts';
import type { NearMiss } from './cause.ts';
import { boundToo, newBinding } from './new-objects.ts';
import type { Search } from './search.ts';

/** Roles that cover the request and that nothing binds to the account here. */
export function unboundMisses(search: Search, found: readonly NearMiss[]): readonly NearMiss[] {
  const known = new Set(found.filter(({ gaps }) => gaps.every(({ at }) => at === 'binding')).map(({ role }) => role));
  return search.graph.roles.filter((role) => !known.has(role) && isOffered(role, search)).flatMap((role) => unbound(role, search));
}

function isOffered(role: RoleNode, { place }: Search): boolean {
  const isUsable = role.kind === 'ClusterRole' || (place !== '' && role.namespace === place);
  return isUsable && !role.name.startsWith('system:') && !role.rules.some(isEverything);
}

/** Nobody is to be made an administrator for one request. */
function isEverything({ verbs, apiGroups = [], resources = [] }: V1PolicyRule): boolean {
  return verbs.includes('*') && apiGroups.includes('*') && resources.includes('*');
}

function unbound(role: RoleNode, search: Search): readonly NearMiss[] {
  const { graph, asker, place, request } = search;
  const ruleIndex = role.rules.findIndex((rule) => ruleAllows(rule, request));
  if (ruleIndex < 0) return [];
  const here = graph.bindingsTo(role).filter(({ namespace }) => namespace === place);
  const binding = here[0];
  const edit =
    binding === undefined ? newBinding(graph, role, { namespace: place, subject: asker.subject }) : boundToo(binding, asker.subject);
  return [
    {
      code: 'not-bound',
      gaps: [{ code: 'not-bound', at: 'binding', field: 'subjects', value: subjectsText(binding), wanted: wantedText(search) }],
      binding,
      role,
      ruleIndex,
      closeness: 'unbound',
      isFar: false,
      edits: [edit],
      others: 0,
    },
  ];
}

function subjectsText(binding: BindingNode | undefined): string {
  const words = (binding?.subjects ?? []).map(({ kind, name, namespace }) => `${kind} ${namespace ? `${namespace}:${name}` : name}`);
  return words.length === 0 ? '' : JSON.stringify(words);
}

function wantedText({ asker: { subject } }: Search): string {
  return subject.kind === 'ServiceAccount' ? `ServiceAccount ${subject.namespace}:${subject.name}` : `${subject.kind} ${subject.name}`;
}
