import type { Limit } from '../async/in-flight.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { type AccessRequest, isUrlRequest } from '../domain/rbac/access-review.ts';
import { authorize, type RbacObjects } from '../domain/rbac/authorizer.ts';
import type { AskAccess, Attempt, Method, Outcome } from '../domain/rbac/question.ts';
import { LOCAL_REVIEW, localReview, SELF_REVIEW, SUBJECT_REVIEW, selfReview, subjectReview } from '../domain/rbac/review-object.ts';
import { parseVerdict, type Verdict } from '../domain/rbac/verdict.ts';
import type { ClusterError } from '../errors.ts';
import type { OtherSubject } from './asked-subject.ts';
import { readRbacObjects } from './rbac-objects.ts';
import { failureMessage, reviewFailure } from './review-failure.ts';

/** One way to ask about somebody else. */
interface MethodToTry {
  readonly name: Method;
  /** Methods with the same key are refused alike, so one refusal is enough. */
  readonly key: string;
  readonly ask: () => Promise<Verdict>;
}

type TriedMethod = { readonly verdict: Verdict } | { readonly refusal: string };

/** What all methods need. */
interface Shared {
  readonly cluster: Cluster;
  readonly subject: OtherSubject;
  readonly limit: Limit;
  /** False if the connection impersonates already: the request would not be made as the user who was asked for. */
  readonly mayImpersonate: boolean;
  /** By key: the refusal that the first question met, undefined if it met none. */
  readonly probes: Map<string, Promise<string | undefined>>;
  /** RBAC objects by namespace. */
  readonly objects: Map<string, Promise<RbacObjects>>;
}

function namespaceOf(request: AccessRequest): string {
  return isUrlRequest(request) ? '' : request.namespace;
}

function subjectMethod({ cluster, subject, limit }: Shared, request: AccessRequest): MethodToTry {
  return {
    name: 'SubjectAccessReview',
    key: 'subject',
    ask: async () => {
      const asked = subjectReview(request, subject.reviewed);
      return parseVerdict(await limit(() => cluster.create(SUBJECT_REVIEW, asked, {})), asked.spec);
    },
  };
}

/** Only for a question in a namespace: the server refuses to answer any other here. */
function localMethod({ cluster, subject, limit }: Shared, request: AccessRequest): readonly MethodToTry[] {
  if (isUrlRequest(request) || request.namespace === '') return [];
  const { namespace } = request;
  const review = localReview(request, subject.reviewed);
  const ask = async (): Promise<Verdict> =>
    parseVerdict(await limit(() => cluster.create(LOCAL_REVIEW, review, { namespace })), review.spec);
  return [{ name: 'LocalSubjectAccessReview', key: `local ${namespace}`, ask }];
}

function impersonationMethod({ cluster, subject, limit, mayImpersonate }: Shared, request: AccessRequest): readonly MethodToTry[] {
  const { user } = subject.reviewed;
  if (!mayImpersonate || user === undefined || !subject.groupsImplied) return [];
  const asked = selfReview(request);
  const ask = async (): Promise<Verdict> =>
    parseVerdict(await limit(() => cluster.create(SELF_REVIEW, asked, { impersonateUser: user })), asked.spec);
  return [{ name: 'ImpersonatedSelfSubjectAccessReview', key: 'impersonation', ask }];
}

function objectsIn({ cluster, limit, objects }: Shared, namespace: string): Promise<RbacObjects> {
  const known = objects.get(namespace) ?? readRbacObjects(cluster, namespace, limit);
  objects.set(namespace, known);
  return known;
}

function objectsMethod(shared: Shared, request: AccessRequest): MethodToTry {
  const namespace = namespaceOf(request);
  const { user = '', groups } = shared.subject.reviewed;
  return {
    name: 'RBACObjects',
    key: `objects ${namespace}`,
    ask: async () => {
      const { allowed, reason } = authorize({ user, groups }, request, await objectsIn(shared, namespace));
      return { state: allowed ? 'allowed' : 'noOpinion', ...(reason !== '' && { reason }) };
    },
  };
}

function mayTryNext(failure: ClusterError): boolean {
  return failure.code === 403 || failure.code === 404;
}

async function ask(method: MethodToTry): Promise<TriedMethod> {
  try {
    return { verdict: await method.ask() };
  } catch (error) {
    const failure = reviewFailure(error);
    const message = failureMessage(failure);
    return mayTryNext(failure) ? { refusal: message } : { verdict: { state: 'unknown', error: message } };
  }
}

/** The first question by a method finds out for all whether it may be used, so that a refusal is met once. */
async function tryMethod({ probes }: Shared, method: MethodToTry): Promise<TriedMethod> {
  const probe = probes.get(method.key);
  if (probe === undefined) {
    const result = ask(method);
    const refusal = result.then((known) => ('refusal' in known ? known.refusal : undefined));
    // A failure that ends the command is reported by `result`; those who wait here see it as no refusal and meet it themselves.
    probes.set(
      method.key,
      refusal.catch(() => undefined),
    );
    return result;
  }
  const refusal = await probe;
  return refusal === undefined ? ask(method) : { refusal };
}

async function tryInOrder(shared: Shared, request: AccessRequest): Promise<Outcome> {
  const methods = [
    subjectMethod(shared, request),
    ...localMethod(shared, request),
    ...impersonationMethod(shared, request),
    objectsMethod(shared, request),
  ];
  const attempts: Attempt[] = [];
  for (const method of methods) {
    const result = await tryMethod(shared, method);
    if ('verdict' in result) return { verdict: result.verdict, method: method.name, attempts };
    attempts.push({ method: method.name, message: result.refusal });
  }
  return { verdict: { state: 'unknown', error: 'you are not allowed to check the permissions of other accounts' }, attempts };
}

/**
 * Asks about another subject by the best way that the caller may use: SubjectAccessReview, LocalSubjectAccessReview, a review of its own
 * rights under impersonation, and last the RBAC objects themselves. Only a 403 or 404 leads to the next one.
 */
export function askOther(
  cluster: Cluster,
  subject: OtherSubject,
  { limit, mayImpersonate }: { readonly limit: Limit; readonly mayImpersonate: boolean },
): AskAccess {
  const shared: Shared = { cluster, subject, limit, mayImpersonate, probes: new Map(), objects: new Map() };
  return (request) => tryInOrder(shared, request);
}
