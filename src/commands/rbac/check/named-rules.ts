import type { V1PolicyRule } from '@kubernetes/client-node';
import { isResourceRequest, type ResourceAccessRequest } from '../../../domain/rbac/access-review.ts';
import { ruleAllows } from '../../../domain/rbac/policy-rule.ts';
import type { AnsweredQuestion } from '../../../domain/rbac/question.ts';

/** Names that a rule limits a refused request to: it names none, or another. */
export interface NamedRule {
  readonly request: ResourceAccessRequest;
  readonly names: readonly string[];
}

function refusals(questions: readonly AnsweredQuestion[]): readonly ResourceAccessRequest[] {
  return questions
    .filter(({ verdict }) => verdict.state === 'noOpinion')
    .map(({ request }) => request)
    .filter(isResourceRequest);
}

// A rule without names was asked already: the request is refused.
function coversSomeName(rule: V1PolicyRule, request: ResourceAccessRequest): boolean {
  return (rule.resourceNames ?? []).length > 0 && ruleAllows({ ...rule, resourceNames: [] }, request);
}

/**
 * Looks in the rules of whoever is asked about for those that would allow a refused request, were they not limited to names.
 * @param rulesIn the rules that hold in a namespace (`''`: everywhere)
 */
export async function findNamedRules(
  questions: readonly AnsweredQuestion[],
  rulesIn: (namespace: string) => Promise<readonly V1PolicyRule[]>,
): Promise<readonly NamedRule[]> {
  const refused = refusals(questions);
  const namespaces = [...new Set(refused.map(({ namespace }) => namespace))];
  const rules = new Map(await Promise.all(namespaces.map(async (namespace) => [namespace, await rulesIn(namespace)] as const)));
  return refused.flatMap((request) => {
    const limited = (rules.get(request.namespace) ?? []).filter((rule) => coversSomeName(rule, request));
    const names = [...new Set(limited.flatMap(({ resourceNames = [] }) => resourceNames))].sort();
    return names.length === 0 ? [] : [{ request, names }];
  });
}
