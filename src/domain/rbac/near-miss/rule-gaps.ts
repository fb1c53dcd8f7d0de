import type { V1PolicyRule } from '@kubernetes/client-node';
import { editDistance } from '../../../text/did-you-mean.ts';
import { isUnnamedVerb } from '../../kubernetes/verb.ts';
import { type AccessRequest, isUrlRequest, type ResourceAccessRequest, type UrlAccessRequest } from '../access-review.ts';
import { grantRules, ruleResource } from '../grant-rule.ts';
import { nonResourceUrlMatches } from '../policy-rule.ts';
import type { CauseCode, Gap } from './cause.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A field of a rule that does not fit, and the change that makes it fit. */
export interface RuleGap {
  readonly gap: Gap;
  readonly isFar: boolean;
  /** A word to add to a field, or, where a word more would not do, a rule to add to the role. */
  readonly change: { readonly field: keyof V1PolicyRule; readonly word: string } | { readonly rule: V1PolicyRule };
}

type ListField = 'verbs' | 'apiGroups' | 'resources' | 'resourceNames' | 'nonResourceURLs';

/** Letters that a misspelling may have too many, too few or wrong; `p` and `o` are not one of another. */
const NEAR = 2;

/** True if one word may have been meant as the other. Numbers are counted, not misspelt. */
export function isMisspelling(word: string, of: string): boolean {
  if (word === of || Math.abs(word.length - of.length) > NEAR) return false;
  if (word.replace(/\d+/g, '#') === of.replace(/\d+/g, '#')) return false;
  return editDistance(word, of) <= (Math.min(word.length, of.length) < 8 ? 1 : NEAR);
}

/**
 * What keeps one rule from allowing the request: nothing, the fields to change, or undefined if the rule is about something else.
 * @param words undefined for a URL
 */
export function ruleGaps(
  rule: V1PolicyRule,
  index: number,
  request: AccessRequest,
  words: Vocabulary | undefined,
): readonly RuleGap[] | undefined {
  const gaps = isUrlRequest(request) ? urlGaps(rule, index, request) : words && resourceGaps(rule, index, request, words);
  if (gaps === undefined || gaps.includes('other')) return undefined;
  return gaps.filter((gap) => gap !== undefined && gap !== 'other');
}

/** Undefined: the field fits. `other`: the rule is about something else. */
type FieldGap = RuleGap | undefined | 'other';

function gapOf(code: CauseCode, rule: V1PolicyRule, at: { readonly index: number; readonly field: ListField }, wanted: string): RuleGap {
  const { index, field } = at;
  const value = JSON.stringify(rule[field] ?? []);
  return { gap: { code, at: 'role', field: `rules[${index}].${field}`, value, wanted }, isFar: false, change: { field, word: wanted } };
}

function verbGap(rule: V1PolicyRule, index: number, verb: string): FieldGap {
  if (rule.verbs.includes('*') || rule.verbs.includes(verb)) return undefined;
  return gapOf('missing-verb', rule, { index, field: 'verbs' }, verb);
}

function resourceGaps(rule: V1PolicyRule, index: number, request: ResourceAccessRequest, words: Vocabulary): readonly FieldGap[] {
  const resource = resourceGap(rule, index, request, words);
  // Where the group differs only the very word of the kind says what was meant.
  const group = resource === undefined ? groupGap(rule, index, request) : hasGroup(rule, request.group) ? undefined : 'other';
  return [group, resource, nameGap(rule, index, request), verbGap(rule, index, request.verb)];
}

function hasGroup({ apiGroups = [] }: V1PolicyRule, group: string): boolean {
  return apiGroups.includes('*') || apiGroups.includes(group);
}

function groupGap(rule: V1PolicyRule, index: number, request: ResourceAccessRequest): FieldGap {
  if (hasGroup(rule, request.group)) return undefined;
  const isNamed = (rule.resources ?? []).includes(ruleResource(request));
  return isNamed ? gapOf('wrong-api-group', rule, { index, field: 'apiGroups' }, request.group) : 'other';
}

function resourceGap(rule: V1PolicyRule, index: number, request: ResourceAccessRequest, words: Vocabulary): FieldGap {
  const wanted = ruleResource(request);
  const there = rule.resources ?? [];
  const { subresource } = request;
  if (there.includes('*') || there.includes(wanted) || (subresource !== undefined && there.includes(`*/${subresource}`))) return undefined;
  const code = there.map((word) => nearWord(word, rule, request, words)).find((near) => near !== undefined);
  const at = { index, field: 'resources' as const };
  if (code !== undefined) return gapOf(code, rule, at, wanted);
  const isNeighbour = there.length > 0 && (rule.apiGroups ?? []).includes(request.group) && subresource === undefined;
  return isNeighbour ? { ...gapOf('missing-resource', rule, at, wanted), isFar: true } : 'other';
}

function nearWord(
  word: string,
  { apiGroups = [] }: V1PolicyRule,
  request: ResourceAccessRequest,
  words: Vocabulary,
): CauseCode | undefined {
  const [plural = '', subresource] = word.split('/', 2);
  if (plural === request.resource) return 'missing-subresource';
  if (subresource !== request.subresource) return undefined;
  if (words.otherWords.includes(plural.toLowerCase())) return 'singular-resource';
  if (plural.toLowerCase() === request.resource || plural === `${request.resource}.${request.group}`) return 'misspelt-resource';
  const isAnotherKind = apiGroups.some((group) => words.isPlural(group, plural));
  return !isAnotherKind && isMisspelling(plural, request.resource) ? 'misspelt-resource' : undefined;
}

function nameGap(rule: V1PolicyRule, index: number, request: ResourceAccessRequest): FieldGap {
  const names = rule.resourceNames ?? [];
  const name = isUnnamedVerb(request.verb, request.subresource) ? '' : (request.name ?? '');
  if (names.length === 0 || names.includes(request.name ?? '')) return undefined;
  const found = gapOf('resource-names', rule, { index, field: 'resourceNames' }, name);
  if (name !== '') return found;
  // To take the names away would free all verbs of the rule.
  const [added] = grantRules([request]) as readonly unknown[] as readonly V1PolicyRule[];
  return added === undefined ? found : { ...found, gap: { ...found.gap, wanted: '[]' }, change: { rule: added } };
}

function urlGaps(rule: V1PolicyRule, index: number, request: UrlAccessRequest): readonly FieldGap[] {
  return [urlGap(rule, index, request.path), verbGap(rule, index, request.verb)];
}

function urlGap(rule: V1PolicyRule, index: number, path: string): FieldGap {
  if (nonResourceUrlMatches(rule, path)) return undefined;
  const isNear = (rule.nonResourceURLs ?? []).some((url) => isNearUrl(url, path));
  return isNear ? gapOf('non-resource-url', rule, { index, field: 'nonResourceURLs' }, path) : 'other';
}

/** `/x/*` and `/x/` for `/x`, and `/x` for what is below it. */
function isNearUrl(url: string, path: string): boolean {
  const bare = (text: string): string => text.replace(/\/?\**$/, '');
  return bare(url) !== '' && (bare(url) === bare(path) || (!url.endsWith('*') && path.startsWith(`${bare(url)}/`)));
}

/** The rules of a role after the changes to the rule at `index`. */
export function changedRules(rules: readonly V1PolicyRule[], index: number, gaps: readonly RuleGap[]): readonly V1PolicyRule[] {
  const old = rules[index];
  if (old === undefined) return rules;
  const words = gaps.flatMap(({ change }) => ('word' in change ? [change] : []));
  const extra = gaps.flatMap(({ change }) => ('rule' in change ? [change.rule] : []));
  // A rule that is added is whole: then the old one stays as it is.
  if (extra.length > 0) return [...rules, ...extra];
  const fields = words.map(({ field, word }) => [field, [...(old[field] ?? []), word]] as const);
  const rule = { ...old, ...Object.fromEntries(fields) };
  return rules.map((one, at) => (at === index ? rule : one));
}
