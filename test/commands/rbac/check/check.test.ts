import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import type { KubeObject } from '../../../../src/domain/kubernetes/resource.ts';
import { binding, grant, role } from '../../../../tools/rbac-objects.ts';
import { type FakeClusterOptions, fakeCluster } from '../../../support/fake-cluster.ts';
import { assertGolden } from '../../../support/golden.ts';
import { assertReport } from '../../../support/report-schema.ts';
import { type CliResult, runCli } from '../../../support/run-cli.ts';
import { ABOUT, ANA, BOT, CASES, type Case, CSR, failure, KSERVE, named, reads, SR } from './cases.ts';

const PLACES = [
  ...['a', 'b', 'test'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'bot', namespace: 'a' } },
];

async function runCase({ argv, objects = [], server }: Case, user: FakeClusterOptions['user']): Promise<CliResult> {
  return runCli({ argv, cluster: fakeCluster({ objects: [...PLACES, ...objects], user, ...server }) });
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

  it('takes what follows userextras/ for the key, and for the value where --subresource gives the key', async () => {
    for (const [words, expected] of [
      ['userextras/scopes', { subresource: 'scopes' }],
      ['userextras/dev --subresource=scopes', { subresource: 'scopes', name: 'dev' }],
    ] as const) {
      const cluster = fakeCluster({ objects: [], user: ANA });
      await runCli({ argv: `rbac check impersonate ${words}`, cluster });
      const body = cluster.requests.map((request) => request.body).find((text) => text.includes('userextras')) ?? '';
      const { subresource, name } = JSON.parse(body).spec.resourceAttributes;
      assert.deepEqual({ subresource, ...(name !== undefined && { name }) }, expected);
    }
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

  it('reads a role of the grant once, only if there is a grant', async () => {
    const read = async (argv: string, ...objects: Case['objects'] & object): Promise<readonly string[]> => {
      const cluster = fakeCluster({ objects });
      await runCli({ argv, cluster });
      return cluster.requests.filter(({ method, path }) => method === 'GET' && path.includes('roles/')).map(({ path }) => path);
    };
    const argv = 'rbac check list clusterservingruntimes --for-user ana';
    const path = '/apis/rbac.authorization.k8s.io/v1/clusterroles/clusterservingruntime-list';
    assert.deepEqual(await read(argv), [path]);
    assert.deepEqual(await read(argv, ...reads('ana', 'cluster', CSR)), []);
    const taken = role('clusterservingruntime-list', 'cluster', []);
    assert.deepEqual(await read(argv, taken), [path, `${path}.ad67db5378`]);
    const [other] = grant('clusterservingruntime-list.ad67db5378', '', 'cluster', ['list'], CSR) as [KubeObject, KubeObject];
    const cluster = fakeCluster({ objects: [taken, other] });
    const { stderr } = await runCli({ argv, cluster });
    assert.match(
      stderr,
      /with other rules, so this grant does not use it: it binds to "clusterservingruntime-list.ad67db5378", which exists/,
    );
    assert.doesNotMatch(stderr, /create clusterrole /);
  });

  it('never binds to an aggregated role, whose rules change', async () => {
    const aggregated = {
      ...role('clusterservingruntime-list', 'cluster', [{ verbs: ['list'], apiGroups: [KSERVE], resources: ['clusterservingruntimes'] }]),
      aggregationRule: { clusterRoleSelectors: [] },
    };
    const cluster = fakeCluster({ objects: [aggregated] });
    const { stderr } = await runCli({ argv: 'rbac check list clusterservingruntimes --for-user ana', cluster });
    assert.match(stderr, /^ClusterRole "clusterservingruntime-list" exists with other rules/m);
  });

  it('does not say that the caller may create what exists under that name unread', async () => {
    const rbac = 'rbac.authorization.k8s.io';
    const writer = grant('writer', 'ana', 'cluster', ['create', 'escalate', 'bind'], `clusterroles.${rbac}`, `clusterrolebindings.${rbac}`);
    const reviewer = grant('reviewer', 'ana', 'cluster', ['create'], 'subjectaccessreviews.authorization.k8s.io');
    const say = async (...objects: readonly KubeObject[]): Promise<string> => {
      const cluster = fakeCluster({ objects: [...writer, ...reviewer, ...objects], user: ANA });
      return (await runCli({ argv: 'rbac check list clusterservingruntimes --for-user zoe', cluster })).stderr;
    };
    const bound = binding('clusterservingruntime-list-zoe', 'cluster', { kind: 'ClusterRole', name: 'clusterservingruntime-list' }, 'bob');
    assert.match(await say(), /^ana may create this grant:/m);
    assert.match(await say(role('clusterservingruntime-list', 'cluster', [])), /^An administrator can run:/m);
    assert.match(await say(bound), /^An administrator can run:/m);
  });

  it('marks the cells of its table, but neither the one word of an answer nor what programs read', async () => {
    const say = async (words: string) => {
      const cluster = fakeCluster({ objects: reads('ana', 'cluster', CSR), user: ANA });
      return (await runCli({ argv: `rbac check ${words}`, cluster })).stdout;
    };
    const table = await say('--color=always');
    assert.equal(stripVTControlCharacters(table), await say(''));
    assert.match(table, /^servingruntimes\S+ +default +(\u001b\[31mno\u001b\[39m +){2}\u001b\[31mno\u001b\[39m$/m);
    assert.match(table, /^clusterservingruntimes\S+ +cluster +(\u001b\[32myes\u001b\[39m +){2}\u001b\[32myes\u001b\[39m$/m);
    for (const words of ['list clusterservingruntimes', 'list servingruntimes', '-o json', '-o yaml']) {
      assert.equal(await say(`${words} --color=always`), await say(words));
    }
  });

  it('asks whether the namespaces of -n exist before it asks anything of the authorizer, once each', async () => {
    const cluster = fakeCluster();
    const asked = async (words: string): Promise<readonly string[]> => {
      const before = cluster.requests.length;
      await runCli({ argv: `rbac check ${words}`, cluster });
      return cluster.requests.slice(before).map(({ path }) => path);
    };
    const paths = await asked('-n a,b');
    const isReview = (path: string) => path.endsWith('/selfsubjectaccessreviews');
    assert.deepEqual(
      paths.slice(0, paths.findIndex(isReview)).filter((path) => path.startsWith('/api/v1/namespaces/')),
      ['/api/v1/namespaces/a', '/api/v1/namespaces/b'],
    );
    assert.equal(paths.filter((path) => path.startsWith('/api/v1/namespaces/')).length, 2);
    for (const words of ['', '-A'])
      assert.deepEqual(
        (await asked(words)).filter((path) => path.startsWith('/api/v1/namespaces')),
        [],
      );
  });

  it('warns of an account that does not exist, where it may see that, and asks once', async () => {
    const asks = async (argv: string, options: FakeClusterOptions): Promise<readonly [number, boolean]> => {
      const cluster = fakeCluster(options);
      const { stderr } = await runCli({ argv, cluster });
      const gets = cluster.requests.filter(({ path }) => path === '/api/v1/namespaces/ml/serviceaccounts/nosuch');
      return [gets.length, stderr.includes('Warning: there is no ServiceAccount "nosuch" in the namespace "ml": is the name right?\n')];
    };
    const argv = 'rbac check --for deploy --sa ml:nosuch -q';
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'nosuch', namespace: 'ml' } };
    assert.deepEqual(await asks(argv, {}), [1, true]);
    assert.deepEqual(await asks('rbac check --for-user system:serviceaccount:ml:nosuch', {}), [1, true]);
    assert.deepEqual(await asks(argv, { objects: [account] }), [1, false]);
    assert.deepEqual(await asks(argv, { user: ANA }), [1, false]);
    assert.deepEqual(await asks('rbac check --for-user ml:nosuch', {}), [0, false]);
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
      'rbac check list pods --sa=',
      'rbac check list pods --for-user=',
      'rbac check list pods --for-group=',
      'rbac check list pods --for-user=a --for-group=',
      'rbac check -n ,',
    ]) {
      assert.equal((await runCli({ argv, cluster })).code, 2, argv);
    }
    assert.equal(cluster.requests.length, 0);
  });

  it('gives the same code in every format', async () => {
    for (const format of ['', '-o wide', '-o json', '-o yaml', '-q']) {
      const { code } = await runCase(
        { name: '', argv: `rbac check -n a ${format}`, objects: reads('ana', { namespace: 'a' }, SR), code: 1 },
        ANA,
      );
      assert.equal(code, 1, format);
    }
  });

  it('warns that a group given with --as replaces those of a ServiceAccount', async () => {
    const { stderr } = await runCase({ name: '', argv: `rbac check list servingruntimes -n a --as ${BOT} --as-group g`, code: 1 }, ANA);
    assert.match(stderr, /^Warning: --as-group replaces the groups of a ServiceAccount/m);
  });
});
