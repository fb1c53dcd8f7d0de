import { type Identity, type RbacSubject, subjectOf } from '../../../domain/kubernetes/identity.ts';
import { explainScope, type Grant, type GrantOptions, leastGrant } from '../../../domain/rbac/grant.ts';
import type { AnsweredQuestion } from '../../../domain/rbac/question.ts';
import type { OtherSubject } from '../../../queries/asked-subject.ts';
import { grantableRequests, grantOptions, kindsOf } from '../question/grantable.ts';
import type { FoundAccess } from './found.ts';

/** Whom a grant would be for; undefined if the server did not say who the caller is. */
function grantSubject(identity: Identity | undefined, subject: OtherSubject | undefined): RbacSubject | undefined {
  if (subject !== undefined) return subject.rbac;
  return identity === undefined ? undefined : subjectOf(identity.user);
}

/** The least grant that lifts the refusals; undefined if there is nothing to grant or nobody to grant it to. */
export function grantFor(
  found: Pick<FoundAccess, 'identity' | 'subject' | 'questions' | 'task'>,
  options: Pick<GrantOptions, 'rolePlaces' | 'flags'> = {},
): Grant | undefined {
  const requests = grantableRequests(found.questions);
  const subject = grantSubject(found.identity, found.subject);
  if (requests.length === 0 || subject === undefined) return undefined;
  return leastGrant(requests, subject, { ...grantOptions(found.questions, found.task), ...options });
}

/** Why the grant cannot be narrower, as a sentence. */
export function grantScope(questions: readonly AnsweredQuestion[]): string | undefined {
  return explainScope(grantableRequests(questions), kindsOf(questions));
}
