import type { Cluster } from '../../cluster/cluster.ts';
import { SELF_REVIEW, selfReview } from '../../domain/review-object.ts';
import { parseVerdict } from '../../domain/verdict.ts';
import { failureMessage, reviewFailure } from './failure.ts';
import type { Limit } from './in-flight.ts';
import type { Ask, Method } from './question.ts';

const METHOD: Method = 'SelfSubjectAccessReview';

/** Asks about the caller, whoever that is with the connection's own impersonation. */
export function askSelf(cluster: Cluster, limit: Limit): Ask {
  return async (request) => {
    try {
      const review = await limit(() => cluster.create(SELF_REVIEW, selfReview(request), {}));
      return { verdict: parseVerdict(review), method: METHOD, attempts: [] };
    } catch (error) {
      const message = failureMessage(reviewFailure(error));
      return { verdict: { state: 'unknown', error: message }, attempts: [{ method: METHOD, message }] };
    }
  };
}
