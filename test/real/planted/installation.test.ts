import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '../../../src/cluster/cluster.ts';
import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';
import { grant } from '../../../tools/rbac-objects.ts';
import { connectReal } from '../../support/connect-real.ts';
import { describeKserve } from '../../support/describe-real.ts';
import { untilAuthorizerSaw } from '../../support/rbac-barrier.ts';
import { assertReport } from '../../support/report-schema.ts';
import { runCli } from '../../support/run-cli.ts';

const TIMEOUT_MS = 120_000;
const DEPLOYMENT = '/apis/apps/v1/namespaces/kserve/deployments/kserve-controller-manager';
const WEBHOOKS = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/servingruntime.serving.kserve.io';
const MERGE = { 'content-type': 'application/merge-patch+json' };

describeKserve('doctor without names, on a running KServe', (kserve) => {
  let namespace: string;
  let admin: Connection;
  let reader: Connection;
  before(async () => {
    namespace = await kserve().createNamespace();
    await kserve().admin.apply(...grant('reader', 'ned', { namespace }, ['get', 'list'], 'inferenceservices.serving.kserve.io'));
    await untilAuthorizerSaw(kserve().admin, namespace);
    admin = await connectReal(kserve(), 'admin');
    reader = await connectReal(kserve(), await kserve().addUser('ned'));
  });
  after(() => {
    for (const connection of [admin, reader]) connection?.close();
  });

  it('finds nothing wrong, and knows the version', async function () {
    this.timeout(TIMEOUT_MS);
    await untilAvailable(1);
    const { installation, findings, unread, summary } = await doctor(admin);
    // KServe ships no role for users.
    const codes = findings.map(({ code, severity }) => `${code} ${severity}`);
    assert.deepEqual([installation.version, codes, unread, summary.exitCode], ['0.20.0', ['rbac-runtimes-hidden info'], [], 0]);
  });

  it('says to a reader of one namespace what it could not see, and takes nothing of that for healthy', async function () {
    this.timeout(TIMEOUT_MS);
    const { findings, unread, summary } = await doctor(reader);
    assert.deepEqual(
      findings.filter(({ severity }) => severity === 'error'),
      [],
    );
    const hidden = unread.map(({ kind }) => kind);
    for (const kind of ['Deployment', 'ClusterServingRuntime', 'ConfigMap'])
      assert.ok(hidden.includes(kind), `${kind} is not among ${hidden}`);
    assert.equal(summary.exitCode, 4);
  });

  it('finds a controller without Pods', async function () {
    this.timeout(TIMEOUT_MS);
    const scale = (replicas: number) => kserve().admin.request('PATCH', DEPLOYMENT, { headers: MERGE, body: { spec: { replicas } } });
    await scale(0);
    try {
      await untilAvailable(0);
      assert.deepEqual(errorsOf(await doctor(admin)), ['controller-unavailable Deployment/kserve-controller-manager']);
    } finally {
      await scale(1);
      await untilAvailable(1);
    }
  });

  it('finds a webhook that the API server cannot trust', async function () {
    this.timeout(TIMEOUT_MS);
    const { webhooks } = (await kserve().admin.get(WEBHOOKS)) as { webhooks: { clientConfig: object }[] };
    const set = (body: object) => kserve().admin.request('PATCH', WEBHOOKS, { headers: MERGE, body });
    await set({ webhooks: webhooks.map((hook) => ({ ...hook, clientConfig: { ...hook.clientConfig, caBundle: null } })) });
    try {
      assert.deepEqual(errorsOf(await doctor(admin)), [
        'webhook-not-ready ValidatingWebhookConfiguration/servingruntime.serving.kserve.io',
      ]);
    } finally {
      await set({ webhooks });
    }
  });

  it('finds that there are no runtimes', async function () {
    this.timeout(TIMEOUT_MS);
    const path = '/apis/serving.kserve.io/v1alpha1/clusterservingruntimes';
    const { items } = (await kserve().admin.get(path)) as { items: KubeObject[] };
    await kserve().admin.request('DELETE', path);
    try {
      const codes = (await doctor(admin)).findings.map(({ code }) => code);
      assert.ok(codes.includes('runtimes-missing'), codes.join());
    } finally {
      // One after the other: the webhook compares each with those that are there.
      for (const { spec, metadata } of items) {
        await kserve().admin.apply({
          apiVersion: 'serving.kserve.io/v1alpha1',
          kind: 'ClusterServingRuntime',
          metadata: {
            name: metadata.name,
            ...(metadata.annotations && { annotations: metadata.annotations }),
            ...(metadata.labels && { labels: metadata.labels }),
          },
          spec,
        });
      }
    }
  });

  async function doctor({ cluster }: Connection): Promise<Report> {
    const argv = `doctor -n ${namespace} -o json`;
    const { stdout, stderr } = await runCli({ argv, cluster, now: new Date() });
    assert.notEqual(stdout, '', stderr);
    assertReport(stdout, argv);
    return JSON.parse(stdout) as Report;
  }

  async function untilAvailable(replicas: number): Promise<void> {
    while (((await kserve().admin.get(DEPLOYMENT)).status.availableReplicas ?? 0) !== replicas) await delay(100);
  }
});

interface Report {
  readonly installation: { readonly version?: string };
  readonly findings: readonly {
    readonly code: string;
    readonly severity: string;
    readonly object: { readonly kind: string; readonly name: string };
  }[];
  readonly unread: readonly { readonly kind: string }[];
  readonly summary: { readonly exitCode: number };
}

function errorsOf({ findings }: Report): readonly string[] {
  return findings.filter(({ severity }) => severity === 'error').map(({ code, object }) => `${code} ${object.kind}/${object.name}`);
}
