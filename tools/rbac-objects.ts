import type { RbacV1Subject, V1PolicyRule } from '@kubernetes/client-node';
import { parseServiceAccountUser } from '../src/domain/kubernetes/identity.ts';
import type { KubeObject } from '../src/domain/kubernetes/resource.ts';

const GROUP = 'rbac.authorization.k8s.io';

export type Scope = { readonly namespace: string } | 'cluster';

/** A ClusterRole, or a Role in a namespace. */
export function role(name: string, scope: Scope, rules: readonly V1PolicyRule[]): KubeObject {
  return { apiVersion: `${GROUP}/v1`, kind: scope === 'cluster' ? 'ClusterRole' : 'Role', metadata: metadata(name, scope), rules };
}

/** A ClusterRoleBinding, or a RoleBinding in a namespace. */
export function binding(name: string, scope: Scope, roleRef: { kind: 'Role' | 'ClusterRole'; name: string }, to: string): KubeObject {
  return {
    apiVersion: `${GROUP}/v1`,
    kind: scope === 'cluster' ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: metadata(name, scope),
    subjects: [subject(to)],
    roleRef: { apiGroup: GROUP, ...roleRef },
  };
}

/**
 * A role `<name>` and its binding `<name>` for a user, a group (`group:ml`) or a ServiceAccount (its user name); `resources` are
 * `servingruntimes.serving.kserve.io`, with `/subresource` before the first dot, or a plural alone for the core group.
 */
export function grant(name: string, to: string, scope: Scope, verbs: readonly string[], ...resources: readonly string[]): KubeObject[] {
  const rules = resources.map((resource) => rule(verbs, resource));
  return [role(name, scope, rules), binding(name, scope, { kind: scope === 'cluster' ? 'ClusterRole' : 'Role', name }, to)];
}

function rule(verbs: readonly string[], resource: string): V1PolicyRule {
  const [plural = '', ...group] = resource.split('.');
  return { verbs: [...verbs], apiGroups: [group.join('.')], resources: [plural] };
}

function metadata(name: string, scope: Scope) {
  return scope === 'cluster' ? { name } : { name, namespace: scope.namespace };
}

function subject(to: string): RbacV1Subject {
  const account = parseServiceAccountUser(to);
  if (account !== undefined) return { kind: 'ServiceAccount', ...account };
  const group = /^group:(.*)$/s.exec(to)?.[1];
  return { apiGroup: GROUP, kind: group === undefined ? 'User' : 'Group', name: group ?? to };
}
