import assert from 'node:assert/strict';
import type { KubeObject } from '../../../../src/domain/kubernetes/resource.ts';
import { binding, grant, role } from '../../../../tools/rbac-objects.ts';
import { type FakeClusterOptions, fakeCluster } from '../../../support/fake-cluster.ts';
import { assertReport } from '../../../support/report-schema.ts';
import { runCli } from '../../../support/run-cli.ts';
import { A, ANA, BOT, CSR, KSERVE, SR } from '../check/cases.ts';

const B = { namespace: 'b' };
const ISVC = `inferenceservices.${KSERVE}`;
const REVIEW = /\/(self|local)?subject(access|rules)reviews$/;

interface Hint {
  readonly code: string;
  readonly message: string;
}

interface Told {
  readonly hints: readonly Hint[];
  readonly causes: readonly Hint[];
  /** Bodies of the reviews, the verdict's own among them. */
  readonly reviews: readonly string[];
  /** The most of them that were under way at once. */
  readonly together: number;
}

function namespaces(count: number): readonly KubeObject[] {
  const names = ['a', 'b', 'default', ...Array.from({ length: count }, (_, at) => `team-${at}`)];
  return names.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
}

async function ask(words: string, objects: readonly KubeObject[], server: Omit<FakeClusterOptions, 'objects'> = {}): Promise<Told> {
  const fake = fakeCluster({ objects: [...namespaces(40), ...objects], user: ANA, ...server });
  let running = 0;
  let together = 0;
  const create: typeof fake.create = async (type, ...rest) => {
    running += 1;
    together = Math.max(together, running);
    // Those that are sent in one go are all here before the first is answered.
    await new Promise(setImmediate);
    running -= 1;
    return fake.create(type, ...rest);
  };
  const argv = `rbac explain ${words} -o json`;
  const { stdout, stderr } = await runCli({ argv, cluster: { ...fake, create } });
  assertReport(stdout, argv);
  const { hints, causes } = JSON.parse(stdout || assert.fail(stderr));
  const reviews = fake.requests.filter(({ path }) => REVIEW.test(path)).map(({ body }) => body);
  return { hints, causes, reviews, together };
}

const rule = (verbs: string[], resources: string[], more: object = {}) => ({ verbs, apiGroups: [KSERVE], resources, ...more });
const bound = (scope: typeof A | 'cluster', to: string, ...rules: Parameters<typeof role>[2][number][]): readonly KubeObject[] => [
  role('r', scope, rules),
  binding('r', scope, { kind: scope === 'cluster' ? 'ClusterRole' : 'Role', name: 'r' }, to),
];
const boundHere = (...rules: Parameters<typeof role>[2][number][]): readonly KubeObject[] => [
  role('r', 'cluster', rules),
  binding('r', A, { kind: 'ClusterRole', name: 'r' }, 'ana'),
];
const listsNamespaces = (to: string) => grant('ns', to, 'cluster', ['list'], 'namespaces');
const mayAsk = grant('ask', 'ana', 'cluster', ['create'], 'subjectaccessreviews.authorization.k8s.io');

type Row = readonly [title: string, words: string, objects: readonly KubeObject[], hints: readonly (readonly [string, RegExp])[]];

const OWN: readonly Row[] = [
  [
    'other verbs here',
    'watch servingruntimes -n a',
    bound(A, 'ana', rule(['get', 'list'], ['servingruntimes'])),
    [['missing-verb', /^ana may get, list servingruntimes\S+ here, but not watch them\.$/]],
  ],
  [
    'other verbs in every namespace',
    'watch servingruntimes -n a',
    bound('cluster', 'ana', rule(['get'], ['servingruntimes'])),
    [['missing-verb', /may get servingruntimes\S+ in every namespace, but not watch/]],
  ],
  [
    'a verb in the wrong case, which allows nothing',
    'list servingruntimes -n a',
    bound(A, 'ana', rule(['LIST'], ['servingruntimes'])),
    [['missing-verb', /^A rule of ana names \["LIST"\], not "list"\.$/]],
  ],
  [
    'a verb of one object only',
    'get servingruntimes/x -n a',
    bound(A, 'ana', rule(['update', 'create'], ['servingruntimes'], { resourceNames: ['x'] })),
    [['missing-verb', /^ana may update servingruntimes\S+ x here, but not get it\.$/]],
  ],
  [
    'the names of all rules',
    'get servingruntimes/z -n a',
    [
      ...bound(
        A,
        'ana',
        rule(['get'], ['servingruntimes'], { resourceNames: ['y'] }),
        rule(['get'], ['servingruntimes'], { resourceNames: ['x', '*'] }),
      ),
    ],
    [['resource-names', /^ana may get only those named "\*", x, y\.$/]],
  ],
  [
    'names for a create, which never count',
    'create servingruntimes -n a',
    bound(A, 'ana', rule(['create'], ['servingruntimes'], { resourceNames: ['x'] })),
    [['resource-names', /^A rule of ana allows create for the names x only, which never counts/]],
  ],
  [
    'the kind and not its subresource',
    'get isvc/x --subresource=status -n a',
    bound(A, 'ana', rule(['get'], ['inferenceservices'])),
    [['missing-subresource', /names \["inferenceservices"\], not "inferenceservices\/status"/]],
  ],
  [
    'neighbours that are served',
    'list servingruntimes -n a',
    bound(A, 'ana', rule(['list'], ['inferenceservices', 'frobs'])),
    [['missing-resource', /^ana may list inferenceservices here/]],
  ],
  [
    'no neighbour where a rule names the kind',
    'list servingruntimes -n a',
    bound(A, 'ana', rule(['list'], ['inferenceservices']), rule(['get'], ['servingruntimes'])),
    [['missing-verb', /./]],
  ],
  [
    'another namespace',
    'list servingruntimes -n a',
    [...grant('r', 'ana', B, ['list'], SR), ...listsNamespaces('ana')],
    [['wrong-namespace', /may list servingruntimes\S+ in the namespace b\.$/]],
  ],
  [
    'one namespace for all',
    'list servingruntimes -A',
    bound(A, 'ana', rule(['list'], ['servingruntimes'])).map((object) => ({
      ...object,
      metadata: { ...object.metadata, namespace: 'default' },
    })),
    [['wrong-namespace', /in the namespace default\.$/]],
  ],
  [
    'a RoleBinding for what is cluster-scoped',
    'list clusterservingruntimes -n a',
    boundHere(rule(['list'], ['clusterservingruntimes'])),
    [['rolebinding-for-cluster-scope', /namespace a/]],
  ],
  [
    'nothing of a RoleBinding that could not count anyway',
    'list clusterservingruntimes -n a',
    boundHere(rule(['get'], ['clusterservingruntimes'])),
    [],
  ],
  ['nothing of one for all namespaces', 'watch servingruntimes -A', boundHere(rule(['get'], ['servingruntimes'])), []],
  [
    'the verbs of a cluster-scoped kind',
    'watch clusterservingruntimes',
    grant('r', 'ana', 'cluster', ['get', 'list'], CSR),
    [['missing-verb', /^ana may get, list clusterservingruntimes\S+, but not watch them\.$/]],
  ],
  [
    'a URL that is nearly that',
    'get /foo',
    [
      role('u', 'cluster', [{ verbs: ['get'], nonResourceURLs: ['/foo/*'] }]),
      binding('u', 'cluster', { kind: 'ClusterRole', name: 'u' }, 'ana'),
    ],
    [['non-resource-url', /names \["\/foo\/\*"\], not "\/foo"/]],
  ],
  ['nothing where nothing is near', 'list servingruntimes -n a', grant('r', 'ana', A, ['list'], 'pods'), []],
];

const OF_OTHERS: readonly Row[] = [
  [
    'other verbs',
    'list servingruntimes --sa a:bot -n a',
    bound(A, BOT, rule(['get', 'watch'], ['servingruntimes'])),
    [['missing-verb', /^system:serviceaccount:a:bot may get, watch /]],
  ],
  [
    'the kind and not its subresource',
    'get isvc/x --subresource=status --sa a:bot -n a',
    grant('r', BOT, A, ['get'], ISVC),
    [['missing-subresource', /may get inferenceservices x here, but not inferenceservices\S+\/status/]],
  ],
  [
    'a subresource and not the kind',
    'get isvc/x --sa a:bot -n a',
    bound(A, BOT, rule(['get'], ['inferenceservices/status'])),
    [['missing-subresource', /may get inferenceservices\/status x here/]],
  ],
  [
    'neighbours',
    'list servingruntimes --sa a:bot -n a',
    grant('r', BOT, A, ['list'], ISVC),
    [['missing-resource', /may list inferenceservices here/]],
  ],
  [
    'other methods of a URL',
    'get /foo --sa a:bot',
    [
      role('u', 'cluster', [{ verbs: ['head'], nonResourceURLs: ['/foo'] }]),
      binding('u', 'cluster', { kind: 'ClusterRole', name: 'u' }, BOT),
    ],
    [['missing-verb', /may head \/foo, but not get it/]],
  ],
  [
    'no verb for one name',
    'delete servingruntimes/x --sa a:bot -n a',
    bound(A, BOT, rule(['get'], ['servingruntimes'], { resourceNames: ['x'] })),
    [['missing-verb', /may get servingruntimes\S+ x here, but not delete/]],
  ],
];

describe('hints of rbac explain, without any right to read RBAC', () => {
  function define([title, words, objects, hints]: Row): void {
    it(`tells ${title}`, async () => {
      const told = await ask(words, objects);
      assert.deepEqual(
        told.hints.map(({ code }) => code),
        hints.map(([code]) => code),
        JSON.stringify(told.hints),
      );
      for (const [at, [, pattern]] of hints.entries()) assert.match(told.hints[at]?.message ?? '', pattern);
      assert.deepEqual(told.causes, []);
    });
  }

  describe('about oneself', () => {
    for (const row of OWN) define(row);
  });

  describe('about somebody else', () => {
    for (const [title, words, objects, hints] of OF_OTHERS) define([title, words, [...objects, ...mayAsk], hints]);
  });

  const many: readonly (readonly [title: string, words: string, server?: Omit<FakeClusterOptions, 'objects'>])[] = [
    ['oneself', 'list servingruntimes -n a'],
    [
      'oneself by an authorizer that lists no rules',
      'list servingruntimes -n a',
      { webhook: { name: 'cloud', decide: () => ({ reason: 'not in this policy' }) } },
    ],
    ['oneself in all namespaces', 'list servingruntimes -A'],
    ['what is cluster-scoped', 'list clusterservingruntimes'],
    ['a subresource', 'get isvc/x --subresource=status -n a'],
    ['a URL', 'get /foo'],
    ['another account', 'list servingruntimes --sa a:bot -n a'],
    ['a subresource for another account', 'get isvc/x --subresource=status --sa a:bot -n a'],
    ['a URL for another account', 'get /foo --sa a:bot'],
  ];
  for (const [title, words, server] of many) {
    it(`asks no more than two dozen reviews together about ${title}, none of them with a wildcard`, async () => {
      const { reviews, together } = await ask(words, [...listsNamespaces('ana'), ...mayAsk], server);
      const hints = reviews.slice(1);
      assert.ok(hints.length <= 24 && hints.length >= 2, `${hints.length} reviews`);
      assert.ok(together > 1 && together <= 24, `${together} at once`);
      for (const body of reviews) assert.ok(!body.includes('*'), body);
    });
  }
});
