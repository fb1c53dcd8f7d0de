// RBAC as the API server evaluates it.
// https://github.com/kubernetes/kubernetes/blob/v1.37.2/plugin/pkg/auth/authorizer/rbac/rbac.go
// https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/registry/rbac/validation/rule.go
import type {
  RbacV1Subject,
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1PolicyRule,
  V1Role,
  V1RoleBinding,
  V1RoleRef,
} from '@kubernetes/client-node';
import { type Identity, serviceAccountUser } from '../kubernetes/identity.ts';
import { type AccessRequest, isUrlRequest } from './access-review.ts';
import { ruleAllows } from './policy-rule.ts';

/** All RBAC objects that count, in any order. */
export interface RbacObjects {
  readonly roles: readonly V1Role[];
  readonly clusterRoles: readonly V1ClusterRole[];
  readonly roleBindings: readonly V1RoleBinding[];
  readonly clusterRoleBindings: readonly V1ClusterRoleBinding[];
}

/** A binding with the subject in it that is the user. */
export interface ApplicableBinding {
  readonly kind: 'RoleBinding' | 'ClusterRoleBinding';
  readonly name: string;
  /** `''` for a ClusterRoleBinding. */
  readonly namespace: string;
  readonly roleRef: V1RoleRef;
  readonly subject: RbacV1Subject;
  /** What the role grants; undefined if `roleRef` names none. */
  readonly rules: readonly V1PolicyRule[] | undefined;
}

export interface Decision {
  readonly allowed: boolean;
  /** The server's text of `status.reason`; `''` if nothing grants it and no `roleRef` dangles. */
  readonly reason: string;
}

/**
 * Whether RBAC allows the request. The reason names the first binding that does, ClusterRoleBindings before RoleBindings,
 * each in the order given (the server's own order varies).
 */
export function authorize(user: Identity, request: AccessRequest, objects: RbacObjects): Decision {
  const bindings = bindingsOf(user, isUrlRequest(request) ? '' : request.namespace, objects);
  const grant = bindings.find((binding) => binding.rules?.some((rule) => ruleAllows(rule, request)));
  if (grant !== undefined) return { allowed: true, reason: `RBAC: allowed by ${describe(grant)}` };
  const errors = danglingErrors(bindings);
  // The authorizer's own name comes first since 1.37, hence both prefixes.
  return { allowed: false, reason: errors === '' ? '' : `rbac: RBAC: ${errors}` };
}

/** The bindings that give the user anything in the namespace: with `''` ClusterRoleBindings only. */
export function bindingsOf(user: Identity, namespace: string, objects: RbacObjects): readonly ApplicableBinding[] {
  const clusterWide = objects.clusterRoleBindings.map((binding) => applicable('ClusterRoleBinding', binding, user, objects));
  const local = objects.roleBindings
    .filter((binding) => namespace !== '' && binding.metadata?.namespace === namespace)
    .map((binding) => applicable('RoleBinding', binding, user, objects));
  return [...clusterWide, ...local].filter((binding) => binding !== undefined);
}

/**
 * What the server says of roles that do not exist, as Go prints an aggregate of errors; `''` if all exist.
 * @internal exported for the embedded API server in tools/
 */
export function danglingErrors(bindings: readonly ApplicableBinding[]): string {
  const messages = [...new Set(bindings.filter((binding) => binding.rules === undefined).map(({ roleRef }) => missingRole(roleRef)))];
  return messages.length > 1 ? `[${messages.join(', ')}]` : (messages[0] ?? '');
}

/** Whether a subject of a binding in `bindingNamespace` (`''` for a ClusterRoleBinding) is the user. */
export function subjectMatches(subject: RbacV1Subject, user: Identity, bindingNamespace: string): boolean {
  switch (subject.kind) {
    case 'User':
      return subject.name === user.user;
    case 'Group':
      return user.groups.includes(subject.name);
    case 'ServiceAccount': {
      const namespace = subject.namespace || bindingNamespace;
      return namespace !== '' && user.user === serviceAccountUser({ namespace, name: subject.name });
    }
    default:
      return false;
  }
}

function applicable(
  kind: ApplicableBinding['kind'],
  binding: V1RoleBinding | V1ClusterRoleBinding,
  user: Identity,
  objects: RbacObjects,
): ApplicableBinding | undefined {
  const namespace = kind === 'RoleBinding' ? (binding.metadata?.namespace ?? '') : '';
  const subject = (binding.subjects ?? []).find((one) => subjectMatches(one, user, namespace));
  if (subject === undefined) return undefined;
  const { roleRef } = binding;
  return { kind, name: binding.metadata?.name ?? '', namespace, roleRef, subject, rules: rulesOf(roleRef, namespace, objects) };
}

function rulesOf(roleRef: V1RoleRef, namespace: string, objects: RbacObjects): readonly V1PolicyRule[] | undefined {
  const role =
    roleRef.kind === 'Role'
      ? objects.roles.find(({ metadata }) => metadata?.name === roleRef.name && metadata.namespace === namespace)
      : objects.clusterRoles.find(({ metadata }) => metadata?.name === roleRef.name);
  return role === undefined ? undefined : (role.rules ?? []);
}

function missingRole(roleRef: V1RoleRef): string {
  return `${roleRef.kind.toLowerCase()}.rbac.authorization.k8s.io ${quote(roleRef.name)} not found`;
}

function describe({ kind, name, namespace, roleRef, subject }: ApplicableBinding): string {
  const binding = namespace === '' ? name : `${name}/${namespace}`;
  return `${kind} ${quote(binding)} of ${roleRef.kind} ${quote(roleRef.name)} to ${subject.kind} ${quote(subjectName(subject, namespace))}`;
}

function subjectName(subject: RbacV1Subject, bindingNamespace: string): string {
  return subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace || bindingNamespace}` : subject.name;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
