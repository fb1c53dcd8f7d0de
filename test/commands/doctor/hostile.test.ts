import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diagnose } from '../../../src/domain/doctor/diagnose.ts';
import { toFacts } from '../../../src/domain/doctor/facts.ts';
import { toService } from '../../../src/domain/doctor/service.ts';
import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';
import { assertReport } from '../../support/report-schema.ts';
import { runCli } from '../../support/run-cli.ts';

const NOW = '2026-11-29T12:00:00Z';
const ISVC = { 'serving.kserve.io/inferenceservice': 'iris' };
const condition = (type: string, status: string, more = {}) => ({ type, status, lastTransitionTime: NOW, ...more });
const service = (status: unknown, more: object = {}): KubeObject => ({
  apiVersion: 'serving.kserve.io/v1beta1',
  kind: 'InferenceService',
  metadata: { name: 'iris', namespace: 'a', uid: 'u1', creationTimestamp: NOW, annotations: {}, ...more },
  spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 'gs://a/b' } } },
  status,
});
const pod = (status: unknown, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'iris-predictor-x', namespace: 'a', uid: 'p1', creationTimestamp: NOW, labels: ISVC, ...more },
  spec: {},
  status,
});
const notReady = {
  conditions: [
    condition('PredictorReady', 'False', { reason: 'MinimumReplicasUnavailable' }),
    condition('Ready', 'False', { reason: 'Predictor ingress not created' }),
  ],
};

describe('doctor, of hostile objects', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const doctor = async (items: readonly KubeObject[], words = '') => {
    const file = join(folder, 'dump.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    return runCli({ argv: `doctor -f ${file} --offline ${words}` });
  };
  const crash = (message: string) =>
    pod({
      phase: 'Running',
      containerStatuses: [
        {
          name: 'kserve-container',
          ready: false,
          restartCount: 4,
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: { terminated: { exitCode: 1, reason: 'Error', message } },
        },
      ],
    });

  for (const format of ['', '-o github', '-o junit']) {
    it(`sends no control character of a server to a terminal ${format}`, async () => {
      const { stdout } = await doctor([service(notReady), crash('\u001b]0;x\u0007 \u202e evil \u009b31m\u0000')], format);
      assert.match(stdout, /evil/);
      assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    });
  }

  it('quotes the names of a command to paste, and asks for the log of the run that ended', async () => {
    const hostile = JSON.parse(JSON.stringify(crash('x')).replaceAll('"kserve-container"', '"a; reboot"')) as KubeObject;
    const { stdout } = await doctor([service(notReady), hostile]);
    assert.ok(stdout.includes("    kubectl logs iris-predictor-x -n a -c 'a; reboot' --previous --tail=50\n"), stdout);
    const stopped = service(notReady, { name: '$(reboot)', annotations: { 'serving.kserve.io/stop': 'true' } });
    const { stdout: shown } = await doctor([stopped], '--fail-on=info');
    assert.ok(shown.includes("kubectl annotate inferenceservice '$(reboot)' -n a serving.kserve.io/stop-"), shown);
  });

  it('shows the end of a message of 10 MB, and cuts its evidence', async () => {
    const { stdout } = await doctor([service(notReady), crash(`${'x'.repeat(10_000_000)}\nValueError: the end`)], '-o json');
    assertReport(stdout, '-o json');
    assert.ok(stdout.length < 50_000);
    assert.match(stdout, /ends with exit code 1: ValueError: the end/);
  });

  it('takes owners that own each other as they are', async () => {
    const owners = (uid: string) => ({ ownerReferences: [{ kind: 'Pod', name: 'iris-predictor-x', uid }] });
    const { code } = await doctor([service(notReady, owners('p1')), pod({ phase: 'Pending' }, owners('u1'))]);
    assert.equal(code, 0);
  });

  it('finds the one that matters among 100,000 Events', () => {
    const events = Array.from(
      { length: 100_000 },
      (_, index): KubeObject => ({
        kind: 'Event',
        metadata: { name: `e${index}`, namespace: 'a' },
        type: 'Warning',
        reason: 'Unhealthy',
        message: `probe ${index}`,
        involvedObject: { uid: index === 50_000 ? 'p1' : `other-${index}` },
      }),
    );
    const running = pod({ phase: 'Running', containerStatuses: [{ name: 'kserve-container', ready: false, state: { running: {} } }] });
    const facts = toFacts({
      objects: [service(notReady), running, ...events],
      isComplete: () => true,
      serves: () => 'unknown',
      now: new Date(NOW),
      clockIsExact: true,
    });
    assert.equal(diagnose(toService(service(notReady), facts))[0]?.code, 'probe-failed');
  });

  it('counts no time backwards where a clock is ahead', async () => {
    const { stdout, code } = await doctor(
      [service({ conditions: [{ ...condition('Ready', 'True'), lastTransitionTime: '2999-01-01T00:00:00Z' }] })],
      `--now ${NOW}`,
    );
    assert.match(stdout, /ready for <invalid>/);
    assert.equal(code, 4);
  });

  it('says that a service is half deleted', async () => {
    const { stdout } = await doctor(
      [
        service(notReady, { deletionTimestamp: '2026-11-29T10:00:00Z', finalizers: ['inferenceservice.finalizers'] }),
        pod({ phase: 'Running' }, { deletionTimestamp: NOW }),
      ],
      `--now ${NOW}`,
    );
    assert.match(stdout, /has been terminating since 2026-11-29T10:00:00Z/);
  });

  it('never takes a dump that lacks kinds for healthy', async () => {
    const { stdout, code } = await doctor([service({ conditions: [condition('Ready', 'True')] })], '-o json');
    assert.equal(code, 4);
    const { unread } = JSON.parse(stdout) as { unread: readonly { kind: string }[] };
    assert.deepEqual(
      unread.map(({ kind }) => kind),
      ['Pod', 'Deployment', 'Event'],
    );
  });

  it('lives with objects that are nothing like what they should be', async () => {
    const odd = [
      null,
      1,
      'x',
      [],
      {},
      { conditions: 'x' },
      { conditions: [null, 1, {}] },
      { containerStatuses: [null, { state: 1 }], conditions: [{ type: 'PodScheduled', status: 'False' }] },
    ];
    for (const status of odd) {
      const { code, stderr } = await doctor(
        [
          service(status),
          pod(status),
          { kind: 'Deployment', metadata: { name: 'd', namespace: 'a', uid: 'd', labels: ISVC }, status } as KubeObject,
        ],
        '-o json',
      );
      assert.ok(code === 0 || code === 1 || code === 4, stderr);
    }
  });

  const waiting = { conditions: [condition('PredictorReady', 'Unknown'), condition('Ready', 'Unknown')] };
  const fetching = (storageUri: string, ...more: readonly KubeObject[]) => [
    { ...service(waiting), spec: { predictor: { model: { modelFormat: { name: 'x' }, storageUri } } } },
    ...more,
  ];
  const unscheduled = (message: string) =>
    pod({ phase: 'Pending', conditions: [condition('PodScheduled', 'False', { reason: 'Unschedulable', message })] });
  const container = (regex: string): KubeObject => ({
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'ClusterStorageContainer',
    metadata: { name: 'c', uid: 'c1' },
    spec: { supportedUriFormats: [{ regex }] },
  });
  const failing = (message: string) => ({
    conditions: [condition('PredictorReady', 'False', { reason: 'ReconcileFailed', message }), condition('Ready', 'False')],
  });
  const slow: readonly (readonly [string, readonly KubeObject[]])[] = [
    ['a storage URI of one word', fetching('a'.repeat(300_000))],
    ['a storage URI of many schemes', fetching(`${'https://'.repeat(60_000)}blob.core.windows.net`)],
    ['an expression of choices in a repeat', fetching(`s4://${'a'.repeat(60)}!`, container('s4://(a|a)*$'))],
    ['an expression of many repeats', fetching(`s4://${'a'.repeat(2_000)}!`, container('.*.*.*.*.*.*.*x'))],
    ['an expression of many choices', fetching(`s4://${'a'.repeat(60)}!`, container(`s4://${'(a|a|aa)'.repeat(40)}$`))],
    ['a refusal that repeats a word', [service(failing(`admission webhook refused: ${'host '.repeat(100_000)}`))]],
    ['a message with a long gap', [service(notReady), unscheduled(`0/3 nodes are available${' '.repeat(300_000)}.`)]],
  ];
  for (const [what, objects] of slow) {
    it(`comes to an end with ${what}`, async () => {
      assert.notEqual((await doctor(objects)).code, 3);
    });
  }

  it('reads expressions of storage containers that are harmless', async () => {
    const codes = async (uri: string) => (await doctor(fetching(uri, container('s4://(.+)/(.+)')), '-o json')).stdout;
    assert.doesNotMatch(await codes('s4://a/b'), /storage-uri-unsupported/);
    assert.match(await codes('s4://a'), /storage-uri-unsupported/);
  });

  it('shows any number of objects', async () => {
    const revisions = Array.from(
      { length: 130_000 },
      (_, index): KubeObject => ({
        apiVersion: 'serving.knative.dev/v1',
        kind: 'Revision',
        metadata: { name: `r${index}`, namespace: 'a', uid: `r${index}`, labels: ISVC },
      }),
    );
    const knative = service(notReady, { annotations: { 'serving.kserve.io/deploymentMode': 'Knative' } });
    assert.equal((await doctor([knative, ...revisions])).code, 1);
  });

  for (const apiVersion of [null, 1, true, [], {}, { toString: 7 }]) {
    it(`leaves alone what is of no API, such as ${JSON.stringify(apiVersion)}`, async () => {
      const object = { apiVersion, kind: 'InferenceService', metadata: { name: 'x' } } as unknown as KubeObject;
      assert.doesNotMatch((await doctor([object])).stderr, /internal/);
    });
  }

  for (const time of ['garbage', undefined, '2999-01-01T00:00:00Z', 1, null]) {
    it(`takes nothing for new that was made at ${String(time)}`, async () => {
      const created = { creationTimestamp: time as string };
      const found = await doctor([service(undefined, created)], `--now ${NOW} -o json`);
      assert.match(found.stdout, /"code": "controller-not-running"/);
      assert.equal(found.code, 1);
      const unready = { conditions: [{ type: 'Ready', status: 'False', message: 'no', lastTransitionTime: time }] };
      assert.match((await doctor([service(unready)], `--now ${NOW} -o json`)).stdout, /"code": "not-ready"/);
      assert.match((await doctor([service(notReady, { deletionTimestamp: time ?? 'x' })], `--now ${NOW}`)).stdout, /^! .* deleting$/m);
    });
  }

  it('cuts what it says of a text of 10 MB', async () => {
    const message = 'x'.repeat(10_000_000);
    const llm = { ...service({ conditions: [condition('PresetsCombined', 'False', { message })] }), kind: 'LLMInferenceService' };
    const { stdout } = await doctor([llm, service(notReady, { deletionTimestamp: message })], '-o json');
    assert.match(stdout, /llm-config-invalid/);
    assert.ok(stdout.length < 100_000, String(stdout.length));
  });

  it('passes no command on to what keeps the log of a CI job', async () => {
    for (const format of ['', '-o wide', '-o github', '-o name']) {
      const { stdout } = await doctor([service(notReady), crash('a\n::stop-commands::b\n  ::add-mask::c')], format);
      assert.doesNotMatch(stdout, /^\s*::(?!error |warning |notice )/m, format);
    }
  });

  it('takes no service for ready that is said to be ready and not ready', async () => {
    const [yes, no] = [condition('Ready', 'True'), condition('Ready', 'False', { message: 'the Pod is gone' })];
    for (const conditions of [
      [yes, no],
      [no, yes],
    ]) {
      const { stdout, code } = await doctor([service({ conditions })]);
      assert.match(stdout, /not ready: the Pod is gone/);
      assert.notEqual(code, 0);
    }
  });

  it('takes no name for an option of kubectl', async () => {
    const name = '--server=evil.example';
    const stopped = service(notReady, { name, annotations: { 'serving.kserve.io/stop': 'true' } });
    assert.match((await doctor([stopped])).stdout, /kubectl annotate inferenceservice\/--server=evil\.example -n a /);
    const crashed = { ...crash('x'), metadata: { ...crash('x').metadata, name } };
    assert.match((await doctor([service(notReady), crashed])).stdout, /kubectl logs pod\/--server=evil\.example -n a /);
  });

  it('takes no clock of a dump from what is no time', async () => {
    const later = pod({ phase: 'Pending' }, { creationTimestamp: '9999-99-99T99:99:99Z' });
    const since = { conditions: [condition('Ready', 'False', { message: 'no', lastTransitionTime: '2026-11-29T11:00:00Z' })] };
    assert.match((await doctor([service(since), later])).stdout, /not ready for 60m/);
  });
});
