import type { Limit } from '../async/in-flight.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { AskAccess, Method } from '../domain/rbac/question.ts';
import { SELF_REVIEW, selfReview } from '../domain/rbac/review-object.ts';
import { parseVerdict } from '../domain/rbac/verdict.ts';
import { failureMessage, reviewFailure } from './review-failure.ts';

const METHOD: Method = 'SelfSubjectAccessReview';

/** Asks about the caller, whoever that is with the connection's own impersonation. */
export function askSelf(cluster: Cluster, limit: Limit): AskAccess {
  return async (request) => {
    try {
      const asked = selfReview(request);
      const review = await limit(() => cluster.create(SELF_REVIEW, asked, {}));
      return { verdict: parseVerdict(review, asked.spec), method: METHOD, attempts: [] };
    } catch (error) {
      const message = failureMessage(reviewFailure(error));
      return { verdict: { state: 'unknown', error: message }, attempts: [{ method: METHOD, message }] };
    }
  };
}
