import assert from 'node:assert/strict';
import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';
import type { PodLog } from '../../../tools/api-server/pod-log.ts';
import { grant } from '../../../tools/rbac-objects.ts';
import { type FakeCluster, type FakeClusterOptions, fakeCluster } from '../../support/fake-cluster.ts';
import { assertReport } from '../../support/report-schema.ts';
import { runCli } from '../../support/run-cli.ts';

const THEN = '2026-11-29T12:00:00Z';
const NOW = new Date('2026-11-29T12:10:00Z');
const CRASHED = { terminated: { exitCode: 1, reason: 'Error' } };
const WAITING = { waiting: { reason: 'CrashLoopBackOff' } };

function serviceNamed(name: string, kind = 'InferenceService'): KubeObject {
  return {
    apiVersion: `serving.kserve.io/${kind === 'InferenceService' ? 'v1beta1' : 'v1alpha2'}`,
    kind,
    metadata: { name, namespace: 'a', creationTimestamp: THEN },
    spec: { predictor: { model: { modelFormat: { name: 'sklearn' } } } },
    status: { conditions: [{ type: 'Ready', status: 'False', reason: 'x', lastTransitionTime: THEN }] },
  };
}

function podOf(
  service: string,
  status: object,
  labels: Record<string, string> = { 'serving.kserve.io/inferenceservice': service },
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${service}-0`, namespace: 'a', labels, uid: `uid-${service}`, creationTimestamp: THEN },
    spec: { nodeName: 'n', containers: [{ name: 'kserve-container' }], initContainers: [{ name: 'storage-initializer' }] },
    status: { phase: 'Running', ...status },
  };
}

const container = (state: object, lastState: object = {}, restartCount = 1, name = 'kserve-container') => ({
  name,
  ready: false,
  restartCount,
  state,
  lastState,
});
const crashing = { containerStatuses: [container(WAITING, CRASHED)] };
const log = (text: string, more: Partial<PodLog> = {}): PodLog => ({
  namespace: 'a',
  pod: 'iris-0',
  container: 'kserve-container',
  previous: true,
  text,
  ...more,
});

interface Report {
  readonly findings: readonly {
    readonly code: string;
    readonly evidence: readonly { readonly field: string; readonly value: string }[];
  }[];
  readonly unread: readonly object[];
}

async function doctor(cluster: FakeCluster, words: string) {
  const argv = `doctor ${words} -n a -o json`;
  const { code, stdout } = await runCli({ argv, cluster, now: NOW });
  assertReport(stdout, argv);
  return { code, report: JSON.parse(stdout) as Report };
}

function clusterWith(status: object, logs: readonly PodLog[], options: FakeClusterOptions = {}): FakeCluster {
  const { objects = [], ...more } = options;
  return fakeCluster({ objects: [serviceNamed('iris'), podOf('iris', status), ...objects], logs, now: () => NOW, ...more });
}

const logRequests = ({ requests }: FakeCluster) => requests.filter(({ path }) => path.endsWith('/log')).map(({ url }) => url);
const logEvidence = ({ findings }: Report) => findings[0]?.evidence.filter(({ field }) => field.startsWith('log of '));

describe('doctor --logs', () => {
  it('shows the last lines of the run that crashed', async () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}\n`);
    const cluster = clusterWith(crashing, [log(lines.join(''))]);
    const { code, report } = await doctor(cluster, 'iris --logs');
    assert.equal(code, 1);
    assert.equal(report.findings[0]?.code, 'crash');
    assert.deepEqual(logEvidence(report), [
      {
        object: { kind: 'Pod', namespace: 'a', name: 'iris-0' },
        field: 'log of container kserve-container, before its restart',
        value: lines.slice(10).join('').trim(),
      },
    ]);
    assert.deepEqual(logRequests(cluster), [
      '/api/v1/namespaces/a/pods/iris-0/log?container=kserve-container&previous=true&tailLines=20&limitBytes=65536',
    ]);
  });

  it('reads the run that has ended where the container was not started again', async () => {
    const { report } = await doctor(
      clusterWith({ containerStatuses: [container(CRASHED, {}, 0)] }, [log('gone\n', { previous: false })]),
      'iris --logs',
    );
    assert.deepEqual(
      logEvidence(report)?.map(({ field, value }) => [field, value]),
      [['log of container kserve-container', 'gone']],
    );
  });

  const initializer = container(WAITING, CRASHED, 2, 'storage-initializer');
  const killed = container(WAITING, { terminated: { exitCode: 137, reason: 'OOMKilled' } }, 2);
  for (const [code, status, text] of [
    ['storage-failed', { initContainerStatuses: [initializer] }, log('403 Forbidden', { container: 'storage-initializer' })],
    ['out-of-memory', { containerStatuses: [killed] }, log('loading 40 GB')],
  ] as const) {
    it(`shows a log for ${code}`, async () => {
      const { report } = await doctor(clusterWith(status, [text]), 'iris --logs');
      assert.equal(report.findings[0]?.code, code);
      assert.deepEqual(
        logEvidence(report)?.map(({ value }) => value),
        [text.text],
      );
    });
  }

  it('shows the log of a container that runs while its probe fails', async () => {
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e', namespace: 'a' },
      type: 'Warning',
      reason: 'Unhealthy',
      message: 'Readiness probe failed: 503',
      involvedObject: { kind: 'Pod', uid: 'uid-iris' },
    };
    const running = { containerStatuses: [container({ running: {} }, {}, 0)] };
    const { report } = await doctor(clusterWith(running, [log('loading', { previous: false })], { objects: [event] }), 'iris --logs');
    assert.equal(report.findings[0]?.code, 'probe-failed');
    assert.deepEqual(
      logEvidence(report)?.map(({ value }) => value),
      ['loading'],
    );
  });

  it('asks for no log without --logs, nor for a finding that a log cannot explain', async () => {
    const pulling = { containerStatuses: [container({ waiting: { reason: 'ImagePullBackOff', message: 'not found' } })] };
    for (const [status, words] of [
      [crashing, 'iris'],
      [pulling, 'iris --logs'],
    ] as const) {
      const cluster = clusterWith(status, [log('x')]);
      assert.equal((await doctor(cluster, words)).code, 1);
      assert.deepEqual(logRequests(cluster), []);
    }
  });

  it('says what a refusal hides, and keeps the finding', async () => {
    const objects = grant(
      'reader',
      'ana',
      { namespace: 'a' },
      ['get', 'list'],
      'inferenceservices.serving.kserve.io',
      'pods',
      'events',
      'deployments.apps',
    );
    const { code, report } = await doctor(clusterWith(crashing, [log('x')], { user: { name: 'ana' }, objects }), 'isvc/iris --logs');
    assert.equal(code, 1);
    assert.equal(report.findings[0]?.code, 'crash');
    assert.deepEqual(logEvidence(report), []);
    assert.deepEqual(report.unread, [
      {
        kind: 'Pod log',
        namespace: 'a',
        reason: 'forbidden: User "ana" cannot get resource "pods/log" in API group "" in the namespace "a"',
        hides: 'what container kserve-container of Pod iris-0 printed',
      },
    ]);
  });

  it('finds the log of an LLMInferenceService by its bare name', async () => {
    const labels = { 'app.kubernetes.io/part-of': 'llminferenceservice', 'app.kubernetes.io/name': 'opt' };
    const objects = [serviceNamed('opt', 'LLMInferenceService'), podOf('opt', crashing, labels)];
    const { report } = await doctor(fakeCluster({ objects, logs: [log('no GPU', { pod: 'opt-0' })], now: () => NOW }), 'opt --logs');
    assert.deepEqual(
      logEvidence(report)?.map(({ value }) => value),
      ['no GPU'],
    );
  });

  it('escapes and bounds what a container printed', async () => {
    const text = `${'x'.repeat(40_000)}\n\u001b[2Jcleared\n::error::x\n`;
    const cluster = clusterWith(crashing, [log(text)]);
    const { stdout } = await runCli({ argv: 'doctor iris -n a --logs', cluster, now: NOW });
    assert.ok(!stdout.includes('\u001b'));
    assert.match(stdout, /cleared/);
    assert.ok(stdout.length < 5_000, `${stdout.length}`);
    const { report } = await doctor(cluster, 'iris --logs');
    assert.ok((logEvidence(report)?.[0]?.value.length ?? 0) <= 4096);
  });

  it('reads the logs of at most twenty Pods, and says that there are more', async () => {
    const names = Array.from({ length: 23 }, (_, index) => `m${index}`);
    const objects = names.flatMap((name) => [serviceNamed(name), podOf(name, crashing)]);
    const cluster = fakeCluster({ objects, logs: names.map((name) => log('x', { pod: `${name}-0` })), now: () => NOW });
    const { report } = await doctor(cluster, '--logs');
    assert.equal(logRequests(cluster).length, 20);
    assert.equal(report.unread.filter((one) => 'kind' in one && one.kind === 'Pod log').length, 3);
  });

  it('takes a Pod whose name no path can hold for unread', async () => {
    const pod = podOf('iris', crashing);
    const cluster = fakeCluster({
      objects: [serviceNamed('iris'), { ...pod, metadata: { ...pod.metadata, name: '../x' } }],
      now: () => NOW,
    });
    const { code, report } = await doctor(cluster, 'iris --logs');
    assert.deepEqual([code, report.unread.length, logRequests(cluster)], [1, 1, []]);
  });

  it('is refused with files', async () => {
    assert.equal((await runCli({ argv: 'doctor -f x --logs' })).code, 2);
  });
});
