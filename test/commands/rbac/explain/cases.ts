// The scenarios of `rbac explain`, as states of a cluster and command lines; numbers are those of the list that the project was specified by.
import type { KubeObject } from '../../../../src/domain/kubernetes/resource.ts';
import { KSERVE_TYPES } from '../../../../tools/api-server/types.ts';
import { binding, grant, role } from '../../../../tools/rbac-objects.ts';
import { A, BOT, type Case, CSR, failure, KSERVE, named, reads, SR } from '../check/cases.ts';

const B = { namespace: 'b' };
const view = { kind: 'ClusterRole', name: 'runtime-reader' } as const;
const reader = role('runtime-reader', 'cluster', [
  { verbs: ['get', 'list', 'watch'], apiGroups: [KSERVE], resources: ['servingruntimes'] },
]);
const csrReader = role('csr-view', 'cluster', [{ verbs: ['get', 'list'], apiGroups: [KSERVE], resources: ['clusterservingruntimes'] }]);

function ruled(rule: Parameters<typeof role>[2][number], to: string): readonly KubeObject[] {
  return [role('r', A, [rule]), binding('r', A, { kind: 'Role', name: 'r' }, to)];
}

const sr = (more: object) => ({ verbs: ['get', 'list'], apiGroups: [KSERVE], resources: ['servingruntimes'], ...more });
const aggregated = (rules: Parameters<typeof role>[2], annotations: Record<string, string>): KubeObject => {
  const base = role('kserve-view', 'cluster', rules);
  return {
    ...base,
    metadata: { ...base.metadata, annotations },
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { 'example.com/aggregate-to-view': 'true' } }] },
  };
};
const pods = { verbs: ['get'], apiGroups: [''], resources: ['pods'] };
const boundView = binding('kserve-view', A, { kind: 'ClusterRole', name: 'kserve-view' }, 'ana');
const LAST = 'kubectl.kubernetes.io/last-applied-configuration';

/** About others, asked by an administrator unless the case says who. */
export const EXPLAINED: readonly Case[] = [
  {
    name: 'yes',
    argv: 'rbac explain list servingruntimes --for-user ana -n a',
    objects: [...reads('ana', A, SR), ...reads('ana', 'cluster', SR)],
    code: 0,
  },
  { name: 'yes-json', argv: 'rbac explain list servingruntimes --for-user ana -n a -o json', objects: reads('ana', A, SR), code: 0 },
  { name: 'yes-mermaid', argv: 'rbac explain list servingruntimes --for-user ana -n a -o mermaid', objects: reads('ana', A, SR), code: 0 },
  { name: 'nothing-near', argv: 'rbac explain list servingruntimes --for-user ana -n a', code: 1 },
  {
    name: '03-cluster-scope',
    argv: 'rbac explain list clusterservingruntimes --for-user ana -n a',
    objects: [csrReader, binding('csr-view', A, { kind: 'ClusterRole', name: 'csr-view' }, 'ana')],
    code: 1,
  },
  {
    name: '05-not-installed',
    argv: 'rbac explain list localmodelcaches --for-user ana',
    server: { types: KSERVE_TYPES.filter(({ plural }) => plural !== 'localmodelcaches') },
    code: 1,
  },
  {
    name: '09-dangling',
    argv: 'rbac explain list servingruntimes --for-user ana -n a',
    objects: [binding('stale', A, { kind: 'ClusterRole', name: 'gone' }, 'ana')],
    code: 1,
  },
  {
    name: '09-dangling-misspelt',
    argv: 'rbac explain list servingruntimes --for-user ana -n a',
    objects: [reader, binding('stale', A, { kind: 'ClusterRole', name: 'runtime-raeder' }, 'ana')],
    code: 1,
  },
  {
    name: 'role-ref-kind',
    argv: 'rbac explain list servingruntimes --for-user ana -n a',
    objects: [reader, binding('view', A, { kind: 'Role', name: 'runtime-reader' }, 'ana')],
    code: 1,
  },
  {
    name: 'role-elsewhere',
    argv: 'rbac explain list servingruntimes --for-user ana -n a',
    objects: [role('r', B, [sr({})]), binding('r', A, { kind: 'Role', name: 'r' }, 'ana')],
    code: 1,
  },
  {
    name: 'wrong-namespace',
    argv: 'rbac explain list servingruntimes --sa a:bot -n a',
    objects: [reader, binding('catalogue', B, view, BOT)],
    code: 1,
  },
  {
    name: 'wrong-namespace-json',
    argv: 'rbac explain list servingruntimes --sa a:bot -n a -o json',
    objects: [reader, binding('catalogue', B, view, BOT)],
    code: 1,
  },
  {
    name: 'wrong-namespace-mermaid',
    argv: 'rbac explain list servingruntimes --sa a:bot -n a -o mermaid',
    objects: [reader, binding('catalogue', B, view, BOT)],
    code: 1,
  },
  {
    name: 'wrong-namespace-role',
    argv: 'rbac explain list servingruntimes --for-user ana -n a',
    objects: [role('r', B, [sr({})]), binding('r', B, { kind: 'Role', name: 'r' }, 'ana')],
    code: 1,
  },
  {
    name: 'all-namespaces',
    argv: 'rbac explain list servingruntimes --for-user ana -A',
    objects: [reader, binding('catalogue', B, view, 'ana')],
    code: 1,
  },
  { name: 'missing-verb', argv: 'rbac explain watch servingruntimes --for-user ana -n a', objects: ruled(sr({}), 'ana'), code: 1 },
  {
    name: '46-verb-case',
    argv: 'rbac explain list servingruntimes --for-user ana -n a',
    objects: ruled(sr({ verbs: ['LIST'] }), 'ana'),
    code: 1,
  },
  {
    name: 'missing-resource',
    argv: 'rbac explain list servingruntimes --for-user ana -n a',
    objects: ruled(sr({ resources: ['inferenceservices'] }), 'ana'),
    code: 1,
  },
  {
    name: '16-wrong-group',
    argv: 'rbac explain list servingruntimes --for-user ana -n a',
    objects: ruled(sr({ apiGroups: ['serving.kubeflow.org'] }), 'ana'),
    code: 1,
  },
  {
    name: '17-singular',
    argv: 'rbac explain create isvc --for-user ana -n a',
    objects: ruled({ verbs: ['create'], apiGroups: [KSERVE], resources: ['inferenceservice'] }, 'ana'),
    code: 1,
  },
  {
    name: 'misspelt',
    argv: 'rbac explain list servingruntimes --for-user ana -n a',
    objects: ruled(sr({ resources: ['servingruntmies'] }), 'ana'),
    code: 1,
  },
  {
    name: '18-three-l',
    argv: 'rbac explain list llminferenceserviceconfigs --for-user ana -n a',
    objects: ruled({ verbs: ['list'], apiGroups: [KSERVE], resources: ['lllminferenceserviceconfigs'] }, 'ana'),
    code: 1,
  },
  {
    name: '11-status-rule-only',
    argv: 'rbac explain get isvc/iris --for-user ana -n a',
    objects: ruled({ verbs: ['get'], apiGroups: [KSERVE], resources: ['inferenceservices/status'] }, 'ana'),
    code: 1,
  },
  {
    name: '46-pods-star',
    argv: 'rbac explain get pods/p --subresource=log --for-user ana -n a',
    objects: ruled({ verbs: ['get'], apiGroups: [''], resources: ['pods/*'] }, 'ana'),
    code: 1,
  },
  { name: '13-names-list', argv: 'rbac explain list servingruntimes --for-user ana -n a', objects: named, code: 1 },
  { name: '13-names-get-y', argv: 'rbac explain get servingruntimes/y --for-user ana -n a', objects: named, code: 1 },
  { name: '14-create-named', argv: 'rbac explain create servingruntimes/x --for-user ana -n a', objects: named, code: 1 },
  {
    name: '46-names-star',
    argv: 'rbac explain list servingruntimes --for-user ana -n a',
    objects: ruled(sr({ resourceNames: ['*'] }), 'ana'),
    code: 1,
  },
  {
    name: '15-url',
    argv: 'rbac explain get /foo --for-user ana',
    objects: [
      role('foo', 'cluster', [{ verbs: ['get'], nonResourceURLs: ['/foo/*'] }]),
      binding('foo', 'cluster', { kind: 'ClusterRole', name: 'foo' }, 'ana'),
    ],
    code: 1,
  },
  { name: '19-account-namespace', argv: 'rbac explain list servingruntimes --sa b:bot -n a', objects: reads(BOT, A, SR), code: 1 },
  {
    name: '20-group-case',
    argv: 'rbac explain list servingruntimes --for-user ana --for-group ml -n a',
    objects: reads('group:ML', A, SR),
    code: 1,
  },
  {
    name: 'group-prefix',
    argv: 'rbac explain list servingruntimes --for-user ana --for-group ml -n a',
    objects: reads('group:oidc:ml', A, SR),
    code: 1,
  },
  { name: 'user-name', argv: 'rbac explain list servingruntimes --for-user annabelle -n a', objects: reads('anabelle', A, SR), code: 1 },
  { name: 'subject-kind', argv: 'rbac explain list servingruntimes --sa a:bot -n a', objects: reads('bot', A, SR), code: 1 },
  { name: '21-literal-star', argv: 'rbac explain list servingruntimes --for-user ana -n a', objects: reads('*', 'cluster', SR), code: 1 },
  {
    name: 'not-bound',
    argv: 'rbac explain list servingruntimes --for-user ana -n a',
    objects: [reader, binding('view', A, view, 'zoe')],
    code: 1,
  },
  { name: 'not-bound-anywhere', argv: 'rbac explain list servingruntimes --for-user ana -n a', objects: [reader], code: 1 },
  {
    name: '29-label',
    argv: 'rbac explain list servingruntimes --for-user ana -n a',
    objects: [reader, aggregated([pods], {}), boundView],
    code: 1,
  },
  {
    name: '29-label-mermaid',
    argv: 'rbac explain list servingruntimes --for-user ana -n a -o mermaid',
    objects: [reader, aggregated([pods], {}), boundView],
    code: 1,
  },
  {
    name: '29-edited',
    argv: 'rbac explain list servingruntimes --for-user ana -n a',
    objects: [aggregated([pods], { [LAST]: JSON.stringify({ rules: [sr({})] }) }), boundView],
    code: 1,
  },
  {
    name: 'two-questions-json',
    argv: 'rbac explain list,watch servingruntimes --for-user ana -n a -o json',
    objects: ruled(sr({}), 'ana'),
    code: 1,
  },
  {
    name: 'many',
    argv: 'rbac explain list servingruntimes --for-user ana -n a',
    objects: [
      reader,
      binding('there', B, view, 'ana'),
      ...ruled(sr({ verbs: ['get'] }), 'ana'),
      ...grant('x', 'ana', A, ['list'], `inferenceservices.${KSERVE}`),
      ...grant('z', 'zoe', A, ['list'], SR),
    ],
    code: 1,
  },
  {
    name: 'many-all',
    argv: 'rbac explain list servingruntimes --for-user ana -n a --all',
    objects: [
      reader,
      binding('there', B, view, 'ana'),
      ...ruled(sr({ verbs: ['get'] }), 'ana'),
      ...grant('x', 'ana', A, ['list'], `inferenceservices.${KSERVE}`),
      ...grant('z', 'zoe', A, ['list'], SR),
    ],
    code: 1,
  },
  { name: '28-no-reason', argv: 'rbac explain list servingruntimes -n a', code: 0 },
];

const ANONYMOUS_ASKS = ['selfsubjectaccessreviews.authorization.k8s.io', 'selfsubjectreviews.authentication.k8s.io'];
const onlyRuntimes = (decision: object) => ({
  name: 'cloud',
  decide: (_: unknown, request: object) => ('resource' in request && request.resource === 'servingruntimes' ? decision : undefined),
});
const readsRbac = grant('rbac', 'ana', A, ['list'], ...['roles', 'rolebindings'].map((kind) => `${kind}.rbac.authorization.k8s.io`));

/** Asked by ana about herself: she may read no RBAC objects unless they say so. */
export const OWN: readonly Case[] = [
  { name: 'own-yes', argv: 'rbac explain list servingruntimes -n a', objects: reads('ana', A, SR), code: 0 },
  { name: 'own-nothing', argv: 'rbac explain list servingruntimes -n a', code: 1 },
  {
    name: 'own-dangling',
    argv: 'rbac explain list servingruntimes -n a',
    objects: [binding('stale', A, { kind: 'ClusterRole', name: 'gone' }, 'ana')],
    code: 1,
  },
  { name: 'own-verb', argv: 'rbac explain watch servingruntimes -n a', objects: ruled(sr({}), 'ana'), code: 1 },
  { name: 'own-names', argv: 'rbac explain list servingruntimes -n a', objects: named, code: 1 },
  {
    name: 'own-group',
    argv: 'rbac explain list servingruntimes -n a',
    objects: ruled(sr({ apiGroups: ['serving.kubeflow.org'] }), 'ana'),
    code: 1,
  },
  {
    name: 'own-neighbour',
    argv: 'rbac explain list servingruntimes -n a',
    objects: ruled(sr({ resources: ['inferenceservices'] }), 'ana'),
    code: 1,
  },
  {
    name: 'own-singular',
    argv: 'rbac explain list servingruntimes -n a',
    objects: ruled(sr({ resources: ['servingruntime'] }), 'ana'),
    code: 1,
  },
  {
    name: 'own-elsewhere',
    argv: 'rbac explain list servingruntimes -n a',
    objects: [...grant('sr', 'ana', B, ['list'], SR), ...grant('ns', 'ana', 'cluster', ['list'], 'namespaces')],
    code: 1,
  },
  {
    name: 'own-cluster-scope',
    argv: 'rbac explain list clusterservingruntimes -n a',
    objects: grant('csr', 'ana', A, ['list'], CSR),
    code: 1,
  },
  {
    name: 'own-namespace-only',
    argv: 'rbac explain list servingruntimes -n a',
    objects: [...readsRbac, ...ruled(sr({ resources: ['servingruntime'] }), 'ana')],
    code: 1,
  },
  {
    name: 'own-namespace-only-json',
    argv: 'rbac explain list servingruntimes -n a -o json',
    objects: [...readsRbac, ...ruled(sr({ resources: ['servingruntime'] }), 'ana')],
    code: 1,
  },
  { name: '24-nothing', argv: 'rbac explain list servingruntimes --sa a:bot -n a', code: 3 },
  { name: '52-anonymous', argv: 'rbac explain list servingruntimes -n a', server: { user: 'anonymous' }, code: 3 },
  { name: '52-anonymous-json', argv: 'rbac explain list servingruntimes -n a -o json', server: { user: 'anonymous' }, code: 3 },
  { name: '52-anonymous-mermaid', argv: 'rbac explain list servingruntimes -n a -o mermaid', server: { user: 'anonymous' }, code: 3 },
  {
    name: '52-anonymous-may-ask',
    argv: 'rbac explain list servingruntimes -n a',
    objects: grant('ask', 'group:system:unauthenticated', 'cluster', ['create'], ...ANONYMOUS_ASKS),
    server: { user: 'anonymous' },
    code: 3,
  },
  { name: '52-refused', argv: 'rbac explain list servingruntimes -n a', server: { user: 'unknown' }, code: 3 },
  { name: '52-refused-yaml', argv: 'rbac explain list,watch servingruntimes --sa a:bot -o yaml', server: { user: 'unknown' }, code: 3 },
  { name: '52-refused-other-words', argv: 'rbac explain list frobs -n a', server: { user: 'unknown' }, code: 3 },
  {
    name: '26-gke',
    argv: 'rbac explain list servingruntimes -n a',
    server: { webhook: onlyRuntimes({ reason: 'requires one of ["container.thirdPartyObjects.list"] permission(s).' }) },
    code: 1,
  },
  {
    name: '27-two-authorizers',
    argv: 'rbac explain list servingruntimes -n a',
    objects: [binding('stale', A, { kind: 'ClusterRole', name: 'gone' }, 'ana')],
    server: { webhook: onlyRuntimes({ reason: 'not in this policy' }) },
    code: 1,
  },
  {
    name: '39-denied',
    argv: 'rbac explain list servingruntimes -n a',
    server: { webhook: onlyRuntimes({ denied: true, reason: 'freeze until Monday' }) },
    code: 1,
  },
  {
    name: '40-denied-and-failed',
    argv: 'rbac explain list servingruntimes -n a',
    server: { webhook: onlyRuntimes({ denied: true, evaluationError: 'webhook timed out' }) },
    code: 3,
  },
  { name: 'task-and-words', argv: 'rbac explain list pods --for deploy', code: 2 },
  { name: 'unknown-word', argv: 'rbac explain list frobs', code: 2 },
  {
    name: 'review-500',
    argv: 'rbac explain list servingruntimes -n a',
    server: { failures: [failure(500, 'InternalError', 'etcdserver: request timed out', { resource: 'selfsubjectaccessreviews' })] },
    code: 3,
  },
];
