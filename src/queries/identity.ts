import type { Cluster } from '../cluster/cluster.ts';
import type { Identity } from '../domain/kubernetes/identity.ts';
import type { KubeObject, ResourceType } from '../domain/kubernetes/resource.ts';
import { IDENTITY_REVIEWS, identityReview } from '../domain/rbac/review-object.ts';
import type { ClusterError } from '../errors.ts';
import { failureMessage, toleratedFailure } from './review-failure.ts';

export interface AskedIdentity {
  readonly identity: Identity | undefined;
  readonly warning?: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
}

function textList(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function parseIdentity(review: KubeObject): Identity | undefined {
  const { userInfo } = (review.status ?? {}) as { readonly userInfo?: Readonly<Record<string, unknown>> };
  if (typeof userInfo?.username !== 'string' || userInfo.username === '') return undefined;
  const extra = Object.entries((userInfo.extra ?? {}) as object).map(([key, values]) => [key, textList(values)] as const);
  return {
    user: userInfo.username,
    groups: textList(userInfo.groups),
    ...(typeof userInfo.uid === 'string' && userInfo.uid !== '' && { uid: userInfo.uid }),
    ...(extra.length > 0 && { extra: Object.fromEntries(extra) }),
  };
}

type ReviewOutcome = { readonly review: KubeObject } | { readonly failure: ClusterError };

async function askVersion(cluster: Cluster, type: ResourceType): Promise<ReviewOutcome> {
  try {
    return { review: await cluster.create(type, identityReview(type), {}) };
  } catch (error) {
    return { failure: toleratedFailure(error) };
  }
}

const NO_ANSWER = 'the server does not say who you are';

function fromReview(review: KubeObject): AskedIdentity {
  const identity = parseIdentity(review);
  return identity === undefined ? { identity, warning: `${NO_ANSWER}: its answer has no user` } : { identity };
}

/** Who the server takes us for. Not knowing it is a warning: verdicts do not depend on it. */
export async function askIdentity(cluster: Cluster): Promise<AskedIdentity> {
  for (const type of IDENTITY_REVIEWS) {
    const answer = await askVersion(cluster, type);
    if ('review' in answer) return fromReview(answer.review);
    const { failure } = answer;
    if (failure.code !== 404) return { identity: undefined, warning: `${NO_ANSWER}: ${failureMessage(failure)}`, hint: failure.hint };
  }
  return { identity: undefined, warning: `${NO_ANSWER}: it serves no SelfSubjectReview` };
}
