import { type AskAccess, type Outcome, type Question, questionKey } from '../../../domain/rbac/question.ts';
import { askOther } from '../../../queries/ask-other.ts';
import { askSelf } from '../../../queries/ask-self.ts';
import type { Inquiry } from './inquiry.ts';

/** Whether the questions are about the caller: a ServiceAccount may ask about itself, but nobody of its name with other groups. */
export function isAboutCaller({ request: { subject }, identity: { identity } }: Inquiry): boolean {
  if (subject === undefined) return true;
  if (subject.rbac.kind !== 'ServiceAccount' || identity === undefined || identity.user !== subject.reviewed.user) return false;
  return new Set(identity.groups).symmetricDifference(new Set(subject.reviewed.groups)).size === 0;
}

/** How to ask about whom an inquiry is about. What was asked ahead counts once: whoever asks it again wants to know what holds by then. */
export function askerOf(inquiry: Inquiry): AskAccess {
  const ask = freshAskerOf(inquiry);
  const { ahead } = inquiry;
  return (request) => {
    const key = questionKey(request);
    const outcome = ahead.get(key);
    ahead.delete(key);
    return outcome ?? ask(request);
  };
}

function freshAskerOf(inquiry: Inquiry): AskAccess {
  const { context, connection, request, limit } = inquiry;
  if (request.subject === undefined || isAboutCaller(inquiry)) return askSelf(connection.cluster, limit);
  return askOther(connection.cluster, request.subject, { limit, mayImpersonate: !context.connectionOptions.as });
}

export async function askAll<Q extends Question>(questions: readonly Q[], ask: AskAccess): Promise<readonly (Q & Outcome)[]> {
  return Promise.all(questions.map(async (question) => ({ ...question, ...(await ask(question.request)) })));
}
