import type { V1NonResourceRule, V1ResourceRule } from '@kubernetes/client-node';
import { KSERVE_GROUP, LEGACY_GROUP } from '../kserve/kinds.ts';
import { sortNames, sortVerbs, splitResource } from './grant-rule.ts';
import { nonResourceUrlMatches } from './policy-rule.ts';

/** `status` of a SelfSubjectRulesReview. */
export interface RulesStatus {
  readonly resourceRules: readonly V1ResourceRule[];
  readonly nonResourceRules: readonly V1NonResourceRule[];
  readonly incomplete: boolean;
  /** `''` if there was none. */
  readonly evaluationError: string;
}

interface AccessRule {
  /** `plural.group`; a wildcard stays one. */
  readonly resources: readonly string[];
  readonly nonResourceURLs: readonly string[];
  /** Empty: any name. */
  readonly resourceNames: readonly string[];
  /** `cluster-wide`, or the one namespace that it holds in. */
  readonly scope: string;
  readonly verbs: readonly string[];
}

export interface AccessRules {
  readonly rules: readonly AccessRule[];
  readonly incomplete: boolean;
  readonly evaluationErrors: readonly string[];
}

/** Scope of a rule that holds everywhere. */
export const CLUSTER_WIDE = 'cluster-wide';
const API_PATH = `/apis/${KSERVE_GROUP}`;

function qualified(resource: string, group: string): string {
  if (group === '*' && resource === '*') return '*';
  const { plural, subresource } = splitResource(resource);
  return subresource === undefined ? `${plural}.${group}` : `${plural}.${group}/${subresource}`;
}

/** Groups of rules about KServe, or that were meant to be: its old name, and its name with a version, which no request matches. */
function isAboutKserve(group: string): boolean {
  return [KSERVE_GROUP, LEGACY_GROUP, '*'].includes(group) || group.startsWith(`${KSERVE_GROUP}/`);
}

function toResourceRule(rule: V1ResourceRule, scope: string): readonly AccessRule[] {
  const groups = (rule.apiGroups ?? []).filter(isAboutKserve);
  if (groups.length === 0) return [];
  const resources = groups.flatMap((group) => (rule.resources ?? []).map((resource) => qualified(resource, group)));
  const resourceNames = sortNames(rule.resourceNames ?? []);
  return [{ resources: sortNames(resources), nonResourceURLs: [], resourceNames, scope, verbs: sortVerbs(rule.verbs) }];
}

// Rules about URLs matter here as far as they open the paths of KServe's API, which discovery goes through.
function toUrlRule({ nonResourceURLs = [], verbs }: V1NonResourceRule, scope: string): readonly AccessRule[] {
  const opens = nonResourceURLs.some((url) => nonResourceUrlMatches({ nonResourceURLs: [url], verbs }, API_PATH));
  return opens ? [{ resources: [], nonResourceURLs: sortNames(nonResourceURLs), resourceNames: [], scope, verbs: sortVerbs(verbs) }] : [];
}

function toRules({ resourceRules, nonResourceRules }: RulesStatus, scope: string): readonly AccessRule[] {
  return [...resourceRules.flatMap((rule) => toResourceRule(rule, scope)), ...nonResourceRules.flatMap((rule) => toUrlRule(rule, scope))];
}

function ruleKey({ scope: _, ...rule }: AccessRule): string {
  return JSON.stringify(rule);
}

// Resources before URLs, then by what is granted: the server's own order varies.
function sortKey(rule: AccessRule): string {
  return JSON.stringify([rule.resources.length === 0, rule.resources, rule.nonResourceURLs, rule.resourceNames, rule.scope, rule.verbs]);
}

/**
 * The rules for KServe, each with where it holds: what a namespace that does not exist has too holds cluster-wide.
 * @param everywhere the rules in a namespace that does not exist
 * @param here the rules by namespace
 */
export function accessRules(everywhere: RulesStatus, here: ReadonlyMap<string, RulesStatus>): AccessRules {
  const wide = toRules(everywhere, CLUSTER_WIDE);
  const known = new Set(wide.map(ruleKey));
  const local = [...here].flatMap(([namespace, status]) => toRules(status, namespace).filter((rule) => !known.has(ruleKey(rule))));
  const unique = [...new Map([...wide, ...local].map((rule) => [sortKey(rule), rule])).entries()];
  const statuses = [everywhere, ...here.values()];
  return {
    rules: unique.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rule]) => rule),
    incomplete: statuses.some(({ incomplete }) => incomplete),
    evaluationErrors: [...new Set(statuses.map(({ evaluationError }) => evaluationError))].filter((error) => error !== ''),
  };
}
