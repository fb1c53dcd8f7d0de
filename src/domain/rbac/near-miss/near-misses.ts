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

export interface NearMisses {
  /** Best first. */
  readonly shown: readonly NearMiss[];
  /** Others that may be some too. */
  readonly more: number;
}

/**
 * What would allow a request that is not allowed, each at most two fields away, best first. Every one that is shown was tried: with its edits
 * applied our evaluator allows the request. Nothing where it allows it as things are.
 */
export function nearMisses(objects: RbacObjects, question: NearMissQuestion, most: number): NearMisses {
  const { request, asker, discovery } = question;
  if (authorize(asker.identity, request, objects).allowed) return { shown: [], more: 0 };
  const isUrl = isUrlRequest(request);
  const search: Search = {
    ...question,
    graph: rbacGraph(objects),
    words: isUrl ? undefined : vocabularyFor(request, discovery),
    place: isUrl ? '' : request.namespace,
  };
  const bound = bindingMisses(search);
  const all = [...bound, ...aggregationMisses(search), ...unboundMisses(search, bound)];
  const ranked = rankMisses(all);
  const shown: NearMiss[] = [];
  let tried = 0;
  for (const miss of ranked) {
    if (shown.length >= most) break;
    tried += 1;
    if (authorize(asker.identity, request, applyEdits(objects, miss.edits)).allowed) shown.push(miss);
  }
  return { shown, more: ranked.length - tried };
}
