import { setTimeout as delay } from 'node:timers/promises';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import type { ApiClient } from '../control-plane/client.ts';
import type { Kserve } from '../control-plane/kserve/kserve.ts';
import { KSERVE_NAMESPACE } from '../control-plane/kserve/manifests.ts';
import { type ClusterState, inferenceService } from './planted-failure.ts';

/** Puts the whole cluster into a state; the function that this resolves to puts it back. */
export function enterClusterState(kserve: Kserve, state: ClusterState): Promise<() => Promise<void>> {
  return STATES[state](kserve);
}

const STATES: Readonly<Record<ClusterState, (kserve: Kserve) => Promise<() => Promise<void>>>> = {
  'no-gateway': ({ admin }) => changeIngress(admin, { enableGatewayApi: true }),
  'idle-gateway': async ({ admin }) => {
    await admin.apply(GATEWAY);
    const back = await changeIngress(admin, { enableGatewayApi: true });
    return async () => {
      await back();
      await admin.delete(GATEWAY);
    };
  },
  'no-ingress-gateway': ({ admin }) => changeIngress(admin, { ingressGateway: '' }),
  'webhooks-gone': async (kserve) => {
    const back = await moveWebhooks(kserve, 'Fail', ({ status }) => status === 500);
    kserve.pause();
    return async () => {
      kserve.resume();
      await back();
    };
  },
  'kserve-gone': async (kserve) => {
    const back = await moveWebhooks(kserve, 'Ignore', (answer) => !isDefaulted(answer));
    kserve.pause();
    return async () => {
      kserve.resume();
      await back();
    };
  },
  'no-llm-template': async ({ admin }) => {
    const path = `/apis/serving.kserve.io/v1alpha2/namespaces/${KSERVE_NAMESPACE}/llminferenceserviceconfigs/kserve-config-llm-template`;
    const { apiVersion, kind, metadata, spec } = (await admin.get(path)) as KubeObject;
    const { name, namespace } = metadata;
    await admin.delete({ apiVersion, kind, metadata: { name, namespace } });
    return async () => void (await admin.apply({ apiVersion, kind, metadata: { name, namespace }, spec }));
  },
};

/** The one that KServe's configuration names. */
const GATEWAY: KubeObject = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { namespace: KSERVE_NAMESPACE, name: 'kserve-ingress-gateway' },
  spec: { gatewayClassName: 'nobodys', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
};

const MERGE = { 'content-type': 'application/merge-patch+json' };

/** KServe reads its configuration anew for each service. */
async function changeIngress(admin: ApiClient, changes: object): Promise<() => Promise<void>> {
  const path = `/api/v1/namespaces/${KSERVE_NAMESPACE}/configmaps/inferenceservice-config`;
  const { ingress } = (await admin.get(path)).data as { ingress: string };
  const set = (value: string) => admin.request('PATCH', path, { headers: MERGE, body: { data: { ingress: value } } });
  await set(JSON.stringify({ ...JSON.parse(ingress), ...changes }));
  return async () => void (await set(ingress));
}

interface Webhook {
  readonly clientConfig: { readonly url: string };
}

interface Answer {
  readonly status: number;
  readonly body: KubeObject;
}

const ADMISSION = '/apis/admissionregistration.k8s.io/v1';
const NAME = 'inferenceservice.serving.kserve.io';
const CONFIGURATIONS = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'].map(
  (plural) => `${ADMISSION}/${plural}/${NAME}`,
);

/** Points the webhooks of InferenceServices and Pods where nobody listens. The API server takes a moment to notice: `effective` tells. */
async function moveWebhooks(
  { admin }: Kserve,
  failurePolicy: string,
  effective: (answer: Answer) => boolean,
): Promise<() => Promise<void>> {
  const before = await Promise.all(CONFIGURATIONS.map(async (path) => ((await admin.get(path)) as { webhooks: Webhook[] }).webhooks));
  const set = async (change: (webhook: Webhook) => object) => {
    for (const [index, path] of CONFIGURATIONS.entries()) {
      await admin.request('PATCH', path, { headers: MERGE, body: { webhooks: before[index]?.map(change) } });
    }
  };
  const nowhere = ({ clientConfig, ...webhook }: Webhook) => {
    const url = new URL(clientConfig.url);
    url.port = '1';
    return { ...webhook, failurePolicy, clientConfig: { ...clientConfig, url: url.href } };
  };
  await set(nowhere);
  await untilAnswer(admin, effective);
  return async () => {
    await set((webhook) => webhook);
    await untilAnswer(admin, isDefaulted);
  };
}

/** Whether KServe's webhook has seen a service: it writes the model's format into an annotation. */
function isDefaulted({ status, body }: Answer): boolean {
  return status === 201 && body.metadata.annotations?.modelFormat !== undefined;
}

async function untilAnswer(admin: ApiClient, expected: (answer: Answer) => boolean): Promise<void> {
  const path = '/apis/serving.kserve.io/v1beta1/namespaces/default/inferenceservices?dryRun=All';
  while (!expected(await admin.request('POST', path, { body: inferenceService() }))) await delay(100);
}
