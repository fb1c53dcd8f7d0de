// What every API server with RBAC makes for itself at its first start, as far as this project meets it.
// https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';

const RBAC = 'rbac.authorization.k8s.io';

function metadata(name: string) {
  return {
    name,
    labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
    annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
  };
}

function role(name: string, ...rules: readonly object[]): KubeObject {
  return { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: metadata(name), rules };
}

function binding(name: string, ...groups: readonly string[]): KubeObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: metadata(name),
    subjects: groups.map((group) => ({ apiGroup: RBAC, kind: 'Group', name: group })),
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
  };
}

const PROBES = ['/healthz', '/livez', '/readyz', '/version', '/version/'];
const DISCOVERY = [
  '/api',
  '/api/*',
  '/apis',
  '/apis/*',
  '/healthz',
  '/livez',
  '/openapi',
  '/openapi/*',
  '/readyz',
  '/version',
  '/version/',
];
const SELF_REVIEWS = ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'];

export const BOOTSTRAP_OBJECTS: readonly KubeObject[] = [
  ...['default', 'kube-node-lease', 'kube-public', 'kube-system'].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  })),
  role('cluster-admin', { apiGroups: ['*'], resources: ['*'], verbs: ['*'] }, { nonResourceURLs: ['*'], verbs: ['*'] }),
  role('system:discovery', { nonResourceURLs: DISCOVERY, verbs: ['get'] }),
  role(
    'system:basic-user',
    { apiGroups: ['authorization.k8s.io'], resources: SELF_REVIEWS, verbs: ['create'] },
    { apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'], verbs: ['create'] },
  ),
  role('system:public-info-viewer', { nonResourceURLs: PROBES, verbs: ['get'] }),
  role(
    'system:auth-delegator',
    { apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
    { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
  ),
  binding('cluster-admin', 'system:masters'),
  binding('system:basic-user', 'system:authenticated'),
  binding('system:discovery', 'system:authenticated'),
  binding('system:public-info-viewer', 'system:authenticated', 'system:unauthenticated'),
];
