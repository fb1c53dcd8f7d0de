import type { RbacSubject } from '../kubernetes/identity.ts';
import { type AccessRequest, isUrlRequest } from './access-review.ts';
import { RBAC_GROUP } from './grant-object.ts';
import { type CoveringBinding, coveringBindings } from './grant-paths.ts';
import { ruleAllows } from './policy-rule.ts';
import { type RbacGraph, roleOf } from './rbac-graph.ts';
import { resolveSubject, subjectKey } from './subject.ts';

/** Somebody who is named by a binding that grants a request. */
export interface Holder {
  readonly subject: RbacSubject;
  /** In the order of the bindings: ClusterRoleBindings first. */
  readonly grants: readonly CoveringBinding[];
}

function byHolder(covering: readonly CoveringBinding[]): readonly Holder[] {
  const pairs = covering.flatMap((grant) =>
    grant.binding.subjects.flatMap((named) => {
      const subject = resolveSubject(named, grant.binding.namespace);
      return subject === undefined ? [] : [{ subject, grant }];
    }),
  );
  const holders = [...Map.groupBy(pairs, ({ subject }) => subjectKey(subject)).entries()].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return holders.map(([, same]) => ({ subject: (same[0] as (typeof same)[0]).subject, grants: same.map(({ grant }) => grant) }));
}

/** All whom RBAC grants the request, each once: users, groups (all their members) and ServiceAccounts, sorted. */
export function holdersOf(graph: RbacGraph, request: AccessRequest): readonly Holder[] {
  return byHolder(coveringBindings(graph, request));
}

/** The same of a request in any namespace: everywhere, or by a RoleBinding in some. */
export function holdersAnywhere(graph: RbacGraph, request: AccessRequest): readonly Holder[] {
  if (isUrlRequest(request)) return holdersOf(graph, request);
  const covering = graph.bindings.flatMap((binding) => {
    const role = roleOf(graph, binding);
    const ruleIndex = role?.rules.findIndex((rule) => ruleAllows(rule, request)) ?? -1;
    return role === undefined || ruleIndex < 0 ? [] : [{ binding, role, ruleIndex }];
  });
  return byHolder(covering);
}

/** Those who may grant even what they do not hold themselves. https://kubernetes.io/docs/reference/access-authn-authz/rbac/#restrictions-on-role-creation-or-update */
export function mayGrantAll(graph: RbacGraph): readonly Holder[] {
  return holdersOf(graph, { verb: 'escalate', group: RBAC_GROUP, resource: 'clusterroles', namespace: '' });
}
