import type { Installed } from '../kserve/resource-lookup.ts';
import { type AccessRequest, isUrlRequest } from './access-review.ts';
import type { KnownKind } from './grant.ts';
import { ruleResource } from './grant-rule.ts';
import { type Answer, answerOf, type Verdict } from './verdict.ts';

/** One thing to ask the authorizer, as it will be sent. */
export interface Question {
  readonly request: AccessRequest;
  /** Absent for a URL, and for a kind that discovery does not know. */
  readonly kind?: KnownKind | undefined;
  readonly installed: Installed;
  /** Why the task needs it. */
  readonly neededFor?: string | undefined;
  /** How often it was refused in what was pasted. */
  readonly count?: number;
  /** The task can be done without it. */
  readonly optional?: true;
}

/** How a verdict was had; the last two are second best and say so. */
export type Method =
  | 'SelfSubjectAccessReview'
  | 'SubjectAccessReview'
  | 'LocalSubjectAccessReview'
  | 'ImpersonatedSelfSubjectAccessReview'
  | 'RBACObjects';

/** A way that was tried and refused. */
export interface Attempt {
  readonly method: Method;
  readonly message: string;
}

export interface Outcome {
  readonly verdict: Verdict;
  /** Absent if every way was refused. */
  readonly method?: Method | undefined;
  readonly attempts: readonly Attempt[];
}

export type AnsweredQuestion = Question & Outcome;

/** Asks one question about one subject. Never rejects but with a failure that ends the whole command. */
export type AskAccess = (request: AccessRequest) => Promise<Outcome>;

/** The overall answer to one question: a kind that is not there is a no whatever the authorizer says, unless that is accepted. */
export function answerTo({ verdict, installed }: AnsweredQuestion, acceptsUnknown: boolean): Answer {
  const answer = answerOf(verdict);
  if (answer !== 'yes' || acceptsUnknown || installed === 'yes') return answer;
  return installed === 'no' ? 'no' : 'unknown';
}

/** `plural.group/subresource` or the URL. */
export function questionResource(request: AccessRequest): string {
  if (isUrlRequest(request)) return request.path;
  const { group } = request;
  const qualified = group === '' ? request.resource : `${request.resource}.${group}`;
  return request.subresource === undefined ? qualified : `${qualified}/${request.subresource}`;
}

/** Where it is asked, as a clause: `in the namespace "a"`, `at the cluster scope`, `in all namespaces`; empty for a URL. */
export function scopeClause({ request, kind }: Pick<Question, 'request' | 'kind'>): string {
  if (isUrlRequest(request)) return '';
  if (kind?.namespaced === false) return 'at the cluster scope';
  return request.namespace === '' ? 'in all namespaces' : `in the namespace ${JSON.stringify(request.namespace)}`;
}

/** Equal for questions that are the same. */
export function questionKey(request: AccessRequest): string {
  return isUrlRequest(request)
    ? JSON.stringify([request.verb, request.path])
    : JSON.stringify([request.verb, request.group, ruleResource(request), request.namespace, request.name ?? '']);
}
