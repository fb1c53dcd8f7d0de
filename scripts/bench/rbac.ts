import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import type { ControlPlane } from '../../tools/control-plane/control-plane.ts';

const RBAC = 'rbac.authorization.k8s.io';
const NAMESPACES = 50;
const IN_FLIGHT = 16;

/** Some are cluster-wide, as in clusters that have this many. */
function isWide(index: number): boolean {
  return index % 10 === 0;
}

function placeOf(index: number): string {
  return `team-${index % NAMESPACES}`;
}

/** With the annotation that `kubectl apply` leaves, which most objects of real clusters have. */
function applied(object: KubeObject): KubeObject {
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify(object)}\n` };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function role(index: number): KubeObject {
  const verbs = ['get', 'list', 'watch', ...(index % 3 === 0 ? ['create', 'update', 'patch', 'delete'] : [])];
  return applied({
    apiVersion: `${RBAC}/v1`,
    kind: isWide(index) ? 'ClusterRole' : 'Role',
    metadata: {
      name: `role-${index}`,
      ...(!isWide(index) && { namespace: placeOf(index) }),
      labels: { 'app.kubernetes.io/part-of': 'bench' },
    },
    rules: [
      { apiGroups: [''], resources: ['pods', 'pods/log', 'events', 'configmaps'], verbs },
      { apiGroups: ['apps'], resources: ['deployments', 'replicasets'], verbs },
      { apiGroups: ['serving.kserve.io'], resources: ['inferenceservices'], verbs: ['get', 'list'] },
    ],
  });
}

function binding(index: number, roles: number): KubeObject {
  const to = index % roles;
  return applied({
    apiVersion: `${RBAC}/v1`,
    kind: isWide(to) ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: {
      name: `binding-${index}`,
      ...(!isWide(to) && { namespace: placeOf(to) }),
      labels: { 'app.kubernetes.io/part-of': 'bench' },
    },
    roleRef: { apiGroup: RBAC, kind: isWide(to) ? 'ClusterRole' : 'Role', name: `role-${to}` },
    subjects: [
      { kind: 'ServiceAccount', name: `account-${index}`, namespace: placeOf(index) },
      { apiGroup: RBAC, kind: 'Group', name: `group-${index % 200}` },
    ],
  });
}

function bindings(roles: number): number {
  return Math.floor(roles * 2.5);
}

/** `2000 roles and 5000 bindings`. */
export function ofRoles(roles: number): string {
  return `${roles} roles and ${bindings(roles)} bindings`;
}

/** Adds roles, and two and a half times as many bindings, to those that were added before. */
export async function addRbac({ admin }: ControlPlane, from: number, roles: number): Promise<void> {
  const places = Array.from({ length: NAMESPACES }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: placeOf(index) },
  }));
  const objects = [
    ...Array.from({ length: roles - from }, (_, index) => role(from + index)),
    ...Array.from({ length: bindings(roles) - bindings(from) }, (_, index) => binding(bindings(from) + index, roles)),
  ];
  await admin.apply(...places);
  const worker = async (): Promise<void> => {
    for (let object = objects.pop(); object !== undefined; object = objects.pop()) await admin.apply(object);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}
