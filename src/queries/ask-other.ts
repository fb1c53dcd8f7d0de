import type { Limit } from '../async/in-flight.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { type AccessRequest, isUrlRequest } from '../domain/rbac/access-review.ts';
import { authorize, type RbacObjects } from '../domain/rbac/authorizer.ts';
import type { Ask, Attempt, Method, Outcome } from '../domain/rbac/question.ts';
import { LOCAL_REVIEW, localReview, SELF_REVIEW, SUBJECT_REVIEW, selfReview, subjectReview } from '../domain/rbac/review-object.ts';
import { parseVerdict, type Verdict } from '../domain/rbac/verdict.ts';
import type { ClusterError } from '../errors.ts';
import type { OtherSubject } from './asked-subject.ts';
import { readRbacObjects } from './rbac-objects.ts';
import { failureMessage, reviewFailure } from './review-failure.ts';

/** One way to ask about somebody else. */
interface Rung {
  readonly method: Method;
  /** Rungs with the same key are refused alike, so one refusal is enough. */
  readonly key: string;
  readonly ask: () => Promise<Verdict>;
}

type RungResult = { readonly verdict: Verdict } | { readonly refusal: string };

/** What the rungs have in common. */
interface Ladder {
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

function subjectRung({ cluster, subject, limit }: Ladder, request: AccessRequest): Rung {
  return {
    method: 'SubjectAccessReview',
    key: 'subject',
    ask: async () => {
      const asked = subjectReview(request, subject.reviewed);
      return parseVerdict(await limit(() => cluster.create(SUBJECT_REVIEW, asked, {})), asked.spec);
    },
  };
}

/** Only for a question in a namespace: the server refuses to answer any other here. */
function localRung({ cluster, subject, limit }: Ladder, request: AccessRequest): readonly Rung[] {
  if (isUrlRequest(request) || request.namespace === '') return [];
  const { namespace } = request;
  const review = localReview(request, subject.reviewed);
  const ask = async (): Promise<Verdict> =>
    parseVerdict(await limit(() => cluster.create(LOCAL_REVIEW, review, { namespace })), review.spec);
  return [{ method: 'LocalSubjectAccessReview', key: `local ${namespace}`, ask }];
}

function impersonationRung({ cluster, subject, limit, mayImpersonate }: Ladder, request: AccessRequest): readonly Rung[] {
  const { user } = subject.reviewed;
  if (!mayImpersonate || user === undefined || !subject.groupsImplied) return [];
  const asked = selfReview(request);
  const ask = async (): Promise<Verdict> =>
    parseVerdict(await limit(() => cluster.create(SELF_REVIEW, asked, { impersonateUser: user })), asked.spec);
  return [{ method: 'ImpersonatedSelfSubjectAccessReview', key: 'impersonation', ask }];
}

function objectsIn({ cluster, limit, objects }: Ladder, namespace: string): Promise<RbacObjects> {
  const known = objects.get(namespace) ?? readRbacObjects(cluster, namespace, limit);
  objects.set(namespace, known);
  return known;
}

function objectsRung(ladder: Ladder, request: AccessRequest): Rung {
  const namespace = namespaceOf(request);
  const { user = '', groups } = ladder.subject.reviewed;
  return {
    method: 'RBACObjects',
    key: `objects ${namespace}`,
    ask: async () => {
      const { allowed, reason } = authorize({ user, groups }, request, await objectsIn(ladder, namespace));
      return { state: allowed ? 'allowed' : 'noOpinion', ...(reason !== '' && { reason }) };
    },
  };
}

function mayStepDown(failure: ClusterError): boolean {
  return failure.code === 403 || failure.code === 404;
}

async function ask(rung: Rung): Promise<RungResult> {
  try {
    return { verdict: await rung.ask() };
  } catch (error) {
    const failure = reviewFailure(error);
    const message = failureMessage(failure);
    return mayStepDown(failure) ? { refusal: message } : { verdict: { state: 'unknown', error: message } };
  }
}

/** The first question on a rung finds out for all whether it may be used, so that a refusal is met once. */
async function tryRung({ probes }: Ladder, rung: Rung): Promise<RungResult> {
  const probe = probes.get(rung.key);
  if (probe === undefined) {
    const result = ask(rung);
    const refusal = result.then((known) => ('refusal' in known ? known.refusal : undefined));
    // A failure that ends the command is reported by `result`; those who wait here see it as no refusal and meet it themselves.
    probes.set(
      rung.key,
      refusal.catch(() => undefined),
    );
    return result;
  }
  const refusal = await probe;
  return refusal === undefined ? ask(rung) : { refusal };
}

async function climbDown(ladder: Ladder, request: AccessRequest): Promise<Outcome> {
  const rungs = [
    subjectRung(ladder, request),
    ...localRung(ladder, request),
    ...impersonationRung(ladder, request),
    objectsRung(ladder, request),
  ];
  const attempts: Attempt[] = [];
  for (const rung of rungs) {
    const result = await tryRung(ladder, rung);
    if ('verdict' in result) return { verdict: result.verdict, method: rung.method, attempts };
    attempts.push({ method: rung.method, message: result.refusal });
  }
  return { verdict: { state: 'unknown', error: 'you may use none of the ways to ask about another subject' }, attempts };
}

/**
 * Asks about another subject by the best way that the caller may use: SubjectAccessReview, LocalSubjectAccessReview, a review of its own
 * rights under impersonation, and last the RBAC objects themselves. It steps down on 403 and 404 only.
 */
export function askOther(
  cluster: Cluster,
  subject: OtherSubject,
  { limit, mayImpersonate }: { readonly limit: Limit; readonly mayImpersonate: boolean },
): Ask {
  const ladder: Ladder = { cluster, subject, limit, mayImpersonate, probes: new Map(), objects: new Map() };
  return (request) => climbDown(ladder, request);
}
