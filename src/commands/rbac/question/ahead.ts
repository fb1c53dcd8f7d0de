import type { Limit } from '../../../async/in-flight.ts';
import type { Connection } from '../../../cluster/cluster.ts';
import { KSERVE_NAMESPACE, type RequiredAccess } from '../../../domain/kserve/required-access.ts';
import { questionKey } from '../../../domain/rbac/question.ts';
import { KserveError } from '../../../errors.ts';
import { askSelf } from '../../../queries/ask-self.ts';
import { type AskedAhead, questionsOffline } from './inquiry.ts';
import type { QuestionRequest } from './request.ts';

/**
 * Asks about the caller what can be said without knowing what the server serves, while that is asked: on a far line it saves a round trip. Which of the
 * answers count is known later, and nobody need hear of the others.
 */
export function askAhead(request: QuestionRequest, connection: Connection, limit: Limit): AskedAhead {
  const ask = askSelf(connection.cluster, limit);
  return new Map(
    foreseen(request, connection).map((question) => {
      const outcome = ask(question.request);
      outcome.catch(() => undefined);
      return [questionKey(question.request), outcome];
    }),
  );
}

/** The questions as they will be, wherever KServe is installed in a usual way: a review that nobody needs is one too many. */
function foreseen(request: QuestionRequest, connection: Connection): ReturnType<typeof questionsOffline> {
  const { asked, subject } = request;
  if (subject !== undefined) return [];
  const certain = asked.kind === 'words' ? asked : { ...asked, needs: asked.needs.filter(isCertain) };
  try {
    return questionsOffline({ ...request, asked: certain, acceptsUnknown: false }, connection);
  } catch (error) {
    // Words that mean nothing without discovery.
    if (error instanceof KserveError) return [];
    throw error;
  }
}

/** Neither of a kind that many installations lack, nor where KServe's own namespace has to be known. */
function isCertain({ namespace, ifServed, resource }: RequiredAccess): boolean {
  return namespace !== KSERVE_NAMESPACE && (ifServed === undefined || resource === 'clusterservingruntimes');
}
