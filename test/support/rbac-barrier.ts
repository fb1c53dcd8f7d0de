import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import type { ApiClient } from '../../tools/control-plane/client.ts';

const RBAC = 'rbac.authorization.k8s.io';
const POLLS = 1_000;
let stamps = 0;

function stampObjects(name: string, namespace: string): readonly KubeObject[] {
  const rules = [{ verbs: ['stamp'], apiGroups: ['stamps.example.com'], resources: ['stamps'] }];
  const subjects = [{ kind: 'User', apiGroup: RBAC, name }];
  const ref = (kind: string) => ({ apiGroup: RBAC, kind, name });
  const apiVersion = `${RBAC}/v1`;
  return [
    { apiVersion, kind: 'Role', metadata: { name, namespace }, rules },
    { apiVersion, kind: 'ClusterRole', metadata: { name }, rules },
    { apiVersion, kind: 'RoleBinding', metadata: { name, namespace }, roleRef: ref('Role'), subjects },
    { apiVersion, kind: 'ClusterRoleBinding', metadata: { name }, roleRef: ref('ClusterRole'), subjects },
  ];
}

/** Resolves when a server's authorizer has seen all that was written before: it reads each kind by a watch of its own. */
export async function untilAuthorizerSaw(admin: ApiClient, namespace: string): Promise<void> {
  stamps += 1;
  const name = `stamp-${stamps}`;
  const objects = stampObjects(name, namespace);
  await admin.apply(...objects);
  for (const scope of [namespace, '']) await untilAllowed(admin, name, scope);
  await admin.delete(...objects);
}

async function untilAllowed(admin: ApiClient, user: string, namespace: string): Promise<void> {
  const resourceAttributes = { verb: 'stamp', group: 'stamps.example.com', resource: 'stamps', namespace };
  for (let poll = 0; poll < POLLS; poll++) {
    const { body } = await admin.request('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
      body: { spec: { user, resourceAttributes } },
    });
    if (body.status.allowed) return;
  }
  throw new Error(`the authorizer has not seen ${user} after ${POLLS} questions`);
}
