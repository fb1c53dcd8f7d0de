import type { RbacSubject } from '../kubernetes/identity.ts';
import type { AccessRequest } from './access-review.ts';
import { type CoveringBinding, coveringBindings } from './grant-paths.ts';
import type { RbacGraph } from './rbac-graph.ts';
import { resolveSubject, subjectKey } from './subject.ts';

/** Somebody who is named by a binding that grants a request. */
export interface Holder {
  readonly subject: RbacSubject;
  /** In the order of the bindings: ClusterRoleBindings first. */
  readonly grants: readonly CoveringBinding[];
}

/** All whom RBAC grants the request, each once: users, groups (all their members) and ServiceAccounts, sorted. */
export function holdersOf(graph: RbacGraph, request: AccessRequest): readonly Holder[] {
  const pairs = coveringBindings(graph, request).flatMap((grant) =>
    grant.binding.subjects.flatMap((named) => {
      const subject = resolveSubject(named, grant.binding.namespace);
      return subject === undefined ? [] : [{ subject, grant }];
    }),
  );
  const holders = [...Map.groupBy(pairs, ({ subject }) => subjectKey(subject)).entries()].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return holders.map(([, same]) => ({ subject: (same[0] as (typeof same)[0]).subject, grants: same.map(({ grant }) => grant) }));
}
