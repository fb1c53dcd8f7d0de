import { isUnnamedVerb, STANDARD_VERBS } from '../kubernetes/verb.ts';
import { type AccessRequest, isResourceRequest, isUrlRequest, type ResourceAccessRequest, type UrlAccessRequest } from './access-review.ts';

/** One rule of a role that grants exactly what was asked; fields as in PolicyRule of rbac.authorization.k8s.io/v1. */
export type GrantRule =
  | {
      readonly apiGroups: readonly [string];
      readonly resources: readonly string[];
      readonly verbs: readonly string[];
      readonly resourceNames?: readonly string[];
    }
  | { readonly nonResourceURLs: readonly string[]; readonly verbs: readonly string[] };

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function verbRank(verb: string): number {
  const rank = STANDARD_VERBS.indexOf(verb);
  return rank === -1 ? STANDARD_VERBS.length : rank;
}

/** Each once, in the order that people write them in; others follow alphabetically. */
export function sortVerbs(verbs: Iterable<string>): readonly string[] {
  return [...new Set(verbs)].sort((a, b) => verbRank(a) - verbRank(b) || compare(a, b));
}

export function sortNames(names: Iterable<string>): readonly string[] {
  return [...new Set(names)].sort(compare);
}

/** `resource` or `resource/subresource`, as `resources` of a rule holds it. */
export function ruleResource(request: ResourceAccessRequest): string {
  return request.subresource === undefined ? request.resource : `${request.resource}/${request.subresource}`;
}

/** What `resources` of a rule holds → its parts; the subresource is all that stands behind the first slash. */
export function splitResource(resource: string): { readonly plural: string; readonly subresource?: string } {
  const slash = resource.indexOf('/');
  return slash === -1 ? { plural: resource } : { plural: resource.slice(0, slash), subresource: resource.slice(slash + 1) };
}

// A rule limited by name can never grant a request in which the authorizer sees none.
function ruleName({ verb, subresource, name = '' }: ResourceAccessRequest): string {
  return isUnnamedVerb(verb, subresource) ? '' : name;
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): readonly (readonly T[])[] {
  return [...Map.groupBy(items, key).entries()].sort(([a], [b]) => compare(a, b)).map(([, members]) => members);
}

interface Need {
  readonly group: string;
  readonly resource: string;
  /** `''` is any name. */
  readonly name: string;
  readonly verbs: readonly string[];
}

function verbsFor(requests: readonly ResourceAccessRequest[], name: string): readonly string[] {
  return sortVerbs(requests.filter((request) => ruleName(request) === name).map((request) => request.verb));
}

/** The needs of one resource, one for each name: verbs that are needed for any name are not repeated for particular ones. */
function needsOf(requests: readonly ResourceAccessRequest[]): readonly Need[] {
  const [first] = requests;
  if (first === undefined) return [];
  const anyName = verbsFor(requests, '');
  return sortNames(requests.map(ruleName))
    .map((name) => ({
      group: first.group,
      resource: ruleResource(first),
      name,
      verbs: verbsFor(requests, name).filter((verb) => name === '' || !anyName.includes(verb)),
    }))
    .filter((need) => need.verbs.length > 0);
}

interface NamedNeed extends Omit<Need, 'name'> {
  readonly names: readonly string[];
}

function mergeNames(needs: readonly Need[]): readonly NamedNeed[] {
  const isNamed = (need: Need) => need.name !== '';
  return groupBy(needs, (need) => JSON.stringify([need.group, need.resource, isNamed(need), need.verbs])).map((same) => ({
    ...(same[0] as Need),
    names: sortNames(same.filter(isNamed).map((need) => need.name)),
  }));
}

function toRule(same: readonly NamedNeed[]): GrantRule {
  const { group, verbs, names } = same[0] as NamedNeed;
  const resources = sortNames(same.map((need) => need.resource));
  return { apiGroups: [group], resources, ...(names.length > 0 && { resourceNames: names }), verbs };
}

function urlRules(requests: readonly UrlAccessRequest[]): readonly GrantRule[] {
  const byPath = groupBy(requests, (request) => request.path).map((same) => ({
    path: (same[0] as UrlAccessRequest).path,
    verbs: sortVerbs(same.map((request) => request.verb)),
  }));
  return groupBy(byPath, ({ verbs }) => verbs.join()).map((same) => ({
    nonResourceURLs: sortNames(same.map(({ path }) => path)),
    verbs: (same[0] as { verbs: readonly string[] }).verbs,
  }));
}

/**
 * The fewest rules that grant exactly these requests in one scope: resources share a rule only if their group, verbs and names are
 * equal, so that no rule is a cross product of different needs. The order is the same whatever the order of the requests.
 */
export function grantRules(requests: readonly AccessRequest[]): readonly GrantRule[] {
  const resources = requests.filter(isResourceRequest);
  const needs = groupBy(resources, (request) => JSON.stringify([request.group, ruleResource(request)])).flatMap(needsOf);
  const merged = groupBy(mergeNames(needs), (need) => JSON.stringify([need.group, need.names, need.verbs])).map(toRule);
  return [...merged, ...urlRules(requests.filter(isUrlRequest))];
}
