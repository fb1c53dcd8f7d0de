import type { RbacV1Subject } from '@kubernetes/client-node';
import type { Identity } from '../kubernetes/identity.ts';
import { type AccessRequest, isUrlRequest } from './access-review.ts';
import { subjectMatches } from './authorizer.ts';
import { ruleAllows } from './policy-rule.ts';
import { type BindingNode, type RbacGraph, type RoleNode, roleOf } from './rbac-graph.ts';

/** One way in which a request is granted. */
export interface GrantPath {
  readonly binding: BindingNode;
  readonly role: RoleNode;
  readonly ruleIndex: number;
  /** As the binding names the account. */
  readonly subject: RbacV1Subject;
}

/** A binding that counts where the request is made, with the first rule of its role that covers it. */
export interface CoveringBinding extends Omit<GrantPath, 'subject'> {}

/** All bindings that grant the request to somebody, ClusterRoleBindings first, each by namespace and name. */
export function coveringBindings(graph: RbacGraph, request: AccessRequest): readonly CoveringBinding[] {
  const place = isUrlRequest(request) ? '' : request.namespace;
  const here = graph.bindings.filter(({ kind, namespace }) => kind === 'ClusterRoleBinding' || (place !== '' && namespace === place));
  return here.flatMap((binding) => {
    const role = roleOf(graph, binding);
    const ruleIndex = role?.rules.findIndex((rule) => ruleAllows(rule, request)) ?? -1;
    return role === undefined || ruleIndex < 0 ? [] : [{ binding, role, ruleIndex }];
  });
}

/** Every binding that grants the request to this account: any of them alone would do. */
export function grantPaths(graph: RbacGraph, request: AccessRequest, identity: Identity): readonly GrantPath[] {
  return coveringBindings(graph, request).flatMap((covering) => {
    const { subjects, namespace } = covering.binding;
    const subject = subjects.find((one) => subjectMatches(one, identity, namespace));
    return subject === undefined ? [] : [{ ...covering, subject }];
  });
}
