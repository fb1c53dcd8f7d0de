import { type Identity, type RbacSubject, subjectOf } from '../../../domain/kubernetes/identity.ts';
import { resourceName } from '../../../domain/kubernetes/resource.ts';
import { type AccessRequest, isUrlRequest } from '../../../domain/rbac/access-review.ts';
import { explainScope, type Grant, type GrantOptions, leastGrant } from '../../../domain/rbac/grant.ts';
import type { AnsweredQuestion } from '../../../domain/rbac/question.ts';
import type { OtherSubject } from '../../../queries/asked-subject.ts';
import type { FoundAccess } from './found.ts';

/** Whom a grant would be for; undefined if the server did not say who the caller is. */
function grantSubject(identity: Identity | undefined, subject: OtherSubject | undefined): RbacSubject | undefined {
  if (subject !== undefined) return subject.rbac;
  return identity === undefined ? undefined : subjectOf(identity.user);
}

/** Questions that RBAC could turn into a yes: nobody grants them, nobody forbids them, and the kind may be there. */
export function grantableRequests(questions: readonly AnsweredQuestion[]): readonly AccessRequest[] {
  return questions.filter(({ verdict, installed }) => verdict.state === 'noOpinion' && installed !== 'no').map(({ request }) => request);
}

/** The least grant that lifts the refusals; undefined if there is nothing to grant or nobody to grant it to. */
export function grantFor(
  found: Pick<FoundAccess, 'identity' | 'subject' | 'questions' | 'task'>,
  options: Pick<GrantOptions, 'rolePlaces' | 'flags'> = {},
): Grant | undefined {
  const requests = grantableRequests(found.questions);
  const subject = grantSubject(found.identity, found.subject);
  if (requests.length === 0 || subject === undefined) return undefined;
  return leastGrant(requests, subject, {
    kinds: kindsOf(found.questions),
    task: found.task && `kserve-${found.task}`,
    unresolved: unresolved(found.questions),
    ...options,
  });
}

/** What `--allow-unknown` took as it is. The words of a task are ours. */
function unresolved(questions: readonly AnsweredQuestion[]): ReadonlySet<string> {
  const taken = questions.filter(({ kind, neededFor }) => kind === undefined && neededFor === undefined);
  return new Set(taken.flatMap(({ request }) => (isUrlRequest(request) ? [] : resourceName({ ...request, plural: request.resource }))));
}

function kindsOf(questions: readonly AnsweredQuestion[]) {
  return questions.map(({ kind }) => kind).filter((kind) => kind !== undefined);
}

/** Why the grant cannot be narrower, as a sentence. */
export function grantScope(questions: readonly AnsweredQuestion[]): string | undefined {
  return explainScope(grantableRequests(questions), kindsOf(questions));
}
