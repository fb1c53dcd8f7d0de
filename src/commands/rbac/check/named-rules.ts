import type { V1PolicyRule } from '@kubernetes/client-node';
import { isUnnamedVerb } from '../../../domain/kubernetes/verb.ts';
import { isResourceRequest, type ResourceAccessRequest } from '../../../domain/rbac/access-review.ts';
import { ruleAllows } from '../../../domain/rbac/policy-rule.ts';
import type { AnsweredQuestion } from '../../../domain/rbac/question.ts';
import { nameSelector, shellCommand } from '../../../text/shell.ts';

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

const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9.:-]*$/;

function listNames(names: readonly string[]): string {
  return names.map((name) => (PLAIN_NAME.test(name) ? name : JSON.stringify(name))).join(', ');
}

/** What can be done within such a rule, as a sentence. */
export function namedRuleText({ request, names }: NamedRule): string {
  const { verb, resource, subresource } = request;
  const only = `A rule allows ${verb} of ${resource} for ${names.length > 1 ? 'the names' : 'the name'} ${listNames(names)} only`;
  if (isUnnamedVerb(verb, subresource)) return `${only}, which never matches: the server does not look at names for ${verb}.`;
  if (request.name !== undefined) return `${only}.`;
  const isList = verb === 'list' || verb === 'watch';
  return isList ? `${only}: ask with ${shellCommand([nameSelector(names[0] ?? '')])}.` : `${only}.`;
}
