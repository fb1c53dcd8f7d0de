// What `rbac check` makes of answers and words that nobody sends by mistake.
import assert from 'node:assert/strict';
import type { Cluster } from '../../src/cluster/cluster.ts';
import type { ApiResource, Discovery, KubeObject } from '../../src/domain/resource.ts';
import { type FakeClusterOptions, fakeCluster } from '../support/fake-cluster.ts';
import { type CliResult, runCli } from '../support/run-cli.ts';
import { ANA, KSERVE } from './rbac-check-cases.ts';

function served(plural: string, more: Partial<ApiResource> = {}): ApiResource {
  const shared = { group: KSERVE, version: 'v1beta1', kind: 'Thing', singular: 'thing', shortNames: [], verbs: ['get', 'list'] };
  return { ...shared, plural, namespaced: true, subresources: [], ...more };
}

function discovery(...resources: readonly ApiResource[]): Discovery {
  return { groups: [{ name: KSERVE, versions: [{ version: 'v1beta1', stale: false, resources }] }] };
}

/** A cluster of which some answers are replaced. */
function clusterWith(answers: Partial<Cluster>, options: FakeClusterOptions = { user: ANA }): Cluster {
  return { ...fakeCluster(options), ...answers };
}

/** The reviews of one kind get this status. */
function reviewing(kind: string, status: unknown, options?: FakeClusterOptions): Cluster {
  const cluster = clusterWith({}, options);
  return {
    ...cluster,
    create: async (type, object, more) =>
      type.kind === kind ? ({ metadata: {}, status } as KubeObject) : cluster.create(type, object, more),
  };
}

async function check(argv: readonly string[], cluster: Cluster): Promise<CliResult> {
  return runCli({ argv: ['rbac', 'check', ...argv, '-n', 'a'], cluster });
}

describe('rbac check with hostile answers and words', () => {
  const INPUTS = ['$(touch x)', 'a --as=x', 'a;id', 'A', 'a\nb', '..'];
  for (const name of INPUTS) {
    it(`refuses what cannot be the name of a namespace: ${JSON.stringify(name)}`, async () => {
      const { code, stdout, stderr } = await check(['get', `namespaces/${name}`], fakeCluster({ user: ANA }));
      assert.deepEqual([code, stdout], [2, ''], stderr);
      assert.match(stderr, /cannot be the name of a namespace/);
    });
  }

  for (const [words, more] of [
    [['get', '*/x'], []],
    [['get', '*.*'], []],
    [['get', 'pods.*'], []],
    [['get', 'pods'], ['--subresource=*']],
    [['get*', 'pods'], []],
  ] as const) {
    it(`never asks with an asterisk: ${[...words, ...more].join(' ')}`, async () => {
      const { code, stdout, stderr } = await check([...words, '--allow-unknown', ...more], fakeCluster({ user: ANA }));
      assert.deepEqual([code, stdout], [2, ''], stderr);
    });
  }

  it('quotes in a suggested command what the user made up', async () => {
    const { stderr } = await check(['a;id', 'servingruntimes', '--allow-unknown'], fakeCluster({ user: ANA }));
    assert.match(
      stderr,
      /^ {2}kubectl create role kserve-[0-9a-f]{10} -n a --verb='a;id' --resource=servingruntimes\.serving\.kserve\.io$/m,
    );
  });

  it('takes no wildcard from discovery for a kind or a verb', async () => {
    const star = served('*', { shortNames: ['isvc'], kind: 'InferenceService' });
    const { stderr } = await check(['list', 'isvc'], clusterWith({ discover: async () => discovery(star) }));
    assert.match(stderr, /--resource=inferenceservices\.serving\.kserve\.io$/m);
    assert.match(stderr, /^Warning: the server lists kinds or verbs with names that cannot be any: serving\.kserve\.io\/v1beta1$/m);
    const verbs = served('inferenceservices', { verbs: ['get', '*', 'a b', 'x,y'] });
    const all = await check(['*', 'inferenceservices'], clusterWith({ discover: async () => discovery(verbs) }));
    assert.match(all.stderr, /--verb=get --resource/);
  });

  it('shows nothing of discovery raw', async () => {
    const evil = served('foos', { kind: '\u001b]8;;x\u0007\r\u202e;touch x', verbs: ['list', '\u001b[31m'] });
    const plain = served('bars', { kind: 'x; touch x', verbs: ['li st'] });
    const { stdout, stderr } = await check(['*', 'foos,bars'], clusterWith({ discover: async () => discovery(evil, plain) }));
    assert.doesNotMatch(stdout + stderr, /[\u0000-\u0009\u000b-\u001f\u202e]|touch/);
  });

  it('refuses more questions than a server should be asked', async () => {
    const kinds = Array.from({ length: 100_000 }, (_, index) => served(`kinds${index}`));
    const { code, stdout, stderr } = await check(['list', `*.${KSERVE}`], clusterWith({ discover: async () => discovery(...kinds) }));
    assert.deepEqual([code, stdout], [2, '']);
    assert.equal(
      stderr.split('\n')[0],
      'error: these are 100000 questions, and at most 1000 are asked at once: name fewer kinds, verbs or namespaces',
    );
  });

  it('grants nothing to a user without a name', async () => {
    const { code, stderr } = await check(['list', 'servingruntimes'], reviewing('SelfSubjectReview', { userInfo: { username: '' } }));
    assert.equal(code, 1);
    assert.match(stderr, /No grant can be named, because the server does not say who you are\./);
  });
});
