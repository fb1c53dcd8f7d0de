import type { RequiredAccess } from '../../../domain/kserve/required-access.ts';
import { RBAC_GROUP } from '../../../domain/rbac/grant-object.ts';

const REVIEWS = 'authorization.k8s.io';

function access(verb: string, group: string, resource: string, scope: RequiredAccess['scope'], reason: string): RequiredAccess {
  return { verbs: [verb], group, resource, scope, reason };
}

/** What it takes to ask about oneself and about others. */
const reviewNeeds: readonly RequiredAccess[] = [
  access('create', REVIEWS, 'selfsubjectaccessreviews', 'cluster', 'to ask what you may do; every user who is logged in may'),
  access('create', 'authentication.k8s.io', 'selfsubjectreviews', 'cluster', 'to tell who you are; every user who is logged in may'),
  access('create', REVIEWS, 'subjectaccessreviews', 'cluster', 'to ask about somebody else; without it weaker ways are tried'),
  access('create', REVIEWS, 'localsubjectaccessreviews', 'namespace', 'the second way to ask about somebody else'),
  access('impersonate', '', 'serviceaccounts', 'namespace', 'the third way, for --sa; for --for-user it is users at the cluster scope'),
];

const readNeeds: readonly RequiredAccess[] = [
  access('list', RBAC_GROUP, 'clusterrolebindings', 'cluster', 'to evaluate the objects of RBAC here; what cannot be read is named'),
  access('list', RBAC_GROUP, 'clusterroles', 'cluster', 'the same'),
  access('list', RBAC_GROUP, 'rolebindings', 'namespace', 'the same; of all namespaces if permitted'),
  access('list', RBAC_GROUP, 'roles', 'namespace', 'the same'),
];

/** Of commands that explain an answer by RBAC objects. */
export const explainNeeds: readonly RequiredAccess[] = [
  ...reviewNeeds,
  ...readNeeds,
  access(
    'create',
    REVIEWS,
    'selfsubjectrulesreviews',
    'cluster',
    'where objects cannot be read: to see your own rules; every user who is logged in may',
  ),
  access('list', '', 'namespaces', 'cluster', 'where objects cannot be read: to ask in other namespaces'),
];

/** Of a command that prints a grant and tells whether the caller may apply it. */
export const fixNeeds: readonly RequiredAccess[] = [
  ...reviewNeeds,
  ...readNeeds,
  ...['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings'].map((resource): RequiredAccess => {
    const scope = resource.startsWith('cluster') ? 'cluster' : 'namespace';
    return { verbs: ['get', 'create', 'patch'], group: RBAC_GROUP, resource, scope, reason: 'to tell whether you may apply it: a dry run' };
  }),
];

/** Of a command that only evaluates RBAC objects. */
export const whoCanNeeds: readonly RequiredAccess[] = readNeeds;

/** Of a command that asks for all that an account may do. */
export const matrixNeeds: readonly RequiredAccess[] = [
  ...reviewNeeds,
  ...readNeeds.map((need) => ({ ...need, reason: 'the last way: to evaluate the objects of RBAC here' })),
];
