// What each command shows on a terminal of 80 and of 40 columns: transcripts of some, and for all cases of all commands that nothing but
// commands to paste is wider.
import assert from 'node:assert/strict';
import { CATALOGUE } from '../../src/cli/commands.ts';
import { nodesOf } from '../../src/cli/parse/tree.ts';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { ClusterError } from '../../src/errors.ts';
import { kserveObjects } from '../../tools/fixtures.ts';
import { grant } from '../../tools/rbac-objects.ts';
import { inContexts } from '../support/contexts.ts';
import { fakeCluster } from '../support/fake-cluster.ts';
import { assertGolden } from '../support/golden.ts';
import { recordedFailures } from '../support/recorded-failures.ts';
import { type CliOptions, type CliResult, runCli } from '../support/run-cli.ts';
import { LIST_CASES } from '../support/runtimes-list-cases.ts';
import { misfits } from '../support/terminal.ts';
import { ABOUT, ANA, BOT, CASES, type Case, CSR, reads, SR } from './rbac/check/cases.ts';
import { EXPLAINED, OWN } from './rbac/explain/cases.ts';
import { FIXED } from './rbac/fix/cases.ts';
import { HOLDERS } from './rbac/who-can/cases.ts';
import { DESCRIBE_CASES } from './runtimes/describe/cases.ts';
import { MATCH_CASES, model, service } from './runtimes/match/cases.ts';

const SIZES = [80, 40];
const CREATED = () => new Date('2026-10-29T09:00:00Z');
const PLACES: readonly KubeObject[] = [
  ...['a', 'b', 'test', 'default', 'team-a'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'bot', namespace: 'a' } },
];
const UPSTREAM = kserveObjects('cluster-resources-v0.20.0').filter(({ kind }) => kind === 'ClusterServingRuntime');
const disabledFirst = (object: KubeObject, index: number): KubeObject =>
  index > 0 ? object : { ...object, spec: { ...(object.spec as object), disabled: true } };
const IRIS = service('iris', model('sklearn'));

/** How a command is run, but for the terminal. */
type Scene = Omit<CliOptions, 'argv'> & { readonly argv: string };

function scene(argv: string, objects: readonly KubeObject[] = [], user?: { readonly name: string }): Scene {
  return { argv, cluster: fakeCluster({ objects: [...PLACES, ...objects], now: CREATED, ...(user && { user }) }) };
}

function ofCase({ argv, objects = [], server }: Case, user?: typeof ANA): Scene {
  return { argv, cluster: fakeCluster({ objects: [...PLACES, ...objects], ...(user && { user }), ...server }) };
}

function withFiles({ argv, files, server }: Pick<(typeof MATCH_CASES)[number], 'argv' | 'files' | 'server'>, command: string): Scene {
  const stdin = files === undefined ? {} : { stdin: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: files }) };
  return { argv: `${command} ${argv}`, cluster: fakeCluster({ now: CREATED, ...server }), ...stdin };
}

function photograph(one: Scene, columns: number): Promise<CliResult> {
  return runCli({ ...one, argv: `${one.argv} --no-color`, isTTY: true, columns });
}

function ofDoctor({ cluster, failures }: ReturnType<typeof recordedFailures>, index: number): Scene {
  const { objects = [], expected } = failures[index] ?? {};
  const stdin = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...cluster, ...objects] });
  return { argv: `doctor ${expected?.name} -n ${expected?.namespace} --offline -f -`, stdin };
}

const RECORDED = recordedFailures();
const byName = (name: string): Scene => {
  const index = RECORDED.failures.findIndex((failure) => failure.name.startsWith(name));
  assert.ok(index >= 0, name);
  return ofDoctor(RECORDED, index);
};
const caseOf = (cases: readonly Case[], name: string): Case => cases.find((one) => one.name === name) ?? assert.fail(name);
const matchOf = (name: string): Scene => withFiles(MATCH_CASES.find((one) => one.name === name) ?? assert.fail(name), 'runtimes match');
const BOT_READS = reads(BOT, { namespace: 'a' }, SR);

/** In contexts of which one may be read, one holds nothing, one refuses, and one is not reached. */
function severally(argv: string): Scene {
  const mlserver = UPSTREAM.filter(({ metadata }) => /mlserver|sklearn/.test(metadata.name ?? ''));
  const objects = [...PLACES, ...mlserver, IRIS, service('text', model('unheard-of'))];
  const unreachable = new ClusterError('RequestTimedOut', 'dial tcp 10.0.0.1:6443: i/o timeout', { hint: 'Is the cluster running?' });
  const clusters = {
    dev: fakeCluster({ objects, now: CREATED }),
    'prod-eu': fakeCluster({ objects, now: CREATED }),
    'prod-us': fakeCluster({ objects: PLACES, now: CREATED }),
    'prod-ap': unreachable,
    staging: fakeCluster({ objects, now: CREATED, user: { name: 'ana' } }),
  };
  return { argv, ...inContexts(clusters) };
}

/** Those that are kept as transcripts. */
const PICTURES: Readonly<Record<string, () => Scene>> = {
  list: () => scene('runtimes list -n team-a', UPSTREAM),
  'list-all-namespaces': () => scene('runtimes list -A', UPSTREAM),
  'list-disabled': () => scene('runtimes list -n team-a', UPSTREAM.map(disabledFirst)),
  'list-disabled-all-namespaces': () => scene('runtimes list -A', UPSTREAM.map(disabledFirst)),
  'list-disabled-protocol': () => scene('runtimes list -A --protocol v2', UPSTREAM.map(disabledFirst)),
  'list-format': () => scene('runtimes list -n team-a --model-format=lightgbm:4', UPSTREAM),
  'list-none': () => scene('runtimes list -n team-a --model-format=lightgbm:5', UPSTREAM),
  'list-wide': () => scene('runtimes list -n team-a -o wide', UPSTREAM),
  'list-refused': () => scene('runtimes list -n team-a', [...UPSTREAM, ...reads('ana', { namespace: 'team-a' }, SR)], { name: 'ana' }),
  match: () => scene('runtimes match iris -n team-a', [...UPSTREAM, IRIS]),
  'match-wide': () => scene('runtimes match iris -n team-a -o wide', [...UPSTREAM, IRIS]),
  'match-none': () => matchOf('several-reasons'),
  describe: () => scene('runtimes describe kserve-mlserver -n team-a', UPSTREAM),
  'describe-full': () => withFiles(DESCRIBE_CASES[0] ?? assert.fail(), 'runtimes describe'),
  check: () => ofCase(caseOf(CASES, 'default'), ANA),
  'check-one': () => ofCase(caseOf(CASES, '03-trap'), ANA),
  'check-deploy': () => ofCase(caseOf(CASES, 'deploy-optional'), ANA),
  'check-dry-run': () => ofCase(caseOf(CASES, 'deploy-dry-run'), ANA),
  'check-list': () => ofCase(caseOf(CASES, '07-list-rules'), ANA),
  'check-wide': () => ofCase(caseOf(CASES, 'wide'), ANA),
  explain: () => ofCase(caseOf(EXPLAINED, 'wrong-namespace')),
  fix: () => scene('rbac fix list servingruntimes --sa a:bot -n a -o commands'),
  matrix: () => scene('rbac matrix --sa a:bot', [...BOT_READS, ...grant('csr', BOT, 'cluster', ['list'], CSR)]),
  'matrix-wide': () => scene('rbac matrix --sa a:bot -o wide', BOT_READS),
  'who-can': () => ofCase(caseOf(HOLDERS, 'wide')),
  doctor: () => byName('19-gpu'),
  'doctor-image': () => byName('26-image-pull'),
  'doctor-explain': () => ({ argv: 'doctor --explain min-replicas-ignored' }),
  version: () => scene('version', [], { name: 'ana' }),
  'unknown-word': () => ({ argv: 'isvc' }),
  unreachable: () => ({
    argv: 'runtimes list',
    connect: () =>
      Promise.reject(
        new ClusterError(
          'ConnectionRefused',
          'The connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?',
          {
            hint: 'Is the cluster running? The server comes from cluster "test" of context "test".',
          },
        ),
      ),
  }),
  'contexts-list': () => severally('runtimes list -n team-a --contexts prod-*,staging'),
  'contexts-check': () => severally('rbac check -n team-a --contexts prod-*,staging'),
  'contexts-match': () => severally('runtimes match -n team-a --all-contexts'),
  'contexts-doctor': () => severally('doctor -n team-a --contexts prod-*,staging'),
  help: () => ({ argv: '--help' }),
  'help-status': () => ({ argv: 'completion status --help' }),
};

/** Every case of every command that shows something to people. */
const EVERYTHING: readonly Scene[] = [
  ...LIST_CASES.flatMap(({ argv = '', server }) =>
    ['', '-o wide', '--show-labels'].map((words) => ({
      argv: `runtimes list -n team-a ${argv} ${words}`,
      cluster: fakeCluster({ now: CREATED, ...server }),
    })),
  ),
  ...CASES.map((one) => ofCase(one, ANA)),
  ...ABOUT.map((one) => ofCase(one)),
  ...EXPLAINED.map((one) => ofCase(one)),
  ...OWN.map((one) => ofCase(one, ANA)),
  ...FIXED.map((one) => ofCase(one)),
  ...HOLDERS.map((one) => ofCase(one)),
  ...MATCH_CASES.flatMap((one) => [withFiles(one, 'runtimes match'), withFiles(one, 'runtimes match -o wide')]),
  ...DESCRIBE_CASES.map((one) => withFiles(one, 'runtimes describe')),
  ...RECORDED.failures.map((_, index) => ofDoctor(RECORDED, index)),
];

/** Data for programs is not fitted: it may be what somebody copies. */
function isForPrograms({ argv }: Scene): boolean {
  return /-o ?=?(?:json|yaml|name|mermaid|commands)|rbac fix/.test(argv);
}

describe('on a terminal', () => {
  for (const columns of SIZES) {
    for (const [name, make] of Object.entries(PICTURES))
      it(`${name}, ${columns} columns`, async () => {
        const one = make();
        const result = await photograph(one, columns);
        assertGolden(`terminal-${columns}/${name}`, one.argv, result);
        const texts = isForPrograms(one) ? [result.stderr] : [result.stdout, result.stderr];
        for (const text of texts) assert.deepEqual(misfits(text, columns), [], one.argv);
      });

    it(`nothing is wider than ${columns} columns but commands to paste, whatever is asked`, async () => {
      for (const one of EVERYTHING) {
        const { stdout, stderr } = await photograph(one, columns);
        for (const text of isForPrograms(one) ? [stderr] : [stdout, stderr]) assert.deepEqual(misfits(text, columns), [], one.argv);
      }
    });

    it(`every page of help fits ${columns} columns`, async () => {
      for (const { path } of nodesOf(CATALOGUE)) {
        const { stdout, stderr } = await photograph({ argv: `${path.join(' ')} --help` }, columns);
        assert.deepEqual(misfits(stdout + stderr, columns), [], path.join(' '));
      }
    });
  }

  it('nothing is broken, shortened or moved in a pipe', async () => {
    const wide = async (one: Scene) => {
      const { stdout, stderr } = await photograph(one, 100_000);
      return { stdout, stderr };
    };
    for (const make of Object.values(PICTURES)) {
      const [one, again] = [make(), make()];
      const { stdout, stderr } = await runCli({ ...again, argv: `${again.argv} --no-color` });
      if (!/check --list|completion/.test(one.argv)) assert.deepEqual({ stdout, stderr }, await wide(one), one.argv);
    }
  });
});
