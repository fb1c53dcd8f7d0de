import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import type { CliHost } from '../../../src/cli/cli-host.ts';
import { completeWords } from '../../../src/cli/completion/complete.ts';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';
import { KserveError } from '../../../src/errors.ts';
import { KSERVE_TYPES } from '../../../tools/api-server/types.ts';
import { grant } from '../../../tools/rbac-objects.ts';
import { type FakeClusterOptions, fakeCluster, fakeConnection } from '../../support/fake-cluster.ts';
import { createHost } from '../../support/run-cli.ts';

/** `formats` as `NAME` or `NAME:VERSION`. */
function runtime(kind: string, name: string, formats: readonly string[], namespace?: string): KubeObject {
  const supportedModelFormats = formats.map((format) => format.split(':')).map(([format, version]) => ({ name: format, version }));
  return {
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec: {
      containers: [{ name: 'kserve-container' }],
      supportedModelFormats,
      protocolVersions: name === 'mine' ? ['v1', 'v2'] : ['v2', 'grpc-v2'],
    },
  };
}

const account = (name: string, namespace: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name, namespace },
});

const OBJECTS = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } },
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-b' } },
  account('editor', 'team-a'),
  account('viewer', 'team-a'),
  runtime('ServingRuntime', 'mine', ['sklearn:1', 'onnx'], 'team-a'),
  runtime('ServingRuntime', 'theirs', ['pmml'], 'team-b'),
  runtime('ClusterServingRuntime', 'shared', ['sklearn', 'xgboost']),
];

async function complete(words: readonly string[], connect: CliHost['connect'], env: Record<string, string> = {}): Promise<string> {
  const { host, written } = createHost({ argv: words, env, connect });
  await completeWords(words, host);
  assert.equal(written().stderr, '');
  return written().stdout;
}

/** Connects to a fake cluster, in the namespace of `-n` or team-a. */
function to(options: FakeClusterOptions = {}): CliHost['connect'] {
  const cluster: Cluster = fakeCluster({ objects: OBJECTS, ...options });
  return async ({ namespace }) => fakeConnection(cluster, { namespace: namespace ?? 'team-a' });
}

const lines = (text: string): readonly string[] => text.trimEnd().split('\n');

describe('completion from the cluster', () => {
  afterEach(() => mock.timers.reset());

  it('offers namespaces', async () => {
    assert.deepEqual(lines(await complete(['runtimes', 'list', '-n', 'team'], to())), ['team-a', 'team-b', ':4']);
    assert.deepEqual(lines(await complete(['runtimes', 'list', '--namespace=team-b'], to())), ['team-b', ':4']);
  });

  it('offers InferenceServices to match, and runtimes to describe', async () => {
    const service = { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'iris', namespace: 'team-a' } };
    const connect = to({ objects: [...OBJECTS, service] });
    assert.deepEqual(lines(await complete(['runtimes', 'match', ''], connect)), ['iris', ':4']);
    assert.deepEqual(lines(await complete(['runtimes', 'match', '-n', 'team-b', ''], connect)), [':4']);
    const runtimes = lines(await complete(['runtimes', 'describe', ''], connect));
    assert.ok(runtimes.length > 2 && runtimes.at(-1) === ':4', String(runtimes));
    assert.deepEqual(lines(await complete(['runtimes', 'match', '--model-format', 'x', '--runtime', ''], connect)), runtimes);
  });

  it('offers model formats that exist here', async () => {
    const formats = (words: readonly string[]) => complete(['runtimes', 'list', ...words], to());
    assert.deepEqual(lines(await formats(['--model-format', ''])), ['onnx', 'sklearn', 'sklearn:1', 'xgboost', ':4']);
    assert.deepEqual(lines(await formats(['--model-format', 'sklearn:'])), ['sklearn:1', ':4']);
    assert.deepEqual(lines(await formats(['-n', 'team-b', '--model-format', ''])), ['pmml', 'sklearn', 'xgboost', ':4']);
    assert.deepEqual(lines(await formats(['-A', '--model-format', ''])), ['onnx', 'pmml', 'sklearn', 'sklearn:1', 'xgboost', ':4']);
  });

  it('offers protocols that are spoken here', async () => {
    assert.deepEqual(lines(await complete(['runtimes', 'list', '--protocol', ''], to())), ['grpc-v2', 'v1', 'v2', ':4']);
    assert.deepEqual(lines(await complete(['runtimes', 'list', '-n', 'team-b', '--protocol', 'v'], to())), ['v2', ':4']);
  });

  it('offers kinds that are installed', async () => {
    const types = KSERVE_TYPES.filter(({ plural }) => /^(inferenceservices|(cluster)?servingruntimes)$/.test(plural));
    const answer = lines(await complete(['rbac', 'check', 'list', ''], to({ types })));
    assert.deepEqual(answer, [
      'inferenceservices.serving.kserve.io\tInferenceService',
      'servingruntimes.serving.kserve.io\tServingRuntime',
      'clusterservingruntimes.serving.kserve.io\tClusterServingRuntime',
      ':4',
    ]);
    const next = lines(await complete(['rbac', 'check', 'list', 'servingruntimes.serving.kserve.io,inf'], to({ types })));
    assert.deepEqual(next, ['servingruntimes.serving.kserve.io,inferenceservices.serving.kserve.io\tInferenceService', ':6']);
  });

  it('offers all kinds it knows where the cluster cannot be asked', async () => {
    const connect: CliHost['connect'] = () => Promise.reject(new KserveError('no cluster'));
    const answer = lines(await complete(['rbac', 'check', 'list', 'l'], connect));
    assert.deepEqual(answer.slice(0, 2), [
      'llminferenceservices.serving.kserve.io\tLLMInferenceService',
      'llminferenceserviceconfigs.serving.kserve.io\tLLMInferenceServiceConfig',
    ]);
    assert.deepEqual(answer.slice(-2), ['_activeHelp_ no cluster', ':4']);
    assert.deepEqual(lines(await complete(['rbac', 'check', 'list', 'l/'], connect)), ['_activeHelp_ no cluster', ':4']);
  });

  it('offers no kinds where KServe is not installed', async () => {
    const answer = lines(await complete(['rbac', 'check', 'list', ''], to({ types: [], objects: [] })));
    assert.deepEqual(answer, ['_activeHelp_ serving.kserve.io is not served by this cluster', ':4']);
  });

  it('offers the names of a kind behind its slash', async () => {
    const names = (typed: string, ...words: string[]) => complete(['rbac', 'check', ...words, 'get', typed], to());
    assert.deepEqual(lines(await names('clusterservingruntimes/')), ['clusterservingruntimes/shared', ':4']);
    assert.deepEqual(lines(await names('servingruntimes/')), ['servingruntimes/mine', ':4']);
    assert.deepEqual(lines(await names('servingruntime.serving.kserve.io/t', '-n', 'team-b')), [
      'servingruntime.serving.kserve.io/theirs',
      ':4',
    ]);
    assert.deepEqual(lines(await names('clusterservingruntimes,servingruntimes/m')), ['clusterservingruntimes,servingruntimes/mine', ':6']);
    assert.deepEqual(lines(await names('serviceaccounts/')), ['serviceaccounts/editor', 'serviceaccounts/viewer', ':4']);
    assert.deepEqual(lines(await names('bogus/')), [':4']);
    assert.deepEqual(lines(await names('/version')), [':4']);
  });

  it('offers service accounts in two steps', async () => {
    assert.deepEqual(lines(await complete(['rbac', 'check', '--sa', 'team'], to())), ['team-a:', 'team-b:', ':6']);
    assert.deepEqual(lines(await complete(['rbac', 'check', '--sa', 'team-a:'], to())), ['team-a:editor', 'team-a:viewer', ':4']);
    assert.deepEqual(lines(await complete(['rbac', 'check', '--sa', 'team-a/e'], to())), ['team-a/editor', ':4']);
  });

  it('offers the own namespace for service accounts if namespaces are refused', async () => {
    const connect = to({ user: { name: 'ana', groups: [] } });
    assert.deepEqual(lines(await complete(['rbac', 'check', '--sa', ''], connect)), ['team-a:', ':6']);
  });

  it('says in one line why there is nothing to offer', async () => {
    const connect = to({ user: { name: 'ana', groups: [] } });
    const help = '_activeHelp_ namespaces is forbidden: User "ana" cannot list resource "namespaces" in API group "" at the cluster scope';
    assert.deepEqual(lines(await complete(['runtimes', 'list', '-n', ''], connect)), [help, ':4']);
    assert.deepEqual(lines(await complete(['runtimes', 'list', '-n', ''], connect, { KUBECTL_ACTIVE_HELP: '0' })), [':4']);
    assert.deepEqual(lines(await complete(['runtimes', 'list', '-n', ''], connect, { COBRA_ACTIVE_HELP: '0' })), [':4']);
  });

  it('says that KServe is not there', async () => {
    assert.deepEqual(lines(await complete(['runtimes', 'list', '--model-format', ''], to({ types: [], objects: [] }))), [
      '_activeHelp_ no runtimes: serving.kserve.io is not served by this cluster',
      ':4',
    ]);
  });

  it('offers what one kind of runtimes has where the other is not installed', async () => {
    const types = KSERVE_TYPES.filter(({ kind }) => kind !== 'ClusterServingRuntime');
    const objects = OBJECTS.filter(({ kind }) => kind !== 'ClusterServingRuntime');
    const offered = await complete(['runtimes', 'list', '--model-format', ''], to({ types, objects }));
    assert.deepEqual(lines(offered), ['onnx', 'sklearn', 'sklearn:1', ':4']);
  });

  it('needs no discovery for runtimes that are listed', async () => {
    const cluster = { ...fakeCluster({ objects: OBJECTS }), discover: () => Promise.withResolvers<never>().promise };
    const connect: CliHost['connect'] = async () => fakeConnection(cluster, { namespace: 'team-a' });
    assert.deepEqual(lines(await complete(['runtimes', 'list', '--protocol', ''], connect)), ['grpc-v2', 'v1', 'v2', ':4']);
  });

  it('offers runtimes of the version that is served', async () => {
    const types = KSERVE_TYPES.map((type) => ({ ...type, version: 'v1' }));
    const objects = OBJECTS.map((object) => ({ ...object, apiVersion: object.apiVersion?.replace('v1alpha1', 'v1') }));
    const offered = await complete(['runtimes', 'list', '--protocol', ''], to({ types, objects: objects as KubeObject[] }));
    assert.deepEqual(lines(offered), ['grpc-v2', 'v1', 'v2', ':4']);
  });

  it('says which refusal keeps names from being offered', async () => {
    const grants = grant('reader', 'ana', { namespace: 'team-a' }, ['list'], 'servingruntimes.serving.kserve.io');
    const connect = to({ user: { name: 'ana' }, objects: [...OBJECTS, ...grants] });
    assert.deepEqual(lines(await complete(['runtimes', 'list', '--model-format', 'onn'], connect)), [
      'onnx',
      '_activeHelp_ clusterservingruntimes.serving.kserve.io is forbidden: User "ana" cannot list resource "clusterservingruntimes" in API group "serving.kserve.io" at the cluster scope',
      ':4',
    ]);
  });

  it('offers nothing that cannot be seen, or that would pass for a line of ours', async () => {
    const formats = ['_activeHelp_ run this', 'a\u202eb', 'c\u001b[2Jd', 'e\nf', 'good'];
    const objects = [runtime('ClusterServingRuntime', 'odd', formats)];
    assert.deepEqual(lines(await complete(['runtimes', 'list', '--model-format', ''], to({ objects }))), ['good', ':4']);
    const connect: CliHost['connect'] = async () => {
      throw new KserveError('no \u001b[2J server\nat all');
    };
    assert.deepEqual(lines(await complete(['runtimes', 'list', '-n', ''], connect)), ['_activeHelp_ no ^[[2J server^Jat all', ':4']);
  });

  it('gives up on a cluster that does not answer, and tells it to stop', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const { promise: asked, resolve } = Promise.withResolvers<AbortSignal>();
    const connect: CliHost['connect'] = (_options, { signal }) => {
      resolve(signal);
      return Promise.withResolvers<never>().promise;
    };
    const answering = complete(['runtimes', 'list', '-n', ''], connect);
    const signal = await asked;
    mock.timers.tick(799);
    assert.equal(signal.aborted, false);
    mock.timers.tick(1);
    const answer = await answering;
    assert.deepEqual(lines(answer), ['_activeHelp_ the cluster did not answer within a second', ':4']);
    assert.equal(signal.aborted, true);
  });

  for (const { words, names, answer } of [
    {
      words: ['runtimes', 'list', '-n', ''],
      names: ['b', 'a'],
      answer: ['a', 'b', '_activeHelp_ not all names came within a second', ':4'],
    },
    // No blank after a namespace: the account follows.
    { words: ['rbac', 'check', '--sa', ''], names: ['a'], answer: ['a:', '_activeHelp_ not all names came within a second', ':6'] },
  ]) {
    it(`offers what came until then of a list that does not end: ${words.join(' ')}`, async () => {
      mock.timers.enable({ apis: ['setTimeout'] });
      const { promise: halfway, resolve } = Promise.withResolvers<void>();
      const list: Cluster['list'] = (_type, _options, select) => {
        for (const name of names) select({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
        resolve();
        return Promise.withResolvers<never>().promise;
      };
      const answering = complete(words, async () => fakeConnection({ ...fakeCluster(), list }));
      await halfway;
      mock.timers.tick(800);
      assert.deepEqual(lines(await answering), answer);
    });
  }

  it('counts from the start of the process, and waits for no kubeconfig either', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const connect: CliHost['connect'] = () => Promise.withResolvers<never>().promise;
    const { host, written } = createHost({ argv: [], connect, elapsed: 600 });
    const answering = completeWords(['runtimes', 'list', '-n', ''], host);
    await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(200);
    await answering;
    assert.equal(written().stdout, '_activeHelp_ the cluster did not answer within a second\n:4\n');
  });

  it('never fails and never asks the user', async () => {
    const connect: CliHost['connect'] = async (_options, { streams }) => {
      streams.errOut.write('Enter a code');
      assert.equal(streams.in.isTTY, false);
      throw new TypeError('a bug');
    };
    assert.deepEqual(lines(await complete(['runtimes', 'list', '-n', ''], connect)), [
      '_activeHelp_ the names are not known: an internal error',
      ':4',
    ]);
  });
});

describe('completion from kubeconfig', () => {
  let folder: string;
  const refuse: CliHost['connect'] = () => Promise.reject(new Error('asked the cluster'));

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'complete-'));
    const entries = (names: readonly string[], key: string) => names.map((name) => ({ name, [key]: {} }));
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      contexts: entries(['', 'prod', 'dev', 'eu,west'], 'context'),
      clusters: entries(['east'], 'cluster'),
      users: entries(['ana', 'bo'], 'user'),
    };
    writeFileSync(join(folder, 'config'), JSON.stringify(config));
  });

  after(() => rmSync(folder, { recursive: true }));

  it('offers contexts, clusters and users', async () => {
    const env = { KUBECONFIG: join(folder, 'config') };
    assert.deepEqual(lines(await complete(['version', '--context', ''], refuse, env)), ['dev', 'eu,west', 'prod', ':4']);
    assert.deepEqual(lines(await complete(['version', '--context=p'], refuse, env)), ['prod', ':4']);
    assert.deepEqual(lines(await complete(['doctor', '--contexts', 'dev,'], refuse, env)), ['dev,prod', ':6']);
    assert.deepEqual(lines(await complete(['version', '--cluster', ''], refuse, env)), ['east', ':4']);
    assert.deepEqual(lines(await complete(['version', '--user', ''], refuse, env)), ['ana', 'bo', ':4']);
  });

  it('leaves out of a list what would be two values in it', async () => {
    const env = { KUBECONFIG: join(folder, 'config') };
    assert.deepEqual(lines(await complete(['doctor', '--contexts', ''], refuse, env)), ['dev', 'prod', ':6']);
  });

  describe('in several contexts', () => {
    const answers = (words: string): Promise<string> => {
      const connect: CliHost['connect'] = async ({ context = 'current', namespace = 'team-a' }) => {
        const service = {
          apiVersion: 'serving.kserve.io/v1beta1',
          kind: 'InferenceService',
          metadata: { name: `of-${context}`, namespace },
        };
        const space = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `a-of-${context}` } };
        const objects = [service, space, runtime('ServingRuntime', 'r', [`of-${context}`], namespace)];
        return fakeConnection(fakeCluster({ objects }), { namespace });
      };
      return complete(words.split(' '), connect, { KUBECONFIG: join(folder, 'config') });
    };

    for (const words of [
      'doctor --contexts dev ',
      'doctor --contexts=d* ',
      'doctor --contexts dev,prod ',
      'runtimes match --contexts dev ',
      'runtimes list --contexts dev -n ',
      'runtimes list --contexts dev --model-format ',
      'rbac check --contexts dev -n ',
    ]) {
      it(`offers the names of the first context: ${words}`, async () => {
        assert.match(lines(await answers(words))[0] ?? '', /^(?:a-)?of-dev$/);
      });
    }

    it('asks the first of all contexts', async () => {
      assert.deepEqual(lines(await answers('doctor --all-contexts ')), ['of-prod', ':4']);
    });

    it('offers nothing, and says why, where no context has such a name', async () => {
      const [why, ...rest] = lines(await answers('doctor --contexts none '));
      assert.match(why ?? '', /^_activeHelp_ invalid argument "none" for "--contexts" flag: no context has such a name/);
      assert.deepEqual(rest, [':4']);
    });

    it('offers no flag that is refused beside it', async () => {
      const flags = async (words: string) => lines(await answers(words)).flatMap((line) => /^-[^\t]*/.exec(line) ?? []);
      const refused = ['--context', '--cluster', '--user', '--server', '-s', '--token', '--offline', '--wait', '--all-contexts'];
      const beside = await flags('doctor --contexts dev -');
      assert.deepEqual(new Set(beside).intersection(new Set(refused)), new Set());
      assert.deepEqual(new Set(await flags('doctor -')).difference(new Set(beside)).intersection(new Set(refused)), new Set(refused));
      assert.ok(beside.includes('--contexts') && beside.includes('--namespace'));
      assert.deepEqual(await flags('doctor --context dev --con'), []);
    });

    it('offers no format that is refused beside it', async () => {
      assert.ok(lines(await answers('doctor -o ')).includes('junit'));
      const formats = lines(await answers('doctor --contexts dev -o '));
      assert.ok(formats.includes('json') && !formats.includes('junit'), formats.join());
    });
  });

  it('honours --kubeconfig on the line', async () => {
    assert.deepEqual(lines(await complete(['version', '--kubeconfig', join(folder, 'config'), '--user', ''], refuse)), ['ana', 'bo', ':4']);
  });

  it('offers nothing where there is none', async () => {
    assert.deepEqual(lines(await complete(['version', '--kubeconfig', join(folder, 'no'), '--user', ''], refuse)), [':4']);
  });
});
