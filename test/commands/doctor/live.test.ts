import assert from 'node:assert/strict';
import type { Fix } from '../../../src/domain/finding.ts';
import { ClusterError } from '../../../src/errors.ts';
import { grant } from '../../../tools/rbac-objects.ts';
import { inContexts } from '../../support/contexts.ts';
import { type FakeCluster, type FakeClusterOptions, fakeCluster } from '../../support/fake-cluster.ts';
import { type RecordedFailure, recordedFailures } from '../../support/recorded-failures.ts';
import { assertReport } from '../../support/report-schema.ts';
import { countingRounds } from '../../support/rounds.ts';
import { runCli } from '../../support/run-cli.ts';

const { cluster: shared, failures } = recordedFailures();
/** Some minutes after the newest of the records. */
const NOW = new Date(
  Math.max(...failures.flatMap(({ objects }) => objects).map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? '0'))) + 600_000,
);
/** Kinds that the embedded API server has not: their evidence only makes an answer better. */
const SERVED = new Set([
  'Namespace',
  'Node',
  'InferenceService',
  'LLMInferenceService',
  'ServingRuntime',
  'ClusterServingRuntime',
  'ClusterStorageContainer',
  'Pod',
  'Deployment',
  'ReplicaSet',
  'Event',
  'PersistentVolumeClaim',
]);

interface Report {
  readonly findings: readonly {
    readonly code: string;
    readonly severity: string;
    readonly evidence: readonly { readonly object: { readonly kind: string } }[];
    readonly fix?: Fix;
  }[];
  readonly unread: readonly { readonly kind: string }[];
  readonly notFound?: readonly object[];
}

function clusterWith({ objects }: Pick<RecordedFailure, 'objects'>, options: FakeClusterOptions = {}): FakeCluster {
  const seeded = [...shared, ...objects].filter(({ kind }) => SERVED.has(kind ?? ''));
  return fakeCluster({ now: () => NOW, ...options, objects: [...seeded, ...(options.objects ?? [])] });
}

function failureNamed(start: string): RecordedFailure {
  const failure = failures.find(({ name }) => name.startsWith(start));
  assert.ok(failure);
  return failure;
}

async function doctor(cluster: FakeCluster, words: string) {
  const argv = `doctor ${words} -o json`;
  const { code, stdout, stderr } = await runCli({ argv, cluster, now: NOW });
  assertReport(stdout, argv);
  return { code, stderr, report: (stdout === '' ? undefined : JSON.parse(stdout)) as Report };
}

describe('doctor, asking a cluster', () => {
  for (const failure of failures) {
    const { name, expected } = failure;
    it(`finds with four requests, and a second round at most: ${name}`, async () => {
      const { cluster, rounds } = countingRounds(clusterWith(failure));
      const { report, code } = await doctor(
        cluster,
        `${expected.kind === 'LLMInferenceService' ? 'llmisvc/' : 'isvc/'}${expected.name} -n ${expected.namespace}`,
      );
      const found = report.findings.filter(({ severity }) => expected.code !== 'ok' || severity !== 'info');
      assert.equal(found[0]?.code ?? 'ok', expected.code);
      assert.ok(code === 0 || code === 1 || report.unread.length > 0, `${code}`);
      assert.ok(rounds.length <= 2 && (rounds[0] ?? 0) <= 4, `${rounds}`);
    });
  }

  it('sends four requests for an InferenceService that is healthy', async () => {
    const cluster = clusterWith(failureNamed('01'));
    assert.equal((await doctor(cluster, 'isvc/iris -n c01')).code, 0);
    assert.deepEqual(cluster.requests.map(({ path }) => path.split('/').slice(-2).join('/')).toSorted(), [
      'c01/deployments',
      'c01/events',
      'c01/pods',
      'inferenceservices/iris',
    ]);
  });

  it('sends the first four before any is answered', async () => {
    const { cluster, rounds } = countingRounds(clusterWith(failureNamed('19')));
    const { report } = await doctor(cluster, 'iris -n c19');
    assert.equal(rounds[0], 4);
    assert.equal(report.findings[0]?.code, 'insufficient-resources');
  });

  it('finds an LLMInferenceService by its bare name', async () => {
    const { report } = await doctor(clusterWith(failureNamed('53')), 'opt -n c53');
    assert.equal(report.findings[0]?.code, 'insufficient-resources');
  });

  it('says which name is not there, and exits with 1', async () => {
    const { code, stderr } = await doctor(clusterWith(failureNamed('01')), 'rose -n c01');
    assert.equal(code, 1);
    assert.match(stderr, /there is no InferenceService or LLMInferenceService "rose" in the namespace "c01"\n$/);
  });

  it('suggests the name that was probably meant, if it may list those that there are', async () => {
    const cluster = (options: FakeClusterOptions = {}) => clusterWith(failureNamed('01'), options);
    const path = '/apis/serving.kserve.io/v1beta1/namespaces/c01/inferenceservices';
    const error = new ClusterError('Forbidden', 'no', { code: 403, fromStatus: true });
    const missing = 'there is no InferenceService or LLMInferenceService "irs" in the namespace "c01"';
    const told = await doctor(cluster(), 'irs -n c01');
    assert.equal(told.stderr, `error: ${missing} (did you mean "iris"?)\n`);
    assert.deepEqual(told.report.notFound, [{ name: 'irs', near: 'iris' }]);
    assert.equal((await doctor(cluster({ failures: [{ on: { path }, error }] }), 'irs -n c01')).stderr, `error: ${missing}\n`);
  });

  it('does not take a namespace that does not exist for one without services', async () => {
    for (const words of ['', 'rose ']) {
      const { code, stderr } = await doctor(clusterWith(failureNamed('01')), `${words}-n nowhere`);
      assert.equal(code, 1);
      assert.match(stderr, /^error: namespaces "nowhere" not found\n/);
    }
  });

  it('says that there are no services, and not where they could not be read', async () => {
    const text = async (words: string, options: FakeClusterOptions = {}) =>
      (await runCli({ argv: `doctor ${words}`, cluster: clusterWith(failureNamed('02'), options), now: NOW })).stderr;
    const empty = { objects: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'empty' } }] };
    assert.match(await text('-n empty', empty), /^No InferenceServices or LLMInferenceServices found in empty namespace\.\n/);
    const error = new ClusterError('InternalError', 'etcd is slow', { code: 500, fromStatus: true });
    const path = '/apis/serving.kserve.io/v1beta1/namespaces/empty/inferenceservices';
    assert.doesNotMatch(await text('-n empty', { ...empty, failures: [{ on: { path }, error }] }), /No InferenceServices/);
  });

  it('refuses a name with -A, as kubectl does', async () => {
    const { code, stderr } = await doctor(clusterWith(failureNamed('01')), 'iris -A');
    assert.equal(code, 2);
    assert.match(stderr, /^error: a resource cannot be retrieved by name across all namespaces\n/);
  });

  it('names a namespace once, however many lists of it were refused', async () => {
    const { stderr } = await runCli({ argv: 'doctor iris -n c01', cluster: clusterWith(failureNamed('01'), only('c01')), now: NOW });
    assert.match(stderr, /note: Pods of namespace c01 could not be read/);
    const list = grant('lister', 'ana', { namespace: 'c01' }, ['get', 'list'], ISVC);
    const all = await runCli({
      argv: 'doctor -n c01',
      cluster: clusterWith(failureNamed('01'), { ...only('c01'), objects: list }),
      now: NOW,
    });
    assert.match(all.stderr, /note: Pods of namespace c01 could not be read/);
  });

  const ISVC = 'inferenceservices.serving.kserve.io';
  const only = (namespace: string) => ({ user: { name: 'ana' }, objects: grant('reader', 'ana', { namespace }, ['get'], ISVC) });

  for (const failure of failures) {
    const { name, expected } = failure;
    if (expected.kind !== 'InferenceService') continue;
    it(`never names a wrong root to an account that may get InferenceServices alone: ${name}`, async () => {
      const { code, report } = await doctor(
        clusterWith(failure, only(expected.namespace)),
        `isvc/${expected.name} -n ${expected.namespace}`,
      );
      const [first] = report.findings;
      assert.ok(
        first === undefined || [expected.code, 'not-ready', 'no-supporting-runtime', 'model-load-failed'].includes(first.code),
        first?.code,
      );
      assert.deepEqual(
        report.unread
          .map(({ kind }) => kind)
          .filter((kind) => ['Pod', 'Deployment', 'Event'].includes(kind))
          .toSorted(),
        ['Deployment', 'Event', 'Pod'],
      );
      assert.equal(code, first?.severity === 'error' ? 1 : 4);
    });
  }

  it('rejects with the refusal if not even the service may be read', async () => {
    const { code, stderr, report } = await doctor(clusterWith(failureNamed('01'), { user: { name: 'eve' } }), 'iris -n c01');
    assert.equal(code, 3);
    assert.match(stderr, /inferenceservices.*is forbidden: User "eve" cannot get/);
    assert.match(stderr, /\nhint: To see what is missing and what grants it: kubectl kserve rbac check --for debug -n c01\n$/);
    assert.equal(report, undefined);
  });

  it('keeps the connection flags in what it suggests, for the answer to be about the same account', async () => {
    for (const one of ['iris -n c01 --context=x --as=eve', '-n c01 --context=x --as=eve']) {
      const { stderr } = await runCli({ argv: `doctor ${one}`, cluster: clusterWith(failureNamed('01'), only('c01')), now: NOW });
      assert.match(
        stderr,
        /hint: To see what is missing and what grants it: kubectl kserve rbac check --for debug -n c01 --context=x --as=eve$/m,
      );
    }
  });

  it('keeps them in the commands that mend a finding', async () => {
    const cluster = clusterWith(failureNamed('28'));
    const flags = '--context=x --as=eve';
    const command = `kubectl logs iris-predictor-7d5789f897-hszp9 -n c28 -c kserve-container --previous --tail=50 ${flags}`;
    const { stdout } = await runCli({ argv: `doctor iris -n c28 ${flags}`, cluster, now: NOW });
    assert.ok(stdout.includes(`\n    ${command}\n`), stdout);
    for (const one of ['iris -n c28', '-n c28']) {
      const { report } = await doctor(cluster, `${one} ${flags}`);
      const commands = report.findings.flatMap(({ fix }) => fix?.commands ?? []);
      assert.ok(commands.includes(command), one);
      assert.deepEqual(
        commands.filter((each) => !each.endsWith(flags)),
        [],
      );
    }
  });

  it('keeps them in the commands about KServe itself, and each context has its own', async () => {
    const about = 'kubectl get deployments -A --field-selector metadata.name=kserve-controller-manager';
    const { stdout } = await runCli({ argv: 'doctor -n c28 --context=x', cluster: clusterWith(failureNamed('28')), now: NOW });
    assert.ok(stdout.includes(`\n    ${about} --context=x\n`), stdout);
    const contexts = inContexts({ dev: clusterWith(failureNamed('28')), staging: clusterWith(failureNamed('28')) });
    const { stdout: both } = await runCli({ argv: 'doctor iris -n c28 --contexts=dev,staging', ...contexts, now: NOW });
    assert.deepEqual(
      both.match(/kubectl logs .*/g)?.map((line) => line.split(' ').at(-1)),
      ['--context=dev', '--context=staging'],
    );
  });

  it('counts a finding once in reports for CI systems, with such flags and without', async () => {
    const cluster = clusterWith(failureNamed('28'));
    const cases = async (argv: string) => (await runCli({ argv, cluster, now: NOW })).stdout.match(/<testsuites? .*?>/g);
    assert.deepEqual(await cases('doctor iris -n c28 --as=eve -o junit'), await cases('doctor iris -n c28 -o junit'));
  });

  it('takes a kind that fails for unread, not for empty', async () => {
    const error = new ClusterError('InternalError', 'etcd is slow', { code: 500, fromStatus: true });
    const { code, report } = await doctor(
      clusterWith(failureNamed('01'), { failures: [{ on: { path: '/api/v1/namespaces/c01/pods' }, error }] }),
      'iris -n c01',
    );
    assert.equal(code, 4);
    assert.deepEqual(report.unread, [{ kind: 'Pod', namespace: 'c01', reason: 'etcd is slow', hides: 'why Pods do not start' }]);
  });
});
