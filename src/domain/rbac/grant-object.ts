import type { GrantRule } from './grant-rule.ts';

export const RBAC_GROUP = 'rbac.authorization.k8s.io';
export const RBAC_VERSION = `${RBAC_GROUP}/v1`;

export interface GrantRole {
  readonly apiVersion: typeof RBAC_VERSION;
  readonly kind: 'Role' | 'ClusterRole';
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules: readonly GrantRule[];
}

export type GrantSubject =
  | { readonly kind: 'User' | 'Group'; readonly apiGroup: typeof RBAC_GROUP; readonly name: string }
  | { readonly kind: 'ServiceAccount'; readonly name: string; readonly namespace: string };

export interface GrantBinding {
  readonly apiVersion: typeof RBAC_VERSION;
  readonly kind: 'RoleBinding' | 'ClusterRoleBinding';
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly roleRef: { readonly apiGroup: typeof RBAC_GROUP; readonly kind: 'Role' | 'ClusterRole'; readonly name: string };
  readonly subjects: readonly GrantSubject[];
}

export type GrantObject = GrantRole | GrantBinding;
