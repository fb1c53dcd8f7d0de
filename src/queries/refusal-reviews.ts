import type { Limit } from '../async/in-flight.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { KSERVE_KINDS } from '../domain/kserve/kinds.ts';
import { NAMESPACES } from '../domain/kubernetes/core-kinds.ts';
import { fieldOf } from '../domain/kubernetes/json-value.ts';
import type { ApiResource, Discovery } from '../domain/kubernetes/resource.ts';
import { isUnnamedVerb, STANDARD_VERBS, URL_VERBS } from '../domain/kubernetes/verb.ts';
import { type AccessRequest, isUrlRequest, type ResourceAccessRequest } from '../domain/rbac/access-review.ts';
import { ruleResource } from '../domain/rbac/grant-rule.ts';
import { type OwnRules, type ReviewHint, ruleHints } from '../domain/rbac/near-miss/own-rules.ts';
import { vocabularyFor } from '../domain/rbac/near-miss/vocabulary.ts';
import type { AskAccess, Question } from '../domain/rbac/question.ts';
import { readRules } from '../domain/rbac/read-objects.ts';
import { RULES_REVIEW, rulesReview } from '../domain/rbac/review-object.ts';
import { answerOf } from '../domain/rbac/verdict.ts';
import { reviewFailure } from './review-failure.ts';
import { absentNamespace } from './subject-rules.ts';

export interface HintAsker {
  readonly cluster: Cluster;
  readonly limit: Limit;
  readonly ask: AskAccess;
  readonly now: Date;
  readonly discovery: Discovery | undefined;
  /** Where the account is likely to have rights: its own namespace, that of the context. */
  readonly homes: readonly string[];
  /** The caller is the account, so that its rules can be listed. */
  readonly isSelf: boolean;
}

// Together two dozen reviews for one refusal: those of namespaces, two lists of rules, and variations of the request.
const MOST_NAMESPACES = 10;
const MOST_VARIATIONS = 12;
const MOST_NEIGHBOURS = 4;

/** What reviews tell of a refusal where RBAC objects cannot be read: at most two dozen, all under way together. */
export async function reviewHints(question: Question, asker: HintAsker): Promise<readonly ReviewHint[]> {
  const [there, here] = await Promise.all([
    elsewhere(question, asker),
    asker.isSelf ? ownHints(question, asker) : variations(question, asker),
  ]);
  return [...there, ...here.filter(({ code }) => !there.some((hint) => hint.code === code))];
}

/** What the rules of the caller tell; single reviews only where they cannot be listed, or not all of them. */
async function ownHints(question: Question, asker: HintAsker): Promise<readonly ReviewHint[]> {
  const rules = await ownRules(question.request, asker);
  const hints = rules === undefined ? [] : hintsOfRules(rules, question, asker);
  return rules?.isWhole || hints.length > 0 ? hints : variations(question, asker);
}

function hintsOfRules(rules: OwnRules, { request, kind }: Question, { discovery }: HintAsker): readonly ReviewHint[] {
  return ruleHints(rules, { request, kind, words: isUrlRequest(request) ? undefined : vocabularyFor(request, discovery) });
}

async function isAllowed(ask: AskAccess, request: AccessRequest): Promise<boolean> {
  return answerOf((await ask(request)).verdict) === 'yes';
}

/** Those of the things that the account is allowed, each asked about by one review. */
async function allowed<T>(things: readonly T[], { ask }: HintAsker, toRequest: (thing: T) => AccessRequest): Promise<readonly T[]> {
  const answers = await Promise.all(things.map(async (thing) => ((await isAllowed(ask, toRequest(thing))) ? [thing] : [])));
  return answers.flat();
}

/** The rules of the caller where it asked, and those that hold everywhere: what a namespace that does not exist has too. */
async function ownRules(request: AccessRequest, asker: HintAsker): Promise<OwnRules | undefined> {
  const place = isUrlRequest(request) ? '' : request.namespace;
  const [namespace = 'default'] = [place, ...asker.homes].filter((name) => name !== '');
  const [here, everywhere] = await Promise.all([rulesIn(asker, namespace), rulesIn(asker, absentNamespace([namespace], asker.now))]);
  if (here === undefined || everywhere === undefined) return undefined;
  return { here: here.rules, everywhere: everywhere.rules, namespace, isWhole: here.isWhole && everywhere.isWhole };
}

async function rulesIn(
  { cluster, limit }: HintAsker,
  namespace: string,
): Promise<(Pick<OwnRules, 'isWhole'> & ReturnType<typeof readRules>) | undefined> {
  try {
    const { status } = await limit(() => cluster.create(RULES_REVIEW, rulesReview(namespace), {}));
    const rules = [...readRules(fieldOf(status, 'resourceRules')).rules, ...readRules(fieldOf(status, 'nonResourceRules')).rules];
    return { rules, isWhole: fieldOf(status, 'incomplete') !== true };
  } catch (error) {
    reviewFailure(error);
    return undefined;
  }
}

/** The same request elsewhere: in other namespaces, or for a cluster-scoped kind inside one, where only a RoleBinding says yes. */
async function elsewhere({ request, kind }: Question, asker: HintAsker): Promise<readonly ReviewHint[]> {
  if (isUrlRequest(request)) return [];
  const isClusterWide = kind?.namespaced === false;
  const listed = isClusterWide ? [] : await asker.limit(() => namespaceNames(asker.cluster));
  const others = [...new Set([...asker.homes, ...listed])].filter((name) => name !== '' && name !== request.namespace);
  const there = await allowed(others.slice(0, MOST_NAMESPACES), asker, (namespace) => ({ ...request, namespace }));
  const [first] = there;
  if (first === undefined) return [];
  return [isClusterWide ? { code: 'rolebinding-for-cluster-scope', namespace: first } : { code: 'wrong-namespace', namespaces: there }];
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

/** The same request with another verb, subresource or kind, where the rules of the account cannot be listed. */
async function variations({ request, kind }: Question, asker: HintAsker): Promise<readonly ReviewHint[]> {
  const scope = 'here';
  if (isUrlRequest(request)) {
    const verbs = await allowed(
      URL_VERBS.filter((verb) => verb !== request.verb),
      asker,
      (verb) => ({ ...request, verb }),
    );
    return verbs.length === 0 ? [] : [{ code: 'missing-verb', verbs, scope }];
  }
  const verbs = STANDARD_VERBS.filter((verb) => verb !== request.verb && verb !== 'deletecollection');
  const variants: readonly ResourceAccessRequest[] = [
    ...verbs.map((verb) => withVerb(request, verb)),
    ...nearKinds(request, asker.discovery, kind?.namespaced),
  ];
  const yes = await allowed(variants.slice(0, MOST_VARIATIONS), asker, (variant) => variant);
  const otherVerbs = yes.filter(({ verb }) => verb !== request.verb);
  // What is allowed of any object is worth more than what is of this one.
  const verbsOfAny = otherVerbs.filter(({ name }) => name === undefined);
  const same = yes.filter(({ verb }) => verb === request.verb);
  const parts = same.filter(({ resource }) => resource === request.resource).map(ruleResource);
  const neighbours = same.filter(({ resource }) => resource !== request.resource).map(ruleResource);
  return [
    ...verbHints(verbsOfAny.length > 0 ? verbsOfAny : otherVerbs),
    ...(parts.length === 0 ? [] : [{ code: 'missing-subresource', resources: parts, name: request.name, scope } as const]),
    ...(neighbours.length === 0 ? [] : [{ code: 'missing-resource', resources: neighbours, scope } as const]),
  ];
}

function verbHints(allowed: readonly ResourceAccessRequest[]): readonly ReviewHint[] {
  const [first] = allowed;
  if (first === undefined) return [];
  return [{ code: 'missing-verb', verbs: allowed.map(({ verb }) => verb), name: first.name, scope: 'here' }];
}

// A list with a name is one that is limited to it, and a create has none: neither is what people mean by the verb.
function withVerb(request: ResourceAccessRequest, verb: string): ResourceAccessRequest {
  const { name, ...rest } = request;
  const isNamed = name !== undefined && verb !== 'list' && verb !== 'watch' && !isUnnamedVerb(verb, request.subresource);
  return { ...rest, verb, ...(isNamed && { name }) };
}

/** The kind itself for one of its subresources, `status` for the kind, and the kinds beside it in its group. */
function nearKinds(
  { subresource, name, ...base }: ResourceAccessRequest,
  discovery: Discovery | undefined,
  isNamespaced: boolean | undefined,
): readonly ResourceAccessRequest[] {
  const named = { ...base, ...(name !== undefined && { name }) };
  if (subresource !== undefined) return [named];
  const served = (discovery?.groups ?? []).flatMap(({ versions }) => versions.flatMap(({ resources }) => resources));
  const group: readonly ApiResource[] = [...served, ...(discovery === undefined ? KSERVE_KINDS : [])].filter(
    (one) => one.group === base.group,
  );
  const own = group.find(({ plural }) => plural === base.resource);
  const neighbours = group.filter(({ plural, namespaced }) => plural !== base.resource && namespaced === isNamespaced);
  const plurals = [...new Set(neighbours.map(({ plural }) => plural))].slice(0, MOST_NEIGHBOURS);
  return [
    ...(own?.subresources.includes('status') ? [{ ...named, subresource: 'status' }] : []),
    ...plurals.map((resource) => ({ ...base, resource })),
  ];
}
