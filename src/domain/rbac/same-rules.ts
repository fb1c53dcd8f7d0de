import type { V1PolicyRule } from '@kubernetes/client-node';
import type { GrantRole } from './grant-object.ts';
import type { GrantRule } from './grant-rule.ts';

interface HeldRole {
  readonly rules: readonly V1PolicyRule[];
  readonly isAggregated: boolean;
}

/** Any name. `''` is one, and matches requests without a name only. */
const ANY_NAME = [null];

function orNone<T>(values: readonly T[] | undefined, none: readonly (T | null)[]): readonly (T | null)[] {
  return values === undefined || values.length === 0 ? none : values;
}

/** Every combination that a rule allows, wildcards taken as words. */
function rights(rule: V1PolicyRule): readonly string[] {
  const { apiGroups = [], resources = [], nonResourceURLs = [], verbs } = rule;
  const names = orNone(rule.resourceNames, ANY_NAME);
  const onResources = apiGroups.flatMap((group) => resources.flatMap((resource) => names.map((name) => [group, resource, name])));
  const targets = [...onResources, ...nonResourceURLs.map((url) => [url])];
  return targets.flatMap((target) => verbs.map((verb) => JSON.stringify([verb, ...target])));
}

/** Whether a role of a grant is there already. Rules of an aggregated role are not its own: a controller rewrites them. */
export function isSameRole(wanted: GrantRole, { rules, isAggregated }: HeldRole): boolean {
  return !isAggregated && sameRules(wanted.rules, rules);
}

/**
 * Whether a role holds what a grant would put into it, no less and no more, however its rules are cut.
 * @internal exported for its tests
 */
export function sameRules(wanted: readonly GrantRule[], held: readonly V1PolicyRule[]): boolean {
  const [a, b] = [new Set((wanted as readonly V1PolicyRule[]).flatMap(rights)), new Set(held.flatMap(rights))];
  return a.size === b.size && a.isSubsetOf(b);
}
