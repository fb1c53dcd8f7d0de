import type { V1PolicyRule } from '@kubernetes/client-node';
import { type AccessRequest, isUrlRequest } from '../access-review.ts';
import type { KnownKind } from '../grant.ts';
import { ruleAllows } from '../policy-rule.ts';
import { CAUSE_CODES, type CauseCode, type Gap } from './cause.ts';
import { ruleGaps } from './rule-gaps.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What reviews tell of a refusal, without a look at any RBAC object. */
export type ReviewHint =
  | { readonly code: 'wrong-namespace'; readonly namespaces: readonly string[] }
  | { readonly code: 'rolebinding-for-cluster-scope'; readonly namespace: string }
  | { readonly code: 'missing-verb'; readonly verbs: readonly string[] }
  | {
      readonly code: Exclude<CauseCode, 'wrong-namespace' | 'rolebinding-for-cluster-scope'>;
      readonly rule: V1PolicyRule;
      readonly gap: Gap;
    };

/** The account's own rules, as a rules review lists them. */
export interface OwnRules {
  readonly rules: readonly V1PolicyRule[];
  /** Where the review was made. */
  readonly namespace: string;
}

/** The rule of the account that comes nearest to the request: at most one hint, as rules do not say where they come from. */
export function ruleHints(
  { rules, namespace }: OwnRules,
  request: AccessRequest,
  { kind, words }: { readonly kind: KnownKind | undefined; readonly words: Vocabulary | undefined },
): readonly ReviewHint[] {
  const covering = rules.find((rule) => ruleAllows(rule, request));
  if (covering !== undefined) {
    return kind?.namespaced === false || isUrlRequest(request) ? [{ code: 'rolebinding-for-cluster-scope', namespace }] : [];
  }
  const near = rules.flatMap((rule) => {
    const gaps = ruleGaps(rule, 0, request, words);
    const [only] = gaps ?? [];
    return gaps?.length === 1 && only !== undefined ? [{ rule, ...only }] : [];
  });
  const [best] = near.toSorted(
    (a, b) => Number(a.isFar) - Number(b.isFar) || CAUSE_CODES.indexOf(a.gap.code) - CAUSE_CODES.indexOf(b.gap.code),
  );
  return best === undefined ? [] : [{ code: best.gap.code as 'missing-resource', rule: best.rule, gap: best.gap }];
}
