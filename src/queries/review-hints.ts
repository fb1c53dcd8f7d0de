import type { Limit } from '../async/in-flight.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { NAMESPACES } from '../domain/kubernetes/core-kinds.ts';
import { fieldOf } from '../domain/kubernetes/json-value.ts';
import type { Discovery } from '../domain/kubernetes/resource.ts';
import { STANDARD_VERBS } from '../domain/kubernetes/verb.ts';
import { type AccessRequest, isUrlRequest, type ResourceAccessRequest } from '../domain/rbac/access-review.ts';
import { type OwnRules, type ReviewHint, ruleHints } from '../domain/rbac/near-miss/review-hints.ts';
import { vocabularyFor } from '../domain/rbac/near-miss/vocabulary.ts';
import type { AskAccess, Question } from '../domain/rbac/question.ts';
import { readRules } from '../domain/rbac/read-objects.ts';
import { RULES_REVIEW, rulesReview } from '../domain/rbac/review-object.ts';
import { answerOf } from '../domain/rbac/verdict.ts';
import { reviewFailure } from './review-failure.ts';

export interface HintAsker {
  readonly cluster: Cluster;
  readonly limit: Limit;
  readonly ask: AskAccess;
  readonly discovery: Discovery | undefined;
  /** Where the account is likely to have rights: its own namespace, that of the context. */
  readonly homes: readonly string[];
  /** The caller is the account, so that its rules can be listed. */
  readonly isSelf: boolean;
}

/** Reviews that one refusal is worth, the lists of rules among them. */
const MOST_NAMESPACES = 12;

async function isAllowed(ask: AskAccess, request: AccessRequest): Promise<boolean> {
  return answerOf((await ask(request)).verdict) === 'yes';
}

async function ownRules({ cluster, limit }: HintAsker, namespace: string): Promise<OwnRules | undefined> {
  try {
    const { status } = await limit(() => cluster.create(RULES_REVIEW, rulesReview(namespace), {}));
    return { rules: readRules(fieldOf(status, 'resourceRules')).rules, namespace };
  } catch (error) {
    reviewFailure(error);
    return undefined;
  }
}

async function otherNamespaces({ cluster, limit, homes }: HintAsker, namespace: string): Promise<readonly string[]> {
  const listed = await limit(() => namespaceNames(cluster));
  return [...new Set([...homes, ...listed])].filter((name) => name !== '' && name !== namespace).slice(0, MOST_NAMESPACES);
}

async function namespaceNames(cluster: Cluster): Promise<readonly string[]> {
  try {
    const { items } = await cluster.list(NAMESPACES, {}, ({ metadata: { name = '' } }) => name);
    return items;
  } catch (error) {
    reviewFailure(error);
    return [];
  }
}

/** The same request elsewhere: in other namespaces, or for a cluster-scoped kind inside one, where only a RoleBinding says yes. */
async function elsewhere(question: Question, request: ResourceAccessRequest, asker: HintAsker): Promise<readonly ReviewHint[]> {
  const isClusterWide = question.kind?.namespaced === false;
  const namespaces = isClusterWide ? asker.homes.filter((name) => name !== '') : await otherNamespaces(asker, request.namespace);
  const answers = await Promise.all(
    namespaces.map(async (namespace) => ((await isAllowed(asker.ask, { ...request, namespace })) ? [namespace] : [])),
  );
  const allowed = answers.flat();
  const [first] = allowed;
  if (first === undefined) return [];
  return [isClusterWide ? { code: 'rolebinding-for-cluster-scope', namespace: first } : { code: 'wrong-namespace', namespaces: allowed }];
}

async function otherVerbs(request: ResourceAccessRequest, { ask }: HintAsker): Promise<readonly ReviewHint[]> {
  const verbs = STANDARD_VERBS.filter((verb) => verb !== request.verb && verb !== 'deletecollection');
  const answers = await Promise.all(verbs.map(async (verb) => ((await isAllowed(ask, { ...request, verb })) ? [verb] : [])));
  const allowed = answers.flat();
  return allowed.length === 0 ? [] : [{ code: 'missing-verb', verbs: allowed }];
}

/** What reviews tell of a refusal where RBAC objects cannot be read: at most two dozen, all under way together. */
export async function reviewHints(question: Question, asker: HintAsker): Promise<readonly ReviewHint[]> {
  const { request, kind } = question;
  if (isUrlRequest(request)) return [];
  const [place = 'default'] = [request.namespace, ...asker.homes].filter((name) => name !== '');
  const [rules, there] = await Promise.all([asker.isSelf ? ownRules(asker, place) : undefined, elsewhere(question, request, asker)]);
  const words = vocabularyFor(request, asker.discovery);
  const ofRules = rules === undefined ? await otherVerbs(request, asker) : ruleHints(rules, request, { kind, words });
  return [...there, ...ofRules.filter(({ code }) => !there.some((hint) => hint.code === code))];
}
