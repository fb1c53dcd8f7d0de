import type { Connection } from '../../../cluster/cluster.ts';
import type { AnsweredQuestion } from '../../../domain/rbac/question.ts';
import { loginFailure } from '../../../queries/review-failure.ts';
import { questionsOffline } from '../question/inquiry.ts';
import type { QuestionRequest } from '../question/request.ts';
import { toFinding } from './causes.ts';
import type { FoundExplanations } from './found.ts';

/** What there is to say if the server knows nobody: nothing about rights. @throws any other failure, and this one if the words mean nothing without the server */
export function loggedOut(error: unknown, request: QuestionRequest, connection: Connection): FoundExplanations {
  const failure = loginFailure(error);
  if (failure === undefined) throw error;
  const questions = questionsOrThrow(error, request, connection);
  const explained = questions.map((asked) => {
    const question: AnsweredQuestion = { ...asked, verdict: { state: 'unknown', error: 'you are not logged in' }, attempts: [] };
    const cause = toFinding({ kind: 'not-logged-in', ...failure }, 1, { question, who: 'you', flags: [] });
    return { question, grants: [], causes: [cause], misses: new Map(), more: 0, hints: [] };
  });
  const { acceptsUnknown, subject } = request;
  return {
    identity: undefined,
    subject,
    contextName: connection.contextName,
    acceptsUnknown,
    explained,
    unread: [],
    warnings: [],
    notes: [],
  };
}

function questionsOrThrow(error: unknown, request: QuestionRequest, connection: Connection) {
  try {
    return questionsOffline(request, connection);
  } catch {
    throw error;
  }
}
