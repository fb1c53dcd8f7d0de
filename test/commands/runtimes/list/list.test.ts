import assert from 'node:assert/strict';
import { load } from 'js-yaml';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { KSERVE_KINDS } from '../../../../src/domain/kserve/kinds.ts';
import type { ApiResource, Discovery, KubeObject } from '../../../../src/domain/kubernetes/resource.ts';
import { ClusterError } from '../../../../src/errors.ts';
import { KSERVE_TYPES, type ServedType } from '../../../../tools/api-server/types.ts';
import { fixtureObjects, kserveObjects } from '../../../../tools/fixtures.ts';
import { type FakeClusterOptions, fakeCluster } from '../../../support/fake-cluster.ts';
import { assertGolden } from '../../../support/golden.ts';
import { runCli } from '../../../support/run-cli.ts';
import {
  LIST_CASES,
  type ListCase,
  MAY_LIST_CLUSTER,
  MAY_LIST_NAMESPACED,
  NAMESPACE,
  runCase,
} from '../../../support/runtimes-list-cases.ts';

const LISTED = LIST_CASES[0] as ListCase;

function commandLine(one: ListCase, words: string): string {
  return `runtimes list -n team-a ${one.argv ?? ''} ${words}`.replace(/ +/g, ' ').trim();
}

describe('runtimes list', () => {
  for (const one of LIST_CASES) {
    for (const words of ['', '-o json']) {
      it(`answers ${one.name} ${words}`, async () => {
        assertGolden(`runtimes-list/${one.name}.${words === '' ? 'table' : 'json'}`, commandLine(one, words), await runCase(one, words));
      });
    }

    it(`says the same of ${one.name} in every format`, async () => {
      const [table, json] = [await runCase(one, ''), await runCase(one, '-o json')];
      for (const words of [
        '-o json',
        '-o wide',
        '-o yaml',
        '-o name',
        '-o jsonpath={.kind}',
        '-o custom-columns=A:.kind',
        '--sort-by=kind',
      ]) {
        const { code, stderr } = await runCase(one, words);
        assert.deepEqual({ code, stderr }, { code: table.code, stderr: table.stderr }, words);
      }
      const [yaml, names, wide] = [await runCase(one, '-o yaml'), await runCase(one, '-o name'), await runCase(one, '-o wide')];
      const list = json.stdout === '' ? undefined : JSON.parse(json.stdout);
      assert.deepEqual(load(yaml.stdout || 'null') ?? undefined, list);
      const items: readonly KubeObject[] = list?.items ?? [];
      const named = ({ kind, metadata }: KubeObject) => `${String(kind).toLowerCase()}.serving.kserve.io/${metadata.name}\n`;
      assert.equal(names.stdout, items.map(named).join(''));
      const firstWords = (text: string) => text.split('\n').map((line) => line.split(/ {2,}/)[0]);
      assert.deepEqual(firstWords(wide.stdout), firstWords(table.stdout));
    });
  }

  for (const words of [
    '-o wide',
    '-A',
    '-A -o wide',
    '-A -o name',
    '--no-headers',
    '--show-labels',
    '-L team,serving.kserve.io/Tier',
    '--scope=namespace',
    '--scope=cluster',
    '-l team=a',
    '--model-format=lightgbm',
    '--model-format=lightgbm:4 --protocol=v2',
    '--protocol=grpc-v2',
    '--protocol=v3',
    '--model-format=pmml:4',
    '--model-format=pmml',
    '--model-format=PMML',
    '--model-format=LightGBM:4',
    '--model-format=LightGBM:9',
    '--model-format=lightgb',
    '--model-format=lightgbm:9',
    '--model-format=sklearn --protocol=V2',
    '--model-format=pmml --model-format=tensorrt:8',
  ]) {
    it(`takes ${words}`, async () => {
      const name = words.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+/, '');
      assertGolden(`runtimes-list/option.${name}`, commandLine(LISTED, words), await runCase(LISTED, words));
    });
  }

  it('marks a disabled runtime in tables, and nothing in what programs read', async () => {
    const list = async (words: string) => {
      const cluster = fakeCluster({ objects: fixtureObjects('runtimes'), now: () => new Date('2026-10-29T09:00:00Z') });
      return (await runCli({ argv: `runtimes list --scope=cluster ${words}`, cluster })).stdout;
    };
    for (const format of ['', '-o wide']) {
      const marked = await list(`${format} --color=always`);
      assert.equal(marked.replace('\u001b[33mtrue\u001b[39m', 'true'), await list(format));
      assert.match(marked, /^retired-server .* \u001b\[33mtrue\u001b\[39m /m);
    }
    for (const format of ['-o json', '-o yaml', '-o name']) assert.equal(await list(`${format} --color=always`), await list(format));
  });

  const upstream = [NAMESPACE, ...kserveObjects('cluster-resources-v0.20.0').filter(({ kind }) => kind === 'ClusterServingRuntime')];
  const onTerminal = async (words: string, columns: number, objects: readonly KubeObject[] = upstream, age = '2025-02-01T09:00:00Z') => {
    const cluster = fakeCluster({ objects, now: () => new Date(age) });
    return (await runCli({ argv: `runtimes list -n team-a --no-color ${words}`, cluster, isTTY: true, columns })).stdout;
  };

  for (const words of ['', '-A', '--protocol=v2', '--scope=cluster'])
    it(`has a line of at most 80 columns for each runtime of KServe ${words}`, async () => {
      const lines = (await onTerminal(words, 80)).trimEnd().split('\n');
      const count = words === '--protocol=v2' ? upstream.length - 1 : upstream.length;
      assert.equal(lines.length, count);
      assert.match(lines[0] ?? '', /^(NAMESPACE +)?NAME +(SCOPE +)?MODEL-FORMATS +PROTOCOLS +AGE$/);
      for (const line of lines) assert.equal(line.length <= 80, true, line);
      const aside = { ...upstream[1], kind: 'ServingRuntime', metadata: { name: 'mine', namespace: 'team-a' } };
      const more = (await onTerminal(words, 80, [...upstream, aside])).trimEnd().split('\n');
      assert.equal(more.length, words === '--scope=cluster' ? count : count + 1);
      for (const line of more) assert.equal(line.length <= 80, true, line);
    });

  it('keeps the format that was asked for in the line', async () => {
    for (const asked of ['lightgbm:4', 'mlflow', 'triton', 'onnx:1', 'tensorflow:2', 'pmml:4'])
      for (const columns of [80, 90, 100]) {
        const lines = (await onTerminal(`--model-format=${asked} --no-headers`, columns)).trimEnd().split('\n');
        for (const line of lines) assert.match(line, new RegExp(`^\\S+ +cluster +\\S*\\b${asked}\\b`));
      }
  });

  it('shortens on a terminal that is too narrow, and only there', async () => {
    const cluster = fakeCluster({ objects: fixtureObjects('runtimes'), now: () => new Date('2026-10-29T09:00:00Z') });
    const narrow = await runCli({ argv: 'runtimes list --scope=cluster --no-color', cluster, isTTY: true, columns: 76 });
    assert.equal(
      narrow.stdout,
      `NAME                  SCOPE    MODEL-FORMATS  PROTOCOLS   DISABLED  AGE
lightgbm-server       cluster  lightgbm:3,+1  v1,v2       false     3d3h
llm-server-multinode  cluster  huggingface:1  v2,v1       false     3d3h
retired-server        cluster  pmml:4         any         true      3d3h
sklearn-server        cluster  sklearn:1      v1,v2       false     3d3h
tabular-server        cluster  sklearn:1,+4   v2          false     3d3h
triton-server         cluster  tensorrt:8,+4  v2,grpc-v2  false     3d3h
`,
    );
    const wide = await runCli({ argv: 'runtimes list --scope=cluster --no-color', cluster, isTTY: true, columns: 200 });
    const piped = await runCli({ argv: 'runtimes list --scope=cluster', cluster });
    assert.equal(wide.stdout, piped.stdout);
  });

  it('shows the wide format as records where it does not fit, and shortens nothing', async () => {
    const cluster = fakeCluster({ objects: fixtureObjects('runtimes'), now: () => new Date('2026-10-29T09:00:00Z') });
    const records = (await runCli({ argv: 'runtimes list -o wide --no-color', cluster, isTTY: true, columns: 80 })).stdout.split('\n\n');
    const [header = '', ...rows] = (await runCli({ argv: 'runtimes list -o wide', cluster })).stdout.trimEnd().split('\n');
    const words = (line: string): readonly string[] => line.trim().split(/ {2,}/);
    assert.deepEqual(
      records.map((record) =>
        record
          .trimEnd()
          .replace(/,\n +/g, ',')
          .replace(/\n(?: +|(?=\S+@))/g, '  ')
          .split('\n')
          .map(words),
      ),
      rows.map((row) => words(row).map((value, index) => [words(header)[index], value])),
    );
    // A digest is one word, and begins a line of its own.
    for (const line of records.join('\n').split('\n')) assert.equal(line.length <= 80 || line.includes('@sha256:'), true, line);
  });

  it('names a few of the disabled runtimes that would fit', async () => {
    const [retired] = fixtureObjects('runtimes').filter(({ metadata }) => metadata.name === 'retired-server');
    const say = async (...names: readonly string[]): Promise<string> => {
      const objects = names.map((name) => ({ ...retired, metadata: { name } }));
      return (await runCli({ argv: 'runtimes list --model-format=pmml', cluster: fakeCluster({ objects }) })).stderr;
    };
    const serves = 'serves model format "pmml"; ';
    assert.equal(await say('a'), 'The only runtime does not serve model format "pmml"; 1 disabled runtime was left out: a.\n');
    assert.equal(await say('b', 'a'), `None of 2 runtimes ${serves}2 disabled runtimes were left out: a, b.\n`);
    assert.equal(
      await say('a', 'b', 'c', 'd', 'e'),
      `None of 5 runtimes ${serves}5 disabled runtimes were left out: a, b, c and 2 more.\n`,
    );
  });

  const sr = (name: string, disabled: boolean, format = 'sklearn'): KubeObject => ({
    ...{
      apiVersion: 'serving.kserve.io/v1alpha1',
      kind: 'ServingRuntime',
      metadata: { name, namespace: 'team-a', labels: { disabled: `${disabled}` } },
    },
    spec: { disabled, supportedModelFormats: [{ name: format }] },
  });

  it('counts the disabled runtimes that it leaves out beside those that it shows', async () => {
    const cluster = fakeCluster({ objects: [NAMESPACE, sr('on', false), sr('off', true), sr('other', true, 'pmml')] });
    const filtered = await runCli({ argv: 'runtimes list -n team-a --model-format=sklearn --no-headers', cluster });
    assert.deepEqual([filtered.code, filtered.stderr], [0, 'note: 1 disabled runtime was left out: off\n']);
    assert.match(filtered.stdout, /^on .*\n$/);
  });

  it('takes a filter for a question, and a label selector for none', async () => {
    const cluster = fakeCluster({ objects: [NAMESPACE, sr('a', false), sr('b', false), sr('c', true)] });
    const list = async (words: string) => {
      const { code, stderr } = await runCli({ argv: `runtimes list -n team-a ${words}`, cluster });
      return [code, stderr.split('\n')[0]];
    };
    assert.deepEqual(await list('-l disabled=maybe'), [0, 'No runtimes found in team-a namespace or at the cluster scope.']);
    assert.deepEqual(await list('--model-format=onnx'), [1, 'None of 3 runtimes serves model format "onnx".']);
    assert.deepEqual(await list('--model-format=onnx -l disabled=false'), [
      1,
      'None of 2 runtimes that match the label selector serves model format "onnx".',
    ]);
    assert.deepEqual(await list('--model-format=onnx -l disabled=true'), [
      1,
      'The only runtime that matches the label selector does not serve model format "onnx".',
    ]);
    assert.deepEqual(await list('--protocol=v9 --scope=cluster'), [
      1,
      'No runtimes found at the cluster scope, so none serves protocol "v9".',
    ]);
  });

  it('answers no to a filter only if every scope was read', async () => {
    const ana = fakeCluster({ objects: [NAMESPACE, sr('a', false), sr('b', false), ...MAY_LIST_NAMESPACED], user: { name: 'ana' } });
    const partial = await runCli({ argv: 'runtimes list -n team-a --model-format=onnx', cluster: ana });
    assert.equal(partial.code, 4);
    assert.match(partial.stderr, /^None of 2 runtimes that could be read serves model format "onnx"\.$/m);
    const refused = fakeCluster({ objects: [NAMESPACE, sr('a', false)], user: { name: 'bob' } });
    const nothing = await runCli({ argv: 'runtimes list -n team-a --model-format=onnx', cluster: refused });
    assert.equal(nothing.code, 3);
    assert.doesNotMatch(nothing.stderr, /None of|No runtimes/);
  });

  it('says that a namespace does not exist also where something else is found', async () => {
    const [csr] = fixtureObjects('runtimes').filter(({ kind }) => kind === 'ClusterServingRuntime');
    const objects = [csr as KubeObject];
    const named = await runCli({ argv: 'runtimes list -n nope --no-headers', cluster: fakeCluster({ objects }) });
    assert.deepEqual([named.code, named.stderr], [1, 'error: namespaces "nope" not found\n']);
    assert.match(named.stdout, /^\S+ +cluster /);
    for (const words of ['', '-A', '-n nope --scope=cluster', '-n nope -A']) {
      const { code, stderr } = await runCli({ argv: `runtimes list ${words}`, cluster: fakeCluster({ objects }) });
      assert.deepEqual([code, stderr], [0, ''], words);
    }
  });

  it('says nothing of a namespace to who may not see it', async () => {
    const objects = [...fixtureObjects('runtimes'), ...MAY_LIST_NAMESPACED, ...MAY_LIST_CLUSTER];
    const ana = fakeCluster({ objects, user: { name: 'ana' } });
    const { code, stderr } = await runCli({ argv: 'runtimes list -n team-a', cluster: ana });
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(ana.requests.at(-1)?.url, '/api/v1/namespaces/team-a');
  });

  for (const argv of [
    'runtimes list --bogus',
    'runtimes list --scop=all',
    'runtimes list --scope=galaxy',
    'runtimes list -n',
    'runtimes list -n team-a,Team',
    'runtimes list -n Team',
    'runtimes list -n -A',
    'runtimes list --chunk-size=-1',
    'runtimes list --chunk-size=x',
    'runtimes list --model-format=:1',
    'runtimes list --model-format=',
    'runtimes list -l a=b=c',
    'runtimes list -o jsn',
    'runtimes list -o json --show-labels',
    'runtimes list Some_name',
    'runtimes list pod/x',
    'runtimes list some-name -A',
    'runtimes list some-name other-name -w',
    'runtimes list some-name -l a=b',
    'runtimes list servingruntime/x --scope=cluster',
    'runtimes lits',
  ]) {
    it(`refuses ${argv} before anything is sent`, async () => {
      const cluster = fakeCluster();
      const result = await runCli({ argv, cluster });
      assertGolden(`runtimes-list/misuse.${argv.replace(/[^A-Za-z0-9]+/g, '-')}`, argv, result);
      assert.equal(result.code, 2);
      assert.equal(result.stdout, '');
      assert.equal(result.stderr.trimEnd().split('\n').length, 2);
      assert.deepEqual(cluster.requests, []);
    });
  }

  it('refuses a namespace of the kubeconfig that cannot be one, where it matters', async () => {
    const cluster = fakeCluster({ objects: fixtureObjects('runtimes') });
    const connection = { namespace: 'team-a,team-b', contextName: 'dev' };
    assert.deepEqual(await runCli({ argv: 'runtimes list', cluster, connection }), {
      code: 3,
      stdout: '',
      stderr:
        'error: "team-a,team-b" cannot be the name of a namespace\nhint: It comes from context "dev" of the kubeconfig; name another with -n.\n',
    });
    assert.deepEqual(cluster.requests, []);
    assert.equal((await runCli({ argv: 'runtimes list -A', cluster, connection })).code, 0);
    assert.equal((await runCli({ argv: 'runtimes list --scope=cluster', cluster, connection })).code, 0);
    assert.equal((await runCli({ argv: 'rbac check', cluster, connection: { namespace: 'a,b' } })).code, 3);
  });

  async function requestsOf(options: FakeClusterOptions): Promise<readonly string[]> {
    const cluster = fakeCluster({ objects: fixtureObjects('runtimes'), ...options });
    await runCli({ argv: 'runtimes list -n team-a -l team=a', cluster });
    return cluster.requests.map(({ url }) => url);
  }

  const BOTH_KINDS = [
    '/apis/serving.kserve.io/v1alpha1/namespaces/team-a/servingruntimes?limit=500&labelSelector=team%3Da',
    '/apis/serving.kserve.io/v1alpha1/clusterservingruntimes?limit=500&labelSelector=team%3Da',
  ];
  const WITH_NAMESPACE = [...BOTH_KINDS, '/api/v1/namespaces/team-a'];

  it('asks for both kinds and the namespace that was named, and for nothing else', async () => {
    assert.deepEqual(await requestsOf({}), WITH_NAMESPACE);
    const cluster = fakeCluster({ objects: fixtureObjects('runtimes') });
    await runCli({ argv: 'runtimes list -l team=a', cluster, connection: { namespace: 'team-a' } });
    assert.deepEqual(
      cluster.requests.map(({ url }) => url),
      BOTH_KINDS,
    );
  });

  it('asks what is installed, and which roles there are, only after a refusal, or where a kind is not found', async () => {
    const refused = await requestsOf({ user: { name: 'ana' } });
    assert.deepEqual(refused.slice(0, 3), WITH_NAMESPACE);
    assert.deepEqual(refused.slice(3).sort(), [
      '/apis',
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/clusterservingruntime-reader',
      '/apis/rbac.authorization.k8s.io/v1/namespaces/team-a/roles/servingruntime-reader',
    ]);
    const absent = await requestsOf({ objects: [], types: [] });
    assert.deepEqual(absent.slice(0, 4), [...WITH_NAMESPACE, '/apis']);
    const error = new ClusterError('InternalError', 'etcdserver: leader changed', { code: 500, fromStatus: true });
    assert.deepEqual(await requestsOf({ failures: [{ on: {}, error }] }), WITH_NAMESPACE);
  });

  const discovering = async (cluster: Cluster, discovery: Discovery, argv: string) =>
    runCli({ argv: `runtimes list -n team-a ${argv}`, cluster: { ...cluster, discover: async () => discovery } });
  const group = (...plurals: readonly string[]): Discovery => {
    const [any] = KSERVE_KINDS;
    const resources = plurals.map((plural) => ({ ...(any as ApiResource), plural }));
    return { groups: [{ name: 'serving.kserve.io', versions: [{ version: 'v1', stale: false, resources }] }] };
  };

  it('takes no word of discovery against what was listed', async () => {
    const ana = fakeCluster({ user: { name: 'ana' }, objects: [...fixtureObjects('runtimes'), ...MAY_LIST_NAMESPACED] });
    for (const discovery of [{ groups: [] }, group('inferenceservices')]) {
      const { code, stdout, stderr } = await discovering(ana, discovery, '-o json');
      assert.equal(code, 4);
      assert.equal(JSON.parse(stdout).errors[0].reason, 'Forbidden');
      assert.match(stderr, /note: .+ the server lists servingruntimes\.serving\.kserve\.io, but does not name it among its resources\n/);
    }
  });

  it('keeps what was listed in the version that it knows, whatever else discovery shows', async () => {
    const ana = fakeCluster({ user: { name: 'ana' }, objects: [...fixtureObjects('runtimes'), ...MAY_LIST_NAMESPACED] });
    const { code, stdout } = await discovering(ana, group('servingruntimes', 'clusterservingruntimes'), '-o json');
    const { items, errors } = JSON.parse(stdout);
    assert.equal(code, 4);
    assert.deepEqual(new Set(items.map((item: KubeObject) => item.apiVersion)), new Set(['serving.kserve.io/v1alpha1']));
    assert.equal(errors.length, 1);
    const lists = ana.requests.map(({ url }) => url).filter((url) => url.includes('/servingruntimes'));
    assert.equal(lists.length, 1);
  });

  for (const [served, used] of [
    [['v1'], 'v1'],
    [['v1', 'v1alpha1'], 'v1alpha1'],
    [['v1beta2', 'v2alpha1'], 'v1beta2'],
  ] as const) {
    it(`lists in the version that it knows, else in the one that discovery shows: ${served.join(' and ')}`, async () => {
      const cluster = fakeCluster({ objects: inVersion(used), types: runtimeTypes(served) });
      const { code, stdout, stderr } = await runCli({ argv: 'runtimes list -n team-a -o json', cluster });
      const { items } = JSON.parse(stdout) as { items: { apiVersion: string }[] };
      assert.deepEqual([code, stderr], [0, '']);
      assert.deepEqual(new Set(items.map(({ apiVersion }) => apiVersion)), new Set([`serving.kserve.io/${used}`]));
      assert.equal(items.length > 2, true);
    });
  }
});

function runtimeTypes(versions: readonly string[]): ServedType[] {
  const runtimes = KSERVE_TYPES.filter(({ plural }) => plural === 'servingruntimes' || plural === 'clusterservingruntimes');
  return versions.flatMap((version) => runtimes.map((type) => ({ ...type, version })));
}

function inVersion(version: string): KubeObject[] {
  return fixtureObjects('runtimes').map((object) => ({ ...object, apiVersion: `serving.kserve.io/${version}` }));
}
