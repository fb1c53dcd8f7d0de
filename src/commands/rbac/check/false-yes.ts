import { isUrlRequest } from '../../../domain/rbac/access-review.ts';
import { type GrantedBy, grantedBy } from '../../../domain/rbac/allow-reason.ts';
import { type AnsweredQuestion, type AskAccess, questionResource } from '../../../domain/rbac/question.ts';
import { answerOf } from '../../../domain/rbac/verdict.ts';

/** A refused question at the cluster scope that gets a yes if it is asked inside a namespace, as `kubectl auth can-i` does. */
export interface Trap {
  readonly kind: string;
  /** `plural.group/subresource`. */
  readonly resource: string;
  readonly namespace: string;
  /** The binding that says yes there, if the authorizer names it. */
  readonly grantedBy: GrantedBy | undefined;
}

interface Candidate {
  readonly question: AnsweredQuestion;
  readonly namespace: string;
}

function candidates(questions: readonly AnsweredQuestion[], namespaces: readonly string[]): readonly Candidate[] {
  const refused = questions.filter(({ verdict, kind }) => verdict.state === 'noOpinion' && kind?.namespaced === false);
  return refused
    .filter(({ request }) => !isUrlRequest(request) && request.namespace === '')
    .flatMap((question) => namespaces.filter((each) => each !== '').map((namespace) => ({ question, namespace })));
}

async function tryCandidate({ question, namespace }: Candidate, ask: AskAccess): Promise<Trap | undefined> {
  const { verdict } = await ask({ ...question.request, namespace } as AnsweredQuestion['request']);
  if (answerOf(verdict) !== 'yes') return undefined;
  return { kind: question.kind?.kind ?? '', resource: questionResource(question.request), namespace, grantedBy: grantedBy(verdict.reason) };
}

function isSame(a: Trap, b: Trap): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Looks for refusals of cluster-scoped kinds that a RoleBinding only seems to lift. */
export async function findTraps(
  questions: readonly AnsweredQuestion[],
  namespaces: readonly string[],
  ask: AskAccess,
): Promise<readonly Trap[]> {
  const found = await Promise.all(candidates(questions, namespaces).map((candidate) => tryCandidate(candidate, ask)));
  const traps = found.filter((trap) => trap !== undefined);
  return traps.filter((trap, index) => traps.findIndex((other) => isSame(trap, other)) === index);
}
