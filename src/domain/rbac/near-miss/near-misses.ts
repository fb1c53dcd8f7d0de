import { isUrlRequest } from '../access-review.ts';
import { authorize, type RbacObjects } from '../authorizer.ts';
import { applyEdits } from '../edit.ts';
import { rbacGraph } from '../rbac-graph.ts';
import { aggregationMisses } from './aggregation-misses.ts';
import { bindingMisses } from './binding-misses.ts';
import type { NearMiss } from './cause.ts';
import { rankMisses } from './rank.ts';
import type { NearMissQuestion, Search } from './search.ts';
import { unboundMisses } from './unbound-misses.ts';
import { vocabularyFor } from './vocabulary.ts';

/** More are never shown, and each is tried out. */
const MOST = 60;

/**
 * What would allow a request that is not allowed, each at most two fields away, best first. Every one was tried: with its edits applied
 * our evaluator allows the request. Nothing where it allows it as things are.
 */
export function nearMisses(objects: RbacObjects, question: NearMissQuestion): readonly NearMiss[] {
  const { request, asker, discovery } = question;
  if (authorize(asker.identity, request, objects).allowed) return [];
  const isUrl = isUrlRequest(request);
  const search: Search = {
    ...question,
    graph: rbacGraph(objects),
    words: isUrl ? undefined : vocabularyFor(request, discovery),
    place: isUrl ? '' : request.namespace,
  };
  const bound = bindingMisses(search);
  const all = [...bound, ...aggregationMisses(search), ...unboundMisses(search, bound)];
  return rankMisses(all)
    .slice(0, MOST)
    .filter(({ edits }) => authorize(asker.identity, request, applyEdits(objects, edits)).allowed);
}
