import { shortHash } from '../../kubernetes/object-name.ts';
import { isAggregated, wantedLabels } from '../aggregation.ts';
import { type Edit, type PatchOperation, roleObject } from '../edit.ts';
import { RBAC_VERSION } from '../grant-object.ts';
import { grantRules } from '../grant-rule.ts';
import type { RoleNode } from '../rbac-graph.ts';
import { changedRules, type RuleGap } from './rule-gaps.ts';
import type { Search } from './search.ts';

/** The edit that changes a rule: of the role itself, or where a controller writes its rules of the role that they come from. */
export function changeRules(search: Search, role: RoleNode, index: number, gaps: readonly RuleGap[]): readonly Edit[] {
  if (role.selectors === undefined) return [changeRole(role, index, gaps)];
  const rule = JSON.stringify(role.rules[index]);
  const sources = search.graph.roles.filter((source) => source.selectors === undefined && isAggregated(source, role));
  for (const source of sources) {
    const at = source.rules.findIndex((one) => JSON.stringify(one) === rule);
    if (at >= 0) return [changeRole(source, at, gaps)];
  }
  return newSource(search, role);
}

function changeRole(role: RoleNode, index: number, gaps: readonly RuleGap[]): Edit {
  const rules = changedRules(role.rules, index, gaps);
  const patch = gaps.map(({ change }): PatchOperation => {
    if ('rule' in change) return { op: 'add', path: '/rules/-', value: change.rule };
    return { op: 'add', path: `/rules/${index}/${change.field}/-`, value: change.word };
  });
  // A rule has no other name than its place, which another writer may have moved.
  const test: PatchOperation = { op: 'test', path: `/rules/${index}`, value: role.rules[index] };
  return { action: 'change', object: roleObject(role, rules), patch: [test, ...patch] };
}

/** A ClusterRole of exactly what is asked that an aggregated role takes in; nothing if its selectors name no labels. */
export function newSource({ request }: Search, target: RoleNode): readonly Edit[] {
  const labels = wantedLabels(target);
  if (labels === undefined) return [];
  const rules = grantRules([request]) as readonly unknown[] as Edit['object']['rules'];
  const name = `${target.name}-${shortHash(JSON.stringify(rules))}`;
  return [{ action: 'create', object: { apiVersion: RBAC_VERSION, kind: 'ClusterRole', metadata: { name, labels }, rules: rules ?? [] } }];
}
