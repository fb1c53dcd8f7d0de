// The scenarios of `rbac check` that need no network; their numbers are those of the list that the project was specified by.
import assert from 'node:assert/strict';
import type { KubeObject } from '../../src/domain/resource.ts';
import { ClusterError, type FailureReason } from '../../src/errors.ts';
import { KSERVE_TYPES } from '../support/api-server/types.ts';
import { type FakeClusterOptions, fakeCluster, type ScriptedFailure } from '../support/fake-cluster.ts';
import { assertGolden } from '../support/golden.ts';
import { binding, grant, role } from '../support/rbac-objects.ts';
import { assertReport } from '../support/report-schema.ts';
import { type CliResult, runCli } from '../support/run-cli.ts';

const KSERVE = 'serving.kserve.io';
const SR = `servingruntimes.${KSERVE}`;
const CSR = `clusterservingruntimes.${KSERVE}`;
const ISVC = `inferenceservices.${KSERVE}`;
const A = { namespace: 'a' };
const ANA = { name: 'ana', groups: ['ml'] };
const BOT = 'system:serviceaccount:a:bot';

interface Case {
  readonly name: string;
  readonly argv: string;
  readonly objects?: readonly KubeObject[];
  /** Answers without a fake: the rest of `FakeClusterOptions`. */
  readonly server?: Omit<FakeClusterOptions, 'objects'>;
  readonly code: number;
}

function reads(to: string, scope: typeof A | 'cluster', ...resources: readonly string[]): readonly KubeObject[] {
  return grant('reader', to, scope, ['get', 'list', 'watch'], ...resources);
}

const viewCsr = role('csr-view', 'cluster', [{ verbs: ['get', 'list'], apiGroups: [KSERVE], resources: ['clusterservingruntimes'] }]);
const trap = [viewCsr, binding('csr-view', A, { kind: 'ClusterRole', name: 'csr-view' }, 'ana')];
const dangling = binding('stale', A, { kind: 'ClusterRole', name: 'gone' }, 'ana');
const named = [
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

function failure(code: number, reason: FailureReason, message: string, on: ScriptedFailure['on']): ScriptedFailure {
  return { on, error: new ClusterError(reason, message, { code, fromStatus: true }) };
}

const REVIEWS = { resource: 'selfsubjectaccessreviews' };
const webhook = (decision: object) => ({ name: 'cloud', decide: (user: { user: string }) => (user.user === 'ana' ? decision : undefined) });
const onlyOn = (resource: string, decision: object) => ({
  name: 'cloud',
  decide: (_: unknown, request: object) => ('resource' in request && request.resource === resource ? decision : undefined),
});

const CASES: readonly Case[] = [
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
    code: 1,
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
  { name: '08-list-incomplete', argv: 'rbac check --list -n a', objects: reads('ana', A, SR), server: { webhook: webhook({}) }, code: 0 },
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
  { name: 'bad-account', argv: 'rbac check list pods --sa bot', code: 2 },
];

const ABOUT: readonly Case[] = [
  { name: 'sa-19-same-namespace', argv: 'rbac check list servingruntimes --sa a:bot -n a', objects: reads(BOT, A, SR), code: 0 },
  { name: 'sa-19-other-namespace', argv: 'rbac check list servingruntimes --sa b/bot -n a', objects: reads(BOT, A, SR), code: 1 },
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
  { name: 'sa-24-nothing', argv: 'rbac check list servingruntimes --sa a:bot -n a', server: { user: ANA }, code: 3 },
  {
    name: 'sa-review-500',
    argv: 'rbac check list servingruntimes --sa a:bot -n a',
    server: { failures: [failure(500, 'InternalError', 'boom', { resource: 'subjectaccessreviews' })] },
    code: 3,
  },
  { name: 'user-no', argv: 'rbac check list servingruntimes --for-user zoe -n a', code: 1 },
  {
    name: 'user-with-group',
    argv: 'rbac check list servingruntimes --for-user zoe --for-group ml -n a',
    objects: reads('group:ml', A, SR),
    code: 0,
  },
  { name: 'group-json', argv: 'rbac check list servingruntimes --for-group ml -n a -o json', code: 1 },
  { name: 'group-strange', argv: 'rbac check list servingruntimes --for-group team@example.com -n a', code: 1 },
];

async function runCase({ argv, objects = [], server }: Case, user: FakeClusterOptions['user']): Promise<CliResult> {
  return runCli({ argv, cluster: fakeCluster({ objects, user, ...server }) });
}

function define(one: Case, user: FakeClusterOptions['user']): void {
  it(`${one.name}: ${one.argv}`, async () => {
    const result = await runCase(one, user);
    assert.equal(result.code, one.code, result.stderr);
    assertGolden(`rbac-check/${one.name}`, one.argv, result);
    assertReport(result.stdout, one.argv);
  });
}

describe('rbac check', () => {
  for (const one of CASES) define(one, ANA);

  describe('about somebody else, for an administrator', () => {
    for (const one of ABOUT) define(one, undefined);
  });

  it('never asks about a cluster-scoped kind in a namespace but to explain a no', async () => {
    const cluster = fakeCluster({ objects: reads('ana', 'cluster', CSR, SR), user: ANA });
    await runCli({ argv: 'rbac check -n a', cluster });
    const asked = cluster.requests.map(({ body }) => body).filter((body) => body.includes('clusterservingruntimes'));
    assert.equal(asked.length, 3);
    for (const body of asked) assert.equal(JSON.parse(body).spec.resourceAttributes.namespace, '');
  });

  it('sends the name and the selector of a list that is limited to one object', async () => {
    const cluster = fakeCluster({ objects: named, user: ANA });
    await runCli({ argv: 'rbac check list servingruntimes/x -n a', cluster });
    const body = cluster.requests.map((request) => request.body).find((text) => text.includes('servingruntimes')) ?? '';
    assert.deepEqual(JSON.parse(body).spec.resourceAttributes, {
      verb: 'list',
      group: KSERVE,
      resource: 'servingruntimes',
      namespace: 'a',
      name: 'x',
      fieldSelector: { requirements: [{ key: 'metadata.name', operator: 'In', values: ['x'] }] },
    });
  });

  it('never sends an asterisk', async () => {
    for (const argv of ['rbac check * *.apps -n a', 'rbac check --for administer --report-excess']) {
      const cluster = fakeCluster({ objects: [], user: ANA });
      await runCli({ argv, cluster });
      for (const { body } of cluster.requests) assert.doesNotMatch(body, /\*/);
    }
  });

  it('asks with the three groups of a ServiceAccount', async () => {
    const cluster = fakeCluster();
    await runCli({ argv: 'rbac check list servingruntimes --sa a:bot -n a', cluster });
    const review = cluster.requests.find(({ path }) => path.endsWith('/subjectaccessreviews'));
    const { user, groups } = JSON.parse(review?.body ?? '{}').spec;
    assert.deepEqual(
      { user, groups },
      { user: BOT, groups: ['system:serviceaccounts', 'system:serviceaccounts:a', 'system:authenticated'] },
    );
  });

  it('meets each refusal on the ladder once, however many the questions', async () => {
    const cluster = fakeCluster({ user: ANA });
    await runCli({ argv: 'rbac check --for deploy --sa a:bot -n a', cluster });
    const count = (end: string): number => cluster.requests.filter(({ path }) => path.endsWith(end)).length;
    assert.deepEqual(['/subjectaccessreviews', '/localsubjectaccessreviews', '/clusterroles'].map(count), [1, 1, 1]);
  });

  it('asks the older identity reviews in turn', async () => {
    const cluster = fakeCluster({
      user: ANA,
      failures: [failure(404, 'NotFound', 'not found', { path: '/apis/authentication.k8s.io/v1/selfsubjectreviews' })],
    });
    await runCli({ argv: 'rbac check list servingruntimes -n a', cluster });
    const versions = cluster.requests
      .map(({ path }) => /authentication\.k8s\.io\/(\w+)\//.exec(path)?.[1])
      .filter((version) => version !== undefined);
    assert.deepEqual(versions, ['v1', 'v1beta1', 'v1alpha1']);
  });

  it('asks nothing for a misuse', async () => {
    const cluster = fakeCluster({ user: ANA });
    for (const argv of [
      'rbac check list',
      'rbac check list pods --for deploy',
      'rbac check --wait=soon',
      'rbac check list isvc -n --as=x',
      'rbac check -o name',
    ]) {
      assert.equal((await runCli({ argv, cluster })).code, 2, argv);
    }
    assert.equal(cluster.requests.length, 0);
  });

  it('gives the same code in every format', async () => {
    for (const format of ['', '-o wide', '-o json', '-o yaml', '-q']) {
      const { code } = await runCase({ name: '', argv: `rbac check -n a ${format}`, objects: reads('ana', A, SR), code: 1 }, ANA);
      assert.equal(code, 1, format);
    }
  });

  it('warns that a group given with --as replaces those of a ServiceAccount', async () => {
    const { stderr } = await runCase({ name: '', argv: `rbac check list servingruntimes -n a --as ${BOT} --as-group g`, code: 1 }, ANA);
    assert.match(stderr, /^Warning: --as-group replaces the groups of a ServiceAccount/m);
  });
});
