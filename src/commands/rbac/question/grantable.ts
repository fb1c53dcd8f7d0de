import { resourceName } from '../../../domain/kubernetes/resource.ts';
import { type AccessRequest, isUrlRequest } from '../../../domain/rbac/access-review.ts';
import type { GrantOptions, KnownKind } from '../../../domain/rbac/grant.ts';
import type { AnsweredQuestion } from '../../../domain/rbac/question.ts';

/** Questions that RBAC could turn into a yes: nobody grants them, nobody forbids them, and the kind may be there. */
export function grantableRequests(questions: readonly AnsweredQuestion[]): readonly AccessRequest[] {
  return questions.filter(({ verdict, installed }) => verdict.state === 'noOpinion' && installed !== 'no').map(({ request }) => request);
}

export function kindsOf(questions: readonly AnsweredQuestion[]): readonly KnownKind[] {
  return questions.map(({ kind }) => kind).filter((kind) => kind !== undefined);
}

/** How a grant of what was asked is named and written, the same wherever it is suggested. */
export function grantOptions(
  questions: readonly AnsweredQuestion[],
  task: string | undefined,
): Pick<GrantOptions, 'task'> & Required<Pick<GrantOptions, 'kinds' | 'unresolved'>> {
  return { kinds: kindsOf(questions), task: task && `kserve-${task}`, unresolved: unresolved(questions) };
}

/** What `--allow-unknown` took as it is. The words of a task are ours. */
function unresolved(questions: readonly AnsweredQuestion[]): ReadonlySet<string> {
  const taken = questions.filter(({ kind, neededFor }) => kind === undefined && neededFor === undefined);
  return new Set(taken.flatMap(({ request }) => (isUrlRequest(request) ? [] : resourceName({ ...request, plural: request.resource }))));
}
