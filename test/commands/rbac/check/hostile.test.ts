// What `rbac check` makes of answers and words that nobody sends by mistake.
import assert from 'node:assert/strict';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import type { ApiResource, Discovery, KubeObject } from '../../../../src/domain/kubernetes/resource.ts';
import { type FakeClusterOptions, fakeCluster } from '../../../support/fake-cluster.ts';
import { type CliResult, runCli } from '../../../support/run-cli.ts';
import { ANA, KSERVE } from './cases.ts';

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

const RULE = { verbs: ['list'], apiGroups: [KSERVE], resources: ['servingruntimes'] };

describe('rbac check with malformed rules', () => {
  for (const resourceRules of [
    {},
    'abc',
    7,
    [null],
    [7],
    [{ ...RULE, verbs: undefined }],
    [{ ...RULE, resourceNames: 'x' }],
    [{ ...RULE, verbs: {} }],
  ]) {
    it(`keeps the verdict: ${JSON.stringify(resourceRules)}`, async () => {
      const { code, stdout, stderr } = await check(['list', 'servingruntimes'], reviewing('SelfSubjectRulesReview', { resourceRules }));
      assert.deepEqual([code, stdout], [1, 'no\n'], stderr);
      assert.doesNotMatch(stderr, /internal error|A rule allows/);
    });
  }

  it('quotes names of objects in what can be pasted', async () => {
    const resourceRules = [
      { ...RULE, resourceNames: ['x;touch y', '\u001b[31m'] },
      { ...RULE, resourceNames: ['z'] },
    ];
    const { stderr } = await check(['list', 'servingruntimes'], reviewing('SelfSubjectRulesReview', { resourceRules }));
    assert.match(
      stderr,
      /^A rule allows list of servingruntimes for the names "\\u001b\[31m", "x;touch y", z only: ask with --field-selector=\$'metadata\.name=\\033\[31m'\.$/m,
    );
    const named = await check(['list', 'servingruntimes/x;touch y'], fakeCluster({ user: ANA }));
    assert.match(named.stderr, /^note: list with a name is the request with --field-selector='metadata\.name=x;touch y', not that/m);
  });

  for (const [status, rules] of [
    [{ resourceRules: [null, RULE], nonResourceRules: 'abc' }, 1],
    [
      {
        resourceRules: [
          { ...RULE, verbs: 'list' },
          { apiGroups: ['*'], resources: ['*'] },
        ],
      },
      0,
    ],
    [{ resourceRules: [], nonResourceRules: [7, { verbs: null }], evaluationError: 7 }, 0],
    [{ resourceRules: [RULE], incomplete: 'true' }, 1],
    [{ resourceRules: [RULE], evaluationError: { a: 1 } }, 1],
  ] as const) {
    it(`lists what can be read, and says that it is not all: ${JSON.stringify(status)}`, async () => {
      const { code, stdout, stderr } = await check(['--list', '-o', 'json'], reviewing('SelfSubjectRulesReview', status));
      assert.equal(code, rules === 0 ? 3 : 0, stderr);
      const report = JSON.parse(stdout);
      assert.deepEqual([report.rules.length, report.incomplete], [rules, true]);
      assert.match(stderr, /^Warning: the list may be incomplete: /m);
    });
  }
});

describe('rbac check with malformed RBAC objects', () => {
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'reader' };
  const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'bob' }];
  const good: readonly KubeObject[] = [
    { kind: 'ClusterRole', metadata: { name: 'reader' }, rules: [RULE] },
    { kind: 'ClusterRoleBinding', metadata: { name: 'reader' }, roleRef, subjects },
  ];

  async function about(objects: readonly KubeObject[]): Promise<CliResult> {
    const cluster = clusterWith({}, { user: ANA });
    const list: Cluster['list'] = async (type, _, toItem) => ({ items: objects.filter(({ kind }) => kind === type.kind).map(toItem) });
    return check(['list', 'servingruntimes', '--for-user', 'bob'], { ...cluster, list });
  }

  it('says yes where they are as they should be', async () => {
    assert.equal((await about(good)).stdout, 'yes\n');
  });

  const [role, binding] = good as [KubeObject, KubeObject];
  for (const odd of [
    { ...role, rules: {} },
    { ...role, rules: [null] },
    { ...role, rules: [{ ...RULE, verbs: undefined }] },
    { ...role, rules: [{ ...RULE, resourceNames: 'x' }] },
    { ...binding, roleRef: undefined },
    { ...binding, roleRef: 'x' },
    { ...binding, roleRef: { name: 7 } },
    { ...binding, subjects: {} },
    { ...binding, subjects: [null] },
    { ...binding, subjects: [{ kind: 'User' }] },
  ]) {
    it(`says neither yes nor no, and why: ${JSON.stringify(odd)}`, async () => {
      const { code, stdout, stderr } = await about([...good.filter(({ kind }) => kind !== odd.kind), odd as KubeObject]);
      assert.equal(code, 3, stderr);
      assert.match(stdout, /^unknown/);
      assert.match(stderr, /malformed/);
      assert.doesNotMatch(stderr, /internal error/);
    });
  }
});
