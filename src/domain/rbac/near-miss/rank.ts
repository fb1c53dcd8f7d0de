import { CAUSE_CODES, type Closeness, type NearMiss } from './cause.ts';

const CLOSENESS: readonly Closeness[] = ['bound', 'near', 'unbound'];

/** Causes that the server itself names in its reason. */
const STATED = ['dangling-role-ref', 'role-ref-kind'];

/** What is compared, in this order: numbers by size, words by the alphabet. */
function sortKeys(miss: NearMiss): readonly (number | string)[] {
  const { code, gaps, closeness, isFar, others, role, binding, ruleIndex } = miss;
  return [
    STATED.includes(code) ? 0 : 1,
    gaps.length,
    CLOSENESS.indexOf(closeness),
    isFar ? 1 : 0,
    others,
    CAUSE_CODES.indexOf(code),
    // Of roles that could be bound, the one that gives least.
    closeness === 'unbound' ? breadth(miss) : 0,
    binding?.namespace ?? role?.namespace ?? '',
    role?.name ?? '',
    binding?.name ?? '',
    ruleIndex ?? -1,
  ];
}

function breadth({ role }: NearMiss): number {
  const wide = (words: readonly string[] = []): number => (words.includes('*') ? 100 : words.length);
  return (role?.rules ?? []).reduce(
    (sum, { verbs, apiGroups, resources, nonResourceURLs }) =>
      sum + wide(verbs) * (wide(apiGroups) * wide(resources) + wide(nonResourceURLs)),
    0,
  );
}

function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  const [first, second] = [a[at], b[at]];
  return first === undefined || second === undefined || first === second ? 0 : first < second ? -1 : 1;
}

/** One miss for what is the same fault: a role that is bound twice lacks its verb once. */
function faultKey({ gaps, role, binding }: NearMiss): string {
  const isInRole = gaps.some(({ at }) => at === 'role');
  const where =
    role === undefined || (!isInRole && role.kind === 'Role')
      ? [binding?.kind, binding?.namespace, binding?.name]
      : [role.kind, role.namespace, role.name];
  return JSON.stringify([gaps.map(({ code, field }) => [code, isInRole ? field : '']), where]);
}

/** Best first, without repetitions; the order of the objects plays no part. */
export function rankMisses(misses: readonly NearMiss[]): readonly NearMiss[] {
  const keyed = misses.map((miss) => ({ miss, keys: sortKeys(miss) }));
  const sorted = keyed.toSorted((a, b) => compare(a.keys, b.keys)).map(({ miss }) => miss);
  const first = new Map<string, NearMiss>();
  for (const miss of sorted) if (!first.has(faultKey(miss))) first.set(faultKey(miss), miss);
  return [...first.values()];
}
