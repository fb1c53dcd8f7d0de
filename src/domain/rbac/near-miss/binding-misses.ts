import { isUrlRequest } from '../access-review.ts';
import type { Edit } from '../edit.ts';
import { ruleAllows } from '../policy-rule.ts';
import { type BindingNode, type RoleNode, roleOf } from '../rbac-graph.ts';
import type { Gap, NearMiss } from './cause.ts';
import { boundToo, newBinding, newGrant } from './new-objects.ts';
import { othersBoundTo } from './others.ts';
import { changeRules } from './role-change.ts';
import { roleRefMisses } from './role-ref-misses.ts';
import { type RuleGap, ruleGaps } from './rule-gaps.ts';
import { scopeGap } from './scope-gap.ts';
import type { Search } from './search.ts';
import { subjectFit } from './subject-gap.ts';

/** Fields that may be wrong at once, so that one can still be said to have meant the other. */
const MOST_GAPS = 2;

/** Near misses that start from a binding that names the account, or nearly does. */
export function bindingMisses(search: Search): readonly NearMiss[] {
  return search.graph.bindings.flatMap((binding) => {
    const fit = subjectFit(binding, search.asker);
    if (fit.kind === 'other') return [];
    const gaps = [fit.kind === 'near' ? fit.gap : undefined, scopeGap(binding, search)].filter((gap) => gap !== undefined);
    const role = roleOf(search.graph, binding);
    if (role === undefined) return fit.kind === 'bound' && gaps.length === 0 ? roleRefMisses(binding, search) : [];
    return roleMisses({ binding, role, gaps, search, isNear: fit.kind === 'near' });
  });
}

interface Bound {
  readonly binding: BindingNode;
  readonly role: RoleNode;
  /** Of the binding. */
  readonly gaps: readonly Gap[];
  readonly isNear: boolean;
  readonly search: Search;
}

function roleMisses(bound: Bound): readonly NearMiss[] {
  const { role, search } = bound;
  return role.rules.flatMap((rule, index) => {
    const inRule = ruleGaps(rule, index, search.request, search.words);
    const miss = inRule && toMiss(bound, index, inRule);
    return miss === undefined ? [] : [miss];
  });
}

/** A rule of the system is put back at the next start of the API server. */
function isSystem({ name }: RoleNode): boolean {
  return name.startsWith('system:');
}

function toMiss({ binding, role, gaps, isNear, search }: Bound, index: number, inRule: readonly RuleGap[]): NearMiss | undefined {
  const all = [...gaps, ...inRule.map(({ gap }) => gap)];
  const isFar = inRule.some((gap) => gap.isFar);
  if (all.length === 0 || all.length > (isFar ? 1 : MOST_GAPS) || (isSystem(role) && inRule.length > 0)) return undefined;
  // A Role of another namespace cannot be used here, so that to mend a rule of it would mend nothing.
  if (inRule.length > 0 && role.kind === 'Role' && gaps.some(isElsewhere)) return undefined;
  const roleEdits = inRule.length === 0 ? [] : changeRules(search, role, index, inRule);
  const bindingEdits = editBinding(binding, role, gaps, search);
  const [first] = all as [Gap];
  return {
    code: first.code,
    gaps: all,
    binding,
    role,
    ruleIndex: index,
    closeness: isNear ? 'near' : 'bound',
    isFar,
    edits: [...roleEdits, ...bindingEdits],
    others: roleEdits.length === 0 ? 0 : othersBoundTo(search, roleEdits),
  };
}

function isElsewhere({ code }: Gap): boolean {
  return code === 'wrong-namespace' || code === 'rolebinding-for-cluster-scope';
}

function editBinding(binding: BindingNode, role: RoleNode, gaps: readonly Gap[], search: Search): readonly Edit[] {
  const { graph, request, asker, place, kind } = search;
  if (gaps.length === 0) return [];
  if (!gaps.some(isElsewhere)) return [boundToo(binding, asker.subject)];
  const { subject } = asker;
  if (role.kind === 'ClusterRole')
    return [newBinding(graph, role, { namespace: place, subject, name: `${binding.name}-${place || 'cluster'}` })];
  // A Role can be bound in its own namespace only.
  return role.rules.some((rule) => ruleAllows(rule, request)) || isUrlRequest(request)
    ? newGrant(graph, [request], subject, { kinds: kind ? [kind] : [] })
    : [];
}
