import assert from 'node:assert/strict';
import type { KubeObject } from '../../../../src/domain/kubernetes/resource.ts';
import { KSERVE_TYPES } from '../../../../tools/api-server/types.ts';
import { grant } from '../../../../tools/rbac-objects.ts';
import { type FakeClusterOptions, fakeCluster } from '../../../support/fake-cluster.ts';
import { assertGolden } from '../../../support/golden.ts';
import { runCli } from '../../../support/run-cli.ts';

function runtime(name: string, namespace?: string): KubeObject {
  return {
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: namespace === undefined ? 'ClusterServingRuntime' : 'ServingRuntime',
    metadata: { name, ...(namespace !== undefined && { namespace }), creationTimestamp: '2026-10-01T00:00:00Z' },
    spec: { supportedModelFormats: [{ name: 'sklearn', version: '1' }], containers: [{ name: 'c', image: 'i' }] },
  };
}

const namespaces = ['team-a', 'team-b'].map((name): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
const OBJECTS = [
  ...namespaces,
  runtime('one', 'team-a'),
  runtime('two', 'team-a'),
  runtime('one', 'team-b'),
  runtime('one'),
  runtime('three'),
];

async function list(words: string, options: FakeClusterOptions = {}) {
  const cluster = fakeCluster({ objects: OBJECTS, ...options });
  const result = await runCli({ argv: `runtimes list ${words}`, cluster });
  return { ...result, urls: cluster.requests.map(({ url }) => url) };
}

/** Who may do these things, such as `get clusterservingruntimes`, and nothing else. */
function may(...rights: readonly (readonly [verb: string, resource: string, namespace?: string])[]): FakeClusterOptions {
  const granted = rights.flatMap(([verb, resource, namespace], index) =>
    grant(`r${index}`, 'ana', namespace === undefined ? 'cluster' : { namespace }, [verb], `${resource}.serving.kserve.io`),
  );
  return { objects: [...OBJECTS, ...granted], user: { name: 'ana' } };
}

/** A server without one of the kinds. */
function without(absent: string): FakeClusterOptions {
  return { types: KSERVE_TYPES.filter(({ kind }) => kind !== absent), objects: OBJECTS.filter(({ kind }) => kind !== absent) };
}

describe('runtimes list NAME', () => {
  for (const words of [
    'one -n team-a',
    'one three nine -n team-a',
    'three one -n team-a -o name',
    'csr/three servingruntime/two -n team-a -o name',
    'clusterservingruntime/one -n team-a -o json',
    'servingruntimes.serving.kserve.io/one -n team-a -o yaml',
    'two -n team-a -o json',
    'nine -n team-a',
    'tree -n team-a',
    'csr/thre servingruntime/tow -n team-a',
    'nine -n team-a -o json',
    'csr/nine',
    'csr/nine -o json',
    'nine three --ignore-not-found',
    'nine --ignore-not-found -o json',
    'one -n team-a,team-b',
    'nine -n nope',
    'one --scope=cluster -o jsonpath={.metadata.name}',
    'one -n team-a -o jsonpath={.items[*].kind}',
    'one -n team-a --model-format=onnx',
  ]) {
    it(`answers ${words}`, async () => {
      assertGolden(`runtimes-list/names.${words.replace(/[^A-Za-z0-9]+/g, '-')}`, `runtimes list ${words}`, await list(words));
    });
  }

  it('gets what is named, and lists nothing', async () => {
    const { urls } = await list('one csr/three -n team-a');
    const group = '/apis/serving.kserve.io/v1alpha1';
    assert.deepEqual(urls.toSorted(), [
      '/api/v1/namespaces/team-a',
      `${group}/clusterservingruntimes/one`,
      `${group}/clusterservingruntimes/three`,
      `${group}/namespaces/team-a/servingruntimes/one`,
    ]);
  });

  it('needs no right to list', async () => {
    const { code, stdout } = await list(
      'one -n team-a -o name',
      may(['get', 'servingruntimes', 'team-a'], ['get', 'clusterservingruntimes']),
    );
    assert.deepEqual([code, stdout], [0, 'servingruntime.serving.kserve.io/one\nclusterservingruntime.serving.kserve.io/one\n']);
  });

  it('does not take a refusal for an absence', async () => {
    const options = may(['get', 'servingruntimes', 'team-a']);
    const found = await list('one -n team-a -o name', options);
    assert.deepEqual([found.code, found.stdout], [4, 'servingruntime.serving.kserve.io/one\n']);
    assert.match(found.stderr, /clusterservingruntimes\.serving\.kserve\.io "one" is forbidden/);
    const absent = await list('three -n team-a --ignore-not-found', options);
    assert.deepEqual([absent.code, absent.stdout], [4, '']);
    assert.doesNotMatch(absent.stderr, /not found/);
    const refused = await list('csr/three', options);
    assert.equal(refused.code, 3);
    const named = await list('servingruntime/nine csr/three -n team-a', options);
    assert.equal(named.code, 1);
    assert.match(named.stderr, /^Error from server \(NotFound\): servingruntimes\.serving\.kserve\.io "nine" not found$/m);
  });

  it('says what is not installed, rather than that a name is not there', async () => {
    const absent = without('ClusterServingRuntime');
    const { code, stdout, stderr } = await list('two -n team-a -o name', absent);
    assert.deepEqual([code, stdout], [0, 'servingruntime.serving.kserve.io/two\n'], stderr);
    assert.equal((await list('nine -n team-a', absent)).code, 1);
    assert.doesNotMatch((await list('csr/nine', absent)).stderr, /\(NotFound\)/);
  });
});

describe('runtimes list --field-selector', () => {
  it('is a wrong command line if no kind has the field', async () => {
    const { code, stdout, stderr } = await list('--field-selector=spec.x=1');
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^error: invalid argument "spec\.x=1" for "--field-selector" flag: field label not supported: spec\.x\n/);
  });
});

describe('runtimes list -n a,b', () => {
  it('lists both, with their namespaces', async () => {
    assertGolden('runtimes-list/namespaces.both', 'runtimes list -n team-b,team-a', await list('-n team-b,team-a'));
  });

  it('shows what may be read, and which namespace is missing', async () => {
    const words = '-n team-a,team-b --scope=namespace';
    const options = may(['list', 'servingruntimes', 'team-a']);
    assertGolden('runtimes-list/namespaces.one-forbidden', `runtimes list ${words}`, await list(words, options));
    const { errors } = JSON.parse((await list(`${words} -o json`, options)).stdout);
    assert.deepEqual(
      errors.map(({ namespace, reason }: Record<string, unknown>) => [namespace, reason]),
      [['team-b', 'Forbidden']],
    );
  });

  it('says which does not exist', async () => {
    const { code, stdout, stderr } = await list('-n team-b,nope --scope=namespace -o name');
    assert.deepEqual([code, stdout, stderr], [1, 'servingruntime.serving.kserve.io/one\n', 'error: namespaces "nope" not found\n']);
  });

  it('says once what is not installed', async () => {
    const absent = without('ServingRuntime');
    const { stderr } = await list('-n team-a,team-b', absent);
    assert.equal(stderr.match(/servingruntimes\.serving\.kserve\.io is not installed/g)?.length, 1, stderr);
  });
});
