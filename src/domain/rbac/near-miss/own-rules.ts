import type { V1PolicyRule } from '@kubernetes/client-node';
import { isUnnamedVerb, STANDARD_VERBS, URL_VERBS } from '../../kubernetes/verb.ts';
import { type AccessRequest, isUrlRequest } from '../access-review.ts';
import type { KnownKind } from '../grant.ts';
import { ruleAllows } from '../policy-rule.ts';
import { CAUSE_CODES, type CauseCode, type Gap } from './cause.ts';
import { type RuleGap, ruleGaps } from './rule-gaps.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Where something holds: in the one namespace, or in all of them and at the cluster scope. */
export type HintScope = 'here' | 'everywhere';

/** What reviews tell of a refusal, without a look at any RBAC object. */
export type ReviewHint =
  /** Listed among what the account may do, and refused all the same. */
  | { readonly code: 'denied-by-authorizer' }
  | { readonly code: 'wrong-namespace'; readonly namespaces: readonly string[] }
  | { readonly code: 'rolebinding-for-cluster-scope'; readonly namespace: string }
  /** Other verbs for the same; `name` if for that object only. */
  | { readonly code: 'missing-verb'; readonly verbs: readonly string[]; readonly name?: string | undefined; readonly scope: HintScope }
  /** The same verb for other kinds of the group: plurals. */
  | { readonly code: 'missing-resource'; readonly resources: readonly string[]; readonly scope: HintScope }
  /** The same verb for the kind itself or others of its subresources, as rules write them. */
  | {
      readonly code: 'missing-subresource';
      readonly resources: readonly string[];
      readonly name?: string | undefined;
      readonly scope: HintScope;
    }
  /** `isWhole`: there are no other names. */
  | { readonly code: 'resource-names'; readonly names: readonly string[]; readonly isWhole: boolean; readonly scope: HintScope }
  /** A rule of the account has another word than the one that would count. */
  | { readonly code: WordCode; readonly gap: Gap };

const WORD_CODES = [
  'missing-verb',
  'wrong-api-group',
  'singular-resource',
  'misspelt-resource',
  'missing-subresource',
  'non-resource-url',
] as const;
type WordCode = (typeof WORD_CODES)[number];

/** The account's own rules, as rules reviews list them. */
export interface OwnRules {
  /** In the namespace that is asked about, or at home for what is in none. */
  readonly here: readonly V1PolicyRule[];
  /** In a namespace that nobody has: what ClusterRoleBindings give. */
  readonly everywhere: readonly V1PolicyRule[];
  readonly namespace: string;
  /** False if an authorizer does not list what it would allow. */
  readonly isWhole: boolean;
}

interface Asked {
  readonly request: AccessRequest;
  readonly kind: KnownKind | undefined;
  /** Undefined for a URL. */
  readonly words: Vocabulary | undefined;
}

/** What the account's own rules tell: that they count in one namespace only, or else the words in which they come near. */
export function ruleHints(rules: OwnRules, asked: Asked): readonly ReviewHint[] {
  const { request, kind } = asked;
  const isLocal = !isUrlRequest(request) && request.namespace !== '';
  const counting = isLocal ? rules.here : rules.everywhere;
  if (counting.some((rule) => ruleAllows(rule, request))) return [{ code: 'denied-by-authorizer' }];
  if (!isLocal && rules.here.some((rule) => ruleAllows(rule, request))) {
    return isUrlRequest(request) || kind?.namespaced === false
      ? [{ code: 'rolebinding-for-cluster-scope', namespace: rules.namespace }]
      : [{ code: 'wrong-namespace', namespaces: [rules.namespace] }];
  }
  return nearHints(counting, rules, asked);
}

interface NearRule extends RuleGap {
  readonly rule: V1PolicyRule;
}

/** Of rules that differ in one field, what each code tells; neighbours of the kind only if no rule names it. */
function nearHints(counting: readonly V1PolicyRule[], rules: OwnRules, { request, words }: Asked): readonly ReviewHint[] {
  const near = counting.flatMap((rule): readonly NearRule[] => {
    const [only, ...more] = ruleGaps(rule, 0, request, words) ?? [];
    return only === undefined || more.length > 0 ? [] : [{ rule, ...only }];
  });
  const nearest = near.some(({ isFar }) => !isFar) ? near.filter(({ isFar }) => !isFar) : near;
  const byCode = [...Map.groupBy(nearest, ({ gap }) => gap.code)].toSorted(([a], [b]) => CAUSE_CODES.indexOf(a) - CAUSE_CODES.indexOf(b));
  return byCode.flatMap(([code, same]) => hintOf(code, same, { rules, request, words }));
}

function hintOf(
  code: CauseCode,
  same: readonly NearRule[],
  { rules, request, words }: Pick<Asked, 'request' | 'words'> & { readonly rules: OwnRules },
): readonly ReviewHint[] {
  const known = new Set(rules.everywhere.map((rule) => JSON.stringify(rule)));
  const scope: HintScope = same.every(({ rule }) => known.has(JSON.stringify(rule))) ? 'everywhere' : 'here';
  const named = (field: 'verbs' | 'resources' | 'resourceNames'): readonly string[] => [
    ...new Set(same.flatMap(({ rule }) => rule[field] ?? [])),
  ];
  const [first] = same;
  switch (code) {
    case 'resource-names':
      return [{ code, names: named('resourceNames').toSorted(), isWhole: rules.isWhole, scope }];
    case 'missing-resource': {
      const groups = [...new Set(same.flatMap(({ rule }) => rule.apiGroups ?? []))];
      const served = named('resources').filter((resource) => groups.some((group) => words?.isPlural(group, resource)));
      return served.length === 0 ? [] : [{ code, resources: served.toSorted(), scope }];
    }
    case 'missing-verb': {
      const verbs = STANDARD.filter((verb) => same.some(({ rule }) => allowsVerb(rule, verb, request)));
      const isNamed = !isUrlRequest(request) && same.every(({ rule }) => (rule.resourceNames ?? []).length > 0);
      if (verbs.length > 0) return [{ code, verbs, ...(isNamed && { name: request.name }), scope }];
      break;
    }
    default:
  }
  const word = WORD_CODES.find((one) => one === code);
  return word === undefined || first === undefined ? [] : [{ code: word, gap: { ...first.gap, code: word } }];
}

const STANDARD = [...new Set([...STANDARD_VERBS, ...URL_VERBS])];

/** Whether such a request would pass: a rule with names never matches one that has none. */
function allowsVerb({ verbs, resourceNames = [] }: V1PolicyRule, verb: string, request: AccessRequest): boolean {
  const isUnnamed = !isUrlRequest(request) && isUnnamedVerb(verb, request.subresource);
  return verbs.includes(verb) && !(isUnnamed && resourceNames.length > 0);
}
