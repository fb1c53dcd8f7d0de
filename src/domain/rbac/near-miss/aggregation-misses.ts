import { editDistance } from '../../../text/did-you-mean.ts';
import { READ_VERBS } from '../../kubernetes/verb.ts';
import { isAggregated, wantedLabels } from '../aggregation.ts';
import type { Edit } from '../edit.ts';
import { RBAC_VERSION } from '../grant-object.ts';
import { ruleAllows } from '../policy-rule.ts';
import { type BindingNode, type RoleNode, roleOf } from '../rbac-graph.ts';
import type { NearMiss } from './cause.ts';
import { othersBoundTo } from './others.ts';
import { newSource } from './role-change.ts';
import { scopeGap } from './scope-gap.ts';
import type { Search } from './search.ts';
import { subjectFit } from './subject-gap.ts';

interface Aggregated {
  readonly binding: BindingNode;
  readonly target: RoleNode;
}

/** Near misses of roles whose rules a controller gathers from others by labels. */
export function aggregationMisses(search: Search): readonly NearMiss[] {
  return boundTargets(search).flatMap((bound) => [...labelMisses(bound, search), ...editedMisses(bound, search)]);
}

/** Aggregated roles that the account holds here, each by its first binding. */
function boundTargets(search: Search): readonly Aggregated[] {
  const found = search.graph.bindings.flatMap((binding) => {
    const target = roleOf(search.graph, binding);
    if (target?.selectors === undefined || scopeGap(binding, search) !== undefined) return [];
    return subjectFit(binding, search.asker).kind === 'bound' ? [{ binding, target }] : [];
  });
  return [...new Map(found.map((bound) => [bound.target, bound])).values()];
}

function labelMisses({ binding, target }: Aggregated, search: Search): readonly NearMiss[] {
  const labels = wantedLabels(target);
  if (labels === undefined) return [];
  const covering = search.graph.roles.filter((source) => isSource(source, target, search));
  return covering.map((source): NearMiss => {
    const edit = labelEdit(source, labels);
    const isMeant = hasNearLabel(source, labels) || (search.graph.bindingsTo(source).length === 0 && !writesForViewers(source, labels));
    return {
      code: 'aggregation-label',
      gaps: [
        {
          code: 'aggregation-label',
          at: 'role',
          field: 'metadata.labels',
          value: JSON.stringify(source.labels),
          wanted: JSON.stringify(labels),
        },
      ],
      binding,
      role: source,
      ruleIndex: source.rules.findIndex((rule) => ruleAllows(rule, search.request)),
      closeness: isMeant ? 'bound' : 'unbound',
      isFar: false,
      edits: [edit],
      others: othersBoundTo(search, [edit, { action: 'change', object: { ...edit.object, metadata: { name: target.name } } }]),
    };
  });
}

function isSource(source: RoleNode, target: RoleNode, { request }: Search): boolean {
  if (source.kind !== 'ClusterRole' || source === target || source.name.startsWith('system:') || isAggregated(source, target)) return false;
  return (
    source.rules.some((rule) => ruleAllows(rule, request)) &&
    !source.rules.some(({ verbs, resources }) => verbs.includes('*') && resources?.includes('*'))
  );
}

function labelEdit({ name, rules, labels }: RoleNode, wanted: Readonly<Record<string, string>>): Edit {
  const object = {
    apiVersion: RBAC_VERSION,
    kind: 'ClusterRole' as const,
    metadata: { name, labels: { ...labels, ...wanted } },
    rules,
  } as const;
  const isFirst = Object.keys(labels).length === 0;
  const one = ([label, value]: [string, string]) => ({
    op: 'add' as const,
    path: `/metadata/labels/${label.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    value,
  });
  return {
    action: 'change',
    object,
    patch: isFirst ? [{ op: 'add', path: '/metadata/labels', value: wanted }] : Object.entries(wanted).map(one),
  };
}

/** A label that is nearly one of those, by key or by value. */
function hasNearLabel({ labels }: RoleNode, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).some(([key]) =>
    Object.keys(labels).some((label) => label.toLowerCase() === key.toLowerCase() || editDistance(label, key) <= 3),
  );
}

/** A role that changes things was hardly meant to be part of one for viewers: `rbac.authorization.k8s.io/aggregate-to-view` and the like. */
function writesForViewers({ rules }: RoleNode, wanted: Readonly<Record<string, string>>): boolean {
  const isForViewers = Object.keys(wanted).some((key) => key.endsWith('-view'));
  return isForViewers && !rules.every(({ verbs }) => verbs.every((verb) => READ_VERBS.includes(verb)));
}

/** A rule that somebody wrote into an aggregated role, and that the controller has taken out again. */
function editedMisses({ binding, target }: Aggregated, search: Search): readonly NearMiss[] {
  const lost = target.lastApplied?.findIndex((rule) => ruleAllows(rule, search.request)) ?? -1;
  if (lost < 0) return [];
  const edits = newSource(search, target);
  return [
    {
      code: 'aggregated-role-edited',
      gaps: [
        {
          code: 'aggregated-role-edited',
          at: 'role',
          field: 'rules',
          value: JSON.stringify(target.lastApplied?.[lost]),
          wanted: 'in a ClusterRole that is aggregated',
        },
      ],
      binding,
      role: target,
      ruleIndex: undefined,
      closeness: 'bound',
      isFar: false,
      edits,
      others: othersBoundTo(search, [
        { action: 'change', object: { apiVersion: RBAC_VERSION, kind: 'ClusterRole', metadata: { name: target.name } } },
      ]),
    },
  ];
}
