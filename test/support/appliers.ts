import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import type { ResourceAccessRequest } from '../../src/domain/rbac/access-review.ts';
import { binding, role, type Scope } from '../../tools/rbac-objects.ts';

const RBAC = 'rbac.authorization.k8s.io';
const KINDS = ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'];

/**
 * Who applies a fix: an administrator; who may write any role and holds all that was asked, more, or nothing of it; who may do so in one namespace;
 * who may not read what is written, or may create and not change it; and who may write nothing.
 */
export const APPLIERS = ['admin', 'holder', 'escalator', 'nothing-held', 'local', 'not-reading', 'creating-only', 'reader'] as const;
export type ApplierKind = (typeof APPLIERS)[number];

const WRITES: Readonly<Record<Exclude<ApplierKind, 'admin'>, readonly string[]>> = {
  holder: ['get', 'create', 'patch'],
  escalator: ['get', 'create', 'patch', 'escalate', 'bind'],
  'nothing-held': ['get', 'create', 'patch'],
  local: ['get', 'create', 'patch'],
  'not-reading': ['create', 'patch'],
  'creating-only': ['get', 'create'],
  reader: ['get'],
};

/** The rights of such an account: all may read RBAC and ask about others. */
export function applierObjects(
  user: string,
  kind: Exclude<ApplierKind, 'admin'>,
  { verb, group, resource, subresource, namespace }: ResourceAccessRequest,
  place: string,
): readonly KubeObject[] {
  const grant = (name: string, scope: Scope, rules: Parameters<typeof role>[2]): readonly KubeObject[] => [
    role(`${user}-${name}`, scope, rules),
    binding(`${user}-${name}`, scope, { kind: scope === 'cluster' ? 'ClusterRole' : 'Role', name: `${user}-${name}` }, user),
  ];
  const asked = { verbs: [verb], apiGroups: [group], resources: [subresource === undefined ? resource : `${resource}/${subresource}`] };
  return [
    ...grant('asks', 'cluster', [
      { verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'] },
      { verbs: ['list'], apiGroups: [RBAC], resources: KINDS },
    ]),
    ...grant('writes', kind === 'local' ? { namespace: place } : 'cluster', [
      { verbs: [...WRITES[kind]], apiGroups: [RBAC], resources: KINDS },
    ]),
    ...(['nothing-held', 'escalator', 'reader'].includes(kind)
      ? []
      : grant('holds', namespace === '' ? 'cluster' : { namespace: place }, [asked])),
  ];
}
