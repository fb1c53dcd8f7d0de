// The scenarios of `rbac check`, as states of a cluster and command lines; their numbers are those of the list that the project was
// specified by.
import type { KubeObject } from '../../../../src/domain/kubernetes/resource.ts';
import { ClusterError, type FailureReason } from '../../../../src/errors.ts';
import { KSERVE_TYPES } from '../../../../tools/api-server/types.ts';
import { binding, grant, role } from '../../../../tools/rbac-objects.ts';
import type { FakeClusterOptions, ScriptedFailure } from '../../../support/fake-cluster.ts';

export const KSERVE = 'serving.kserve.io';
export const SR = `servingruntimes.${KSERVE}`;
export const CSR = `clusterservingruntimes.${KSERVE}`;
const ISVC = `inferenceservices.${KSERVE}`;
export const A = { namespace: 'a' };
/** As the real server of the tests knows her, who takes the uid from the token file. */
export const ANA = { name: 'ana', groups: ['ml'], uid: 'ana' };
export const BOT = 'system:serviceaccount:a:bot';

export interface Case {
  readonly name: string;
  readonly argv: string;
  readonly objects?: readonly KubeObject[];
  /** Answers without a fake: the rest of `FakeClusterOptions`. */
  readonly server?: Omit<FakeClusterOptions, 'objects'>;
  readonly code: number;
}

export function reads(to: string, scope: typeof A | 'cluster', ...resources: readonly string[]): readonly KubeObject[] {
  return grant('reader', to, scope, ['get', 'list', 'watch'], ...resources);
}

const viewCsr = role('csr-view', 'cluster', [{ verbs: ['get', 'list'], apiGroups: [KSERVE], resources: ['clusterservingruntimes'] }]);
const trap = [viewCsr, binding('csr-view', A, { kind: 'ClusterRole', name: 'csr-view' }, 'ana')];
const dangling = binding('stale', A, { kind: 'ClusterRole', name: 'gone' }, 'ana');
export const named = [
  role('named', A, [{ verbs: ['get', 'list', 'create'], apiGroups: [KSERVE], resources: ['servingruntimes'], resourceNames: ['x'] }]),
  binding('named', A, { kind: 'Role', name: 'named' }, 'ana'),
];
const urls = [
  role('foo', 'cluster', [{ verbs: ['get'], nonResourceURLs: ['/foo/*'] }]),
  binding('foo', 'cluster', { kind: 'ClusterRole', name: 'foo' }, 'ana'),
];
const status = (resources: readonly string[]): readonly KubeObject[] => [
  role('status', A, [{ verbs: ['get'], apiGroups: [KSERVE], resources: [...resources] }]),
  binding('status', A, { kind: 'Role', name: 'status' }, 'ana'),
];

export function failure(code: number, reason: FailureReason, message: string, on: ScriptedFailure['on']): ScriptedFailure {
  return { on, error: new ClusterError(reason, message, { code, fromStatus: true }) };
}

const REVIEWS = { resource: 'selfsubjectaccessreviews' };
const webhook = (decision: object) => ({ name: 'cloud', decide: (user: { user: string }) => (user.user === 'ana' ? decision : undefined) });
const onlyOn = (resource: string, decision: object) => ({
  name: 'cloud',
  decide: (_: unknown, request: object) => ('resource' in request && request.resource === resource ? decision : undefined),
});

/** Asked by ana. */
export const CASES: readonly Case[] = [
  { name: 'default', argv: 'rbac check -n a', objects: [...reads('ana', A, SR), ...trap], code: 1 },
  {
    name: 'default-allowed',
    argv: 'rbac check -n a',
    objects: [...reads('ana', A, SR), ...grant('csr', 'group:ml', 'cluster', ['*'], CSR)],
    code: 0,
  },
  {
    name: 'wide',
    argv: 'rbac check -n a -o wide',
    objects: [...reads('ana', A, SR), ...grant('csr', 'group:ml', 'cluster', ['*'], CSR)],
    code: 0,
  },
  { name: 'json', argv: 'rbac check -n a -o json', objects: [...reads('ana', A, SR), ...trap], code: 1 },
  { name: 'yaml', argv: 'rbac check list clusterservingruntimes -n a -o yaml', objects: trap, code: 1 },
  { name: 'quiet', argv: 'rbac check -n a -q', code: 1 },
  { name: 'deploy-two-namespaces', argv: 'rbac check --for deploy -n a,b', objects: reads('ana', A, ISVC), code: 1 },
  { name: 'deploy-dry-run', argv: 'rbac check --for deploy --dry-run', code: 0 },
  { name: 'administer-dry-run', argv: 'rbac check --for administer --dry-run', code: 0 },
  { name: 'runtimes-dry-run-json', argv: 'rbac check --for runtimes --dry-run -o json', code: 0 },
  {
    name: 'deploy-optional',
    argv: 'rbac check --for deploy --optional -n a',
    objects: [...grant('isvc', 'ana', A, ['*'], ISVC), ...grant('events', 'ana', A, ['list'], 'events')],
    code: 1,
  },
  {
    name: 'deploy-optional-json',
    argv: 'rbac check --for deploy -n a -o json',
    objects: [...grant('isvc', 'ana', A, ['*'], ISVC), ...grant('events', 'ana', A, ['list'], 'events')],
    code: 0,
  },
  { name: 'deploy-llm', argv: 'rbac check --for deploy-llm -n a', code: 1 },
  {
    name: 'call',
    argv: 'rbac check --for call isvc/iris -n a',
    objects: [
      role('call', A, [{ verbs: ['get'], apiGroups: [KSERVE], resources: ['inferenceservices'], resourceNames: ['iris'] }]),
      binding('call', A, { kind: 'Role', name: 'call' }, 'ana'),
    ],
    code: 1,
  },
  { name: 'call-any', argv: 'rbac check --for call -n a', code: 1 },
  { name: 'call-unknown', argv: 'rbac check --for call iris', code: 2 },
  { name: 'optional-words', argv: 'rbac check list pods --optional', code: 2 },
  { name: 'debug', argv: 'rbac check --for debug -n a', objects: grant('pods', 'ana', A, ['get', 'list'], 'pods', 'events'), code: 1 },
  { name: 'author-runtimes', argv: 'rbac check --for author-runtimes -n a', code: 1 },
  { name: 'administer', argv: 'rbac check --for administer', objects: grant('all', 'ana', 'cluster', ['*'], '*.*'), code: 1 },
  {
    name: 'excess',
    argv: 'rbac check --for runtimes -n a --report-excess',
    objects: grant('all', 'ana', 'cluster', ['*'], `*.${KSERVE}`),
    code: 1,
  },
  {
    name: 'excess-json',
    argv: 'rbac check --for runtimes -n a --report-excess -o json',
    objects: [...reads('ana', A, SR), ...grant('csr', 'ana', 'cluster', ['get', 'list', 'watch', 'delete'], CSR)],
    code: 1,
  },
  {
    name: 'excess-none',
    argv: 'rbac check --for runtimes -n a --report-excess',
    objects: [...reads('ana', A, SR), ...grant('csr', 'ana', 'cluster', ['get', 'list', 'watch'], CSR)],
    code: 0,
  },
  {
    name: '01-short-name',
    argv: 'rbac check list isvc -n test',
    objects: grant('r', 'ana', { namespace: 'test' }, ['list'], ISVC),
    code: 0,
  },
  { name: '01-no-short-name', argv: 'rbac check list sr -n test', code: 2 },
  { name: '02-all-namespaces', argv: 'rbac check list servingruntimes -A', objects: reads('ana', A, SR), code: 1 },
  { name: '03-trap', argv: 'rbac check list clusterservingruntimes -n a', objects: trap, code: 1 },
  {
    name: '04-review-500',
    argv: 'rbac check list clusterservingruntimes -n a',
    server: { failures: [failure(500, 'InternalError', 'etcdserver: request timed out', REVIEWS)] },
    code: 3,
  },
  {
    name: '05-not-installed',
    argv: 'rbac check list clusterservingruntimes',
    objects: grant('csr', 'ana', 'cluster', ['list'], CSR),
    server: { types: KSERVE_TYPES.filter(({ plural }) => plural !== 'clusterservingruntimes') },
    code: 1,
  },
  {
    name: '05-not-installed-matrix',
    argv: 'rbac check -n a',
    objects: reads('ana', A, SR),
    server: { types: KSERVE_TYPES.filter(({ plural }) => plural !== 'clusterservingruntimes') },
    code: 0,
  },
  { name: '05-unknown-word', argv: 'rbac check list frobs', code: 2 },
  {
    name: '05-allow-unknown',
    argv: 'rbac check frob frobs.example.com -n a --allow-unknown',
    objects: grant('f', 'ana', A, ['frob'], 'frobs.example.com'),
    code: 0,
  },
  { name: '07-list-rules', argv: 'rbac check --list -n a', objects: [...named, ...urls, ...trap], code: 0 },
  { name: '07-list-rules-json', argv: 'rbac check --list -n a -o json', objects: named, code: 0 },
  {
    name: '07-list-dead-words',
    argv: 'rbac check --list -n a',
    objects: [
      role('dead', A, [
        { verbs: ['get'], apiGroups: [KSERVE], resources: ['lllminferenceserviceconfigs', 'servingruntimes', 'servingruntimes/status'] },
        { verbs: ['get'], apiGroups: ['serving.kubeflow.org', `${KSERVE}/v1beta1`], resources: ['inferenceservices'] },
        { verbs: ['update'], apiGroups: [KSERVE], resources: ['inferenceservices/finalizers', '*/status'] },
      ]),
      binding('dead', A, { kind: 'Role', name: 'dead' }, 'ana'),
    ],
    code: 0,
  },
  { name: '08-list-incomplete', argv: 'rbac check --list -n a', objects: reads('ana', A, SR), server: { webhook: webhook({}) }, code: 0 },
  { name: 'quiet-one', argv: 'rbac check list clusterservingruntimes -n a -q', objects: trap, code: 1 },
  { name: 'quiet-yes', argv: 'rbac check list servingruntimes -n a -q', objects: reads('ana', A, SR), code: 0 },
  { name: 'quiet-not-installed', argv: 'rbac check list servingruntimes -n a -q', server: { types: [] }, code: 1 },
  { name: 'silent', argv: 'rbac check -n a -qq', objects: trap, code: 1 },
  { name: '08-list-nothing', argv: 'rbac check --list -n a', objects: urls, code: 0 },
  { name: '08-list-nothing-incomplete', argv: 'rbac check --list -n a,b', objects: urls, server: { webhook: webhook({}) }, code: 3 },
  { name: '08-list-dangling', argv: 'rbac check --list -n a', objects: [...reads('ana', A, SR), dangling], code: 0 },
  { name: '09-dangling', argv: 'rbac check list servingruntimes -n a', objects: [dangling], code: 1 },
  {
    name: '10-dangling-and-granted',
    argv: 'rbac check list servingruntimes -n a',
    objects: [dangling, ...reads('ana', 'cluster', SR)],
    code: 0,
  },
  { name: '11-status-rule-only', argv: 'rbac check get isvc -n a', objects: status(['inferenceservices/status']), code: 1 },
  { name: '12-any-status', argv: 'rbac check get isvc --subresource=status -n a', objects: status(['*/status']), code: 0 },
  { name: '13-names-list', argv: 'rbac check list servingruntimes -n a', objects: named, code: 1 },
  { name: '13-names-get-x', argv: 'rbac check get servingruntimes/x -n a', objects: named, code: 0 },
  { name: '13-names-get-y', argv: 'rbac check get servingruntimes/y -n a', objects: named, code: 1 },
  { name: '13-names-list-x', argv: 'rbac check list servingruntimes/x -n a', objects: named, code: 0 },
  { name: '14-create-named', argv: 'rbac check create servingruntimes/x -n a', objects: named, code: 1 },
  { name: '15-url-foo', argv: 'rbac check get /foo', objects: urls, code: 1 },
  { name: '15-url-foo-slash', argv: 'rbac check get /foo/', objects: urls, code: 0 },
  { name: '15-url-foo-bar', argv: 'rbac check get /foo/bar', objects: urls, code: 0 },
  { name: '15-url-post', argv: 'rbac check post /foo/bar', objects: urls, code: 1 },
  { name: '21-literal-star', argv: 'rbac check list servingruntimes -n a', objects: reads('*', A, SR), code: 1 },
  {
    name: '25-evaluation-error',
    argv: 'rbac check list servingruntimes -n a',
    server: { webhook: webhook({ reason: 'no policy', evaluationError: 'webhook timed out' }) },
    code: 3,
  },
  {
    name: '26-gke',
    argv: 'rbac check list servingruntimes -n a',
    server: { webhook: webhook({ reason: 'requires one of ["container.thirdPartyObjects.list"] permission(s).' }) },
    code: 1,
  },
  {
    name: '26-aks',
    argv: 'rbac check list servingruntimes -n a',
    server: { webhook: webhook({ reason: 'Azure does not have opinion for this user.' }) },
    code: 1,
  },
  {
    name: '27-two-authorizers',
    argv: 'rbac check list servingruntimes -n a',
    objects: [dangling],
    server: { webhook: webhook({ reason: 'not in this policy' }) },
    code: 1,
  },
  {
    name: '28-no-reason',
    argv: 'rbac check list servingruntimes -n a',
    server: { user: { name: 'root', groups: ['system:masters'] } },
    code: 0,
  },
  {
    name: '39-denied',
    argv: 'rbac check list servingruntimes -n a',
    server: { webhook: onlyOn('servingruntimes', { denied: true, reason: 'freeze until Monday' }) },
    code: 1,
  },
  {
    name: '40-denied-and-failed',
    argv: 'rbac check list servingruntimes -n a',
    server: { webhook: onlyOn('servingruntimes', { denied: true, evaluationError: 'webhook timed out' }) },
    code: 3,
  },
  {
    name: '45-namespace-item',
    argv: 'rbac check get ns/b -n a',
    objects: grant('ns', 'ana', { namespace: 'b' }, ['get'], 'namespaces'),
    code: 0,
  },
  {
    name: '45-namespaces',
    argv: 'rbac check list ns -n a',
    objects: grant('ns', 'ana', { namespace: 'b' }, ['get', 'list'], 'namespaces'),
    code: 1,
  },
  { name: '46-verb-case', argv: 'rbac check list servingruntimes -n a', objects: grant('r', 'ana', A, ['LIST'], SR), code: 1 },
  {
    name: '46-pods-star',
    argv: 'rbac check get pods --subresource=log -n a',
    objects: [
      role('p', A, [{ verbs: ['get'], apiGroups: [''], resources: ['pods/*'] }]),
      binding('p', A, { kind: 'Role', name: 'p' }, 'ana'),
    ],
    code: 1,
  },
  { name: '52-anonymous', argv: 'rbac check list servingruntimes -n a', server: { user: 'anonymous' }, code: 3 },
  { name: '52-unauthorized', argv: 'rbac check list servingruntimes -n a', server: { user: 'unknown' }, code: 3 },
  { name: '53-wait-ran-out', argv: 'rbac check list servingruntimes -n a --wait=1ms', code: 124 },
  { name: '54-namespace-eats-flag', argv: 'rbac check list servingruntimes -n --as=x', code: 2 },
  { name: '54-kubectl-exec', argv: 'rbac check exec pods', code: 2 },
  { name: '54-kubectl-logs', argv: 'rbac check logs web -n a --as ana', code: 2 },
  { name: '54-kubectl-scale', argv: 'rbac check get,scale deployments/web -A --sa a:bot', code: 2 },
  { name: '54-post', argv: 'rbac check post isvc/iris', code: 2 },
  { name: '54-unserved', argv: 'rbac check list widgets.example.com', code: 2 },
  { name: '54-verb', argv: 'rbac check gets pods', code: 2 },
  { name: '54-subresource', argv: 'rbac check get pods/log', code: 2 },
  {
    name: '55-yes-no-unknown',
    argv: 'rbac check list servingruntimes,inferenceservices,inferencegraphs -n a',
    objects: reads('ana', A, SR),
    server: { webhook: onlyOn('inferencegraphs', { evaluationError: 'webhook timed out' }) },
    code: 3,
  },
  { name: '55-yes-no', argv: 'rbac check list servingruntimes,inferenceservices -n a', objects: reads('ana', A, SR), code: 1 },
  {
    name: '33-identity-404',
    argv: 'rbac check list servingruntimes -n a',
    objects: reads('ana', A, SR),
    server: {
      failures: [failure(404, 'NotFound', 'the server could not find the requested resource', { resource: 'selfsubjectreviews' })],
    },
    code: 0,
  },
  {
    name: '33-identity-403',
    argv: 'rbac check list servingruntimes -n a',
    server: {
      failures: [
        failure(403, 'Forbidden', 'selfsubjectreviews.authentication.k8s.io is forbidden: no', { resource: 'selfsubjectreviews' }),
      ],
    },
    code: 1,
  },
  {
    name: 'discovery-forbidden',
    argv: 'rbac check list servingruntimes -n a',
    objects: reads('ana', A, SR),
    server: { failures: [failure(403, 'Forbidden', 'forbidden: User "ana" cannot get path "/apis"', { path: '/apis' })] },
    code: 3,
  },
  {
    name: 'discovery-forbidden-word',
    argv: 'rbac check list widgets -n a',
    server: { failures: [failure(403, 'Forbidden', 'forbidden: User "ana" cannot get path "/apis"', { path: '/apis' })] },
    code: 3,
  },
  {
    name: 'review-404',
    argv: 'rbac check list servingruntimes -n a',
    server: { failures: [failure(404, 'NotFound', 'the server could not find the requested resource', REVIEWS)] },
    code: 3,
  },
  {
    name: 'review-timeout',
    argv: 'rbac check list servingruntimes -n a',
    server: { failures: [{ on: REVIEWS, error: new ClusterError('RequestTimedOut', 'request timed out after 5s') }] },
    code: 3,
  },
  {
    name: 'review-403-matrix',
    argv: 'rbac check -n a',
    server: { failures: [failure(403, 'Forbidden', 'selfsubjectaccessreviews.authorization.k8s.io is forbidden: policy', REVIEWS)] },
    code: 3,
  },
  {
    name: 'two-targets',
    argv: 'rbac check get,list,watch servingruntimes,clusterservingruntimes/kserve-mlserver -n a',
    objects: reads('ana', A, SR),
    code: 1,
  },
  { name: 'group-star', argv: 'rbac check list *.apps -n a', code: 1 },
  { name: 'url-subresource', argv: 'rbac check get /foo --subresource=x', code: 2 },
  { name: 'impersonate-groups', argv: 'rbac check impersonate groups,users/ana,userextras/scopes', code: 1 },
  { name: 'task-and-words', argv: 'rbac check list pods --for deploy', code: 2 },
  { name: 'list-and-task', argv: 'rbac check --list --for deploy', code: 2 },
  { name: 'no-resource', argv: 'rbac check list', code: 2 },
  { name: 'bad-account-namespace', argv: 'rbac check list pods --sa ML:bot', code: 2 },
  { name: 'bad-account-name', argv: 'rbac check list pods --sa a:My_Bot', code: 2 },
  { name: 'bad-account', argv: 'rbac check list pods --sa bot', code: 2 },
];

/** Asked by an administrator, unless the case says who. */
export const ABOUT: readonly Case[] = [
  { name: 'sa-19-same-namespace', argv: 'rbac check list servingruntimes --sa a:bot -n a', objects: reads(BOT, A, SR), code: 0 },
  { name: 'sa-19-other-namespace', argv: 'rbac check list servingruntimes --sa b/bot -n a', objects: reads(BOT, A, SR), code: 1 },
  {
    name: 'sa-itself',
    argv: 'rbac check list servingruntimes --sa a:bot -n a',
    server: { user: { name: BOT, groups: ['system:serviceaccounts', 'system:serviceaccounts:a'] } },
    code: 1,
  },
  {
    name: 'sa-of-the-same-name',
    argv: 'rbac check list servingruntimes --sa a:bot -n a',
    server: { user: { name: BOT, groups: ['system:masters', 'system:serviceaccounts', 'system:serviceaccounts:a'] } },
    code: 1,
  },
  {
    name: 'sa-22-group',
    argv: 'rbac check list servingruntimes --sa system:serviceaccount:a:bot -n a',
    objects: reads('group:system:serviceaccounts:a', A, SR),
    code: 0,
  },
  {
    name: 'sa-trap',
    argv: 'rbac check list clusterservingruntimes --sa a:bot -n b',
    objects: [viewCsr, binding('csr-view', A, { kind: 'ClusterRole', name: 'csr-view' }, BOT)],
    code: 1,
  },
  {
    name: 'sa-23-local',
    argv: 'rbac check list servingruntimes,clusterservingruntimes --sa a:bot -n a',
    objects: [...reads(BOT, A, SR), ...grant('asker', 'ana', A, ['create'], 'localsubjectaccessreviews.authorization.k8s.io')],
    server: { user: ANA },
    code: 3,
  },
  // Before the next one: after a success the real server words its refusals of impersonation otherwise.
  { name: 'sa-24-nothing', argv: 'rbac check list servingruntimes --sa a:bot -n a', server: { user: ANA }, code: 3 },
  {
    name: 'sa-impersonation',
    argv: 'rbac check list servingruntimes,clusterservingruntimes --sa a:bot -n a',
    objects: [...reads(BOT, A, SR), ...grant('actor', 'ana', A, ['impersonate'], 'serviceaccounts')],
    server: { user: ANA },
    code: 1,
  },
  {
    name: 'sa-rbac-only',
    argv: 'rbac check list servingruntimes --sa a:bot -n a -o wide',
    objects: [
      ...reads(BOT, A, SR),
      ...grant(
        'objects',
        'ana',
        'cluster',
        ['list'],
        ...['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'].map((kind) => `${kind}.rbac.authorization.k8s.io`),
      ),
    ],
    server: { user: ANA },
    code: 0,
  },
  {
    name: 'sa-review-500',
    argv: 'rbac check list servingruntimes --sa a:bot -n a',
    server: { failures: [failure(500, 'InternalError', 'boom', { resource: 'subjectaccessreviews' })] },
    code: 3,
  },
  {
    name: 'not-installed-no-reason',
    argv: 'rbac check list localmodelcaches',
    server: { types: KSERVE_TYPES.filter(({ plural }) => plural !== 'localmodelcaches') },
    code: 1,
  },
  {
    name: 'not-installed-denied',
    argv: 'rbac check list localmodelcaches --for-user zoe',
    server: { types: KSERVE_TYPES.filter(({ plural }) => plural !== 'localmodelcaches') },
    code: 1,
  },
  { name: 'no-verbs', argv: 'rbac check * foos.example.com --allow-unknown', code: 3 },
  {
    name: 'absent-namespaces',
    argv: 'rbac check get servingruntimes -n nope,a',
    objects: [
      ...reads('ana', 'cluster', SR),
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } },
      ...grant('ns', 'ana', 'cluster', ['get'], 'namespaces'),
    ],
    code: 0,
  },
  { name: 'user-in-absent-namespace', argv: 'rbac check list servingruntimes --for-user zoe -n nope', code: 1 },
  { name: 'user-no', argv: 'rbac check list servingruntimes --for-user zoe -n a', code: 1 },
  {
    name: 'user-with-group',
    argv: 'rbac check list servingruntimes --for-user zoe --for-group ml -n a',
    objects: reads('group:ml', A, SR),
    code: 0,
  },
  { name: 'group-json', argv: 'rbac check list servingruntimes --for-group ml -n a -o json', code: 1 },
  {
    name: 'grant-role-exists',
    argv: 'rbac check list clusterservingruntimes --for-user zoe',
    objects: [
      role('clusterservingruntime-list', 'cluster', [{ verbs: ['list'], apiGroups: [KSERVE], resources: ['clusterservingruntimes'] }]),
    ],
    code: 1,
  },
  {
    name: 'grant-role-taken',
    argv: 'rbac check list clusterservingruntimes --for-user zoe',
    objects: [role('clusterservingruntime-list', 'cluster', [{ verbs: ['*'], apiGroups: [''], resources: ['pods'] }])],
    code: 1,
  },
  {
    name: 'grant-role-taken-in-namespace',
    argv: 'rbac check list servingruntimes,clusterservingruntimes --for-user zoe -n a -o json',
    objects: [
      role('servingruntime-list', A, [{ verbs: ['list', 'get'], apiGroups: [KSERVE], resources: ['servingruntimes'] }]),
      role('clusterservingruntime-list', A, [{ verbs: ['*'], apiGroups: [''], resources: ['pods'] }]),
    ],
    code: 1,
  },
  { name: 'group-strange', argv: 'rbac check list servingruntimes --for-group team@example.com -n a', code: 1 },
];
