import assert from 'node:assert/strict';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Kserve } from '../../../../tools/control-plane/kserve/kserve.ts';
import { failing } from '../../../../tools/control-plane/kserve/play-pod.ts';
import { describeKserve } from '../../../support/describe-real.ts';

const TIMEOUT_MS = 120_000;

describeKserve('the whole of KServe', (kserve) => {
  it('makes an InferenceService ready', async function () {
    this.timeout(TIMEOUT_MS);
    const { ready, runtime } = await untilSettled(kserve(), await createService(kserve()));
    assert.deepEqual({ ready, runtime }, { ready: 'True', runtime: 'kserve-sklearnserver' });
  });

  it('lets a Pod fail as its annotations say', async function () {
    this.timeout(TIMEOUT_MS);
    const path = await createService(kserve(), failing('crash', { message: 'no such file' }));
    const { failure } = await untilSettled(kserve(), path);
    assert.deepEqual(failure, { reason: 'ModelLoadFailed', message: 'no such file' });
  });

  it('refuses what its webhooks refuse', async () => {
    const path = `/apis/serving.kserve.io/v1beta1/namespaces/${await kserve().createNamespace()}/inferenceservices`;
    const { status, body } = await kserve().admin.request('POST', path, { body: service({}, { minReplicas: 3, maxReplicas: 2 }) });
    assert.equal(status, 403);
    assert.match(body.message, /^admission webhook "inferenceservice.kserve-webhook-server.validator" denied the request: /);
  });

  it('listens on loopback only', function () {
    if (process.platform !== 'linux') this.skip();
    const sockets = listening(descendants(kserve().supervisor.pid));
    assert.ok(sockets.length > 0);
    assert.deepEqual(
      sockets.filter((address) => address !== LOOPBACK),
      [],
    );
  });
});

function service(annotations: object = {}, predictor: object = {}): object {
  const model = { modelFormat: { name: 'sklearn' }, storageUri: 'gs://example/model' };
  return {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: { name: 'iris', annotations },
    spec: { predictor: { model, ...predictor } },
  };
}

/** Makes one in a namespace of its own, and returns its path. */
async function createService({ admin, createNamespace }: Kserve, annotations?: object): Promise<string> {
  const path = `/apis/serving.kserve.io/v1beta1/namespaces/${await createNamespace()}/inferenceservices`;
  const { status, body } = await admin.request('POST', path, { body: service(annotations) });
  assert.equal(status, 201, body.message);
  return `${path}/iris`;
}

interface Settled {
  readonly ready?: string;
  readonly runtime?: string;
  readonly failure?: { readonly reason: string; readonly message: string };
}

/** Waits until it is ready or has failed; mocha's timeout is the limit. */
async function untilSettled({ admin }: Kserve, path: string): Promise<Settled> {
  for (;;) {
    const { status } = await admin.get(path);
    const ready = status?.conditions?.find(({ type }: { type: string }) => type === 'Ready')?.status;
    const { reason, message } = status?.modelStatus?.lastFailureInfo ?? {};
    if (ready === 'True' || reason !== undefined) return { ready, runtime: status.clusterServingRuntimeName, failure: { reason, message } };
    await delay(100);
  }
}

/** 127.0.0.1 as /proc/net/tcp writes it. */
const LOOPBACK = '0100007F';

/** The addresses on which processes listen. */
function listening(pids: readonly number[]): string[] {
  const inodes = new Set(pids.flatMap(socketInodes));
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => columns[3] === '0A' && inodes.has(columns[9] ?? ''))
      .map((columns) => columns[1]?.split(':')[0] ?? ''),
  );
}

function socketInodes(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
    } catch {
      return []; // Closed in between.
    }
  });
}

function descendants(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  return [pid, ...children.flatMap(descendants)];
}
