import type { V1PolicyRule } from '@kubernetes/client-node';
import type { Limit } from '../../../async/in-flight.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import { fieldOf } from '../../../domain/kubernetes/json-value.ts';
import { isUnnamedVerb } from '../../../domain/kubernetes/verb.ts';
import { isResourceRequest, type ResourceAccessRequest } from '../../../domain/rbac/access-review.ts';
import { ruleAllows } from '../../../domain/rbac/policy-rule.ts';
import type { AnsweredQuestion } from '../../../domain/rbac/question.ts';
import { readRules } from '../../../domain/rbac/read-objects.ts';
import { RULES_REVIEW, rulesReview } from '../../../domain/rbac/review-object.ts';
import { reviewFailure } from '../../../queries/review-failure.ts';
import { nameSelector, shellCommand } from '../../../text/shell.ts';

/** Names that a rule limits a refused, unnamed request to. */
export interface NamedRule {
  readonly request: ResourceAccessRequest;
  readonly names: readonly string[];
}

function unnamedRefusals(questions: readonly AnsweredQuestion[]): readonly ResourceAccessRequest[] {
  const requests = questions.filter(({ verdict }) => verdict.state === 'noOpinion').map(({ request }) => request);
  return requests.filter(isResourceRequest).filter((request) => !request.name && request.namespace !== '');
}

// An explanation only: whatever cannot be had is left out.
async function resourceRules(cluster: Cluster, namespace: string): Promise<readonly V1PolicyRule[]> {
  try {
    const { status } = await cluster.create(RULES_REVIEW, rulesReview(namespace), {});
    return readRules(fieldOf(status, 'resourceRules')).rules;
  } catch (error) {
    reviewFailure(error);
    return [];
  }
}

// A rule without names was asked already: the request is refused.
function coversSomeName(rule: V1PolicyRule, request: ResourceAccessRequest): boolean {
  return (rule.resourceNames ?? []).length > 0 && ruleAllows({ ...rule, resourceNames: [] }, request);
}

/** Looks in the caller's own rules for those that would allow a refused request, were they not limited to names. */
export async function findNamedRules(
  questions: readonly AnsweredQuestion[],
  { cluster, limit }: { readonly cluster: Cluster; readonly limit: Limit },
): Promise<readonly NamedRule[]> {
  const refused = unnamedRefusals(questions);
  const namespaces = [...new Set(refused.map(({ namespace }) => namespace))];
  const lists = namespaces.map(async (namespace) => [namespace, await limit(() => resourceRules(cluster, namespace))] as const);
  const rules = new Map(await Promise.all(lists));
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
  const isList = verb === 'list' || verb === 'watch';
  return isList ? `${only}: ask with ${shellCommand([nameSelector(names[0] ?? '')])}.` : `${only}.`;
}
