import { mkdir, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { atTeardown } from '../../teardown.ts';
import { type KserveBinaries, kserveBinaries } from '../binaries.ts';
import { type ControlPlane, startControlPlane, type Unavailable } from '../control-plane.ts';
import { installCrds } from '../crds.ts';
import { freePorts } from '../free-ports.ts';
import { KSERVE_NAMESPACE, type Manifests, readManifests } from './manifests.ts';
import { addNodes } from './nodes.ts';
import { playPods } from './play-pods.ts';

/**
 * A real API server with all that makes an InferenceService ready: KServe's controllers and webhooks, Kubernetes' own controllers
 * and scheduler, two nodes, and Pods that are played (`play-pod.ts`). Nothing listens on any address but loopback.
 */
export interface Kserve extends ControlPlane {
  /** Freezes KServe: a controller that has stopped working. */
  readonly pause: () => void;
  readonly resume: () => void;
}

let shared: Promise<Kserve | Unavailable> | undefined;

/** The one that all tests of a run share: started by the first that asks, stopped after the last. */
export function kserve(): Promise<Kserve | Unavailable> {
  shared ??= startKserve();
  return shared;
}

/** Starts one for the caller alone. */
export async function startKserve(): Promise<Kserve | Unavailable> {
  const binaries = await kserveBinaries();
  if (binaries.kind === 'unavailable') return binaries;
  const [plane, manifests] = await Promise.all([startControlPlane({ crds: 'none', checkServiceAccounts: true }), readManifests()]);
  if (plane.kind === 'unavailable') return plane;
  try {
    return await addKserve(plane, manifests, binaries);
  } catch (error) {
    await plane.stop();
    throw error;
  }
}

async function addKserve(plane: ControlPlane, manifests: Manifests, binaries: KserveBinaries): Promise<Kserve> {
  const { admin, supervisor } = plane;
  startControllers(plane, binaries.controllers);
  const player = playPods(admin);
  const stop = async () => {
    await player.stop();
    await plane.stop();
  };
  atTeardown(player.stop);
  await Promise.all([installCrds(admin, manifests.crds), addNodes(admin), admin.apply(namespace(KSERVE_NAMESPACE))]);
  await admin.apply(...manifests.config, ...(await certificates(plane)), ...manifests.deployments);
  const port = await startController(plane, binaries.kserve);
  await admin.apply(...manifests.webhooks(port, plane.authority));
  await Promise.all(manifests.defaults.map((object) => admin.apply(object)));
  return {
    ...plane,
    // A Pod needs the ServiceAccount of its namespace, which a controller makes.
    createNamespace: async (prefix) => {
      const name = await plane.createNamespace(prefix);
      await until(`the ServiceAccount of ${name}`, async () => {
        const { status } = await admin.request('GET', `/api/v1/namespaces/${name}/serviceaccounts/default`);
        return status === 200;
      });
      return name;
    },
    pause: () => supervisor.signal({ name: 'kserve', signal: 'SIGSTOP' }),
    resume: () => supervisor.signal({ name: 'kserve', signal: 'SIGCONT' }),
    stop,
  };
}

function namespace(name: string): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

/** What a certificate manager would give to the Pods of KServe's Deployments. */
async function certificates({ issue }: ControlPlane): Promise<readonly object[]> {
  const { certificate, key } = await issue({ commonName: 'kserve-webhook-server-service', usages: ['server'] });
  return ['kserve-webhook-server-cert', 'llmisvc-webhook-server-cert'].map((name) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: KSERVE_NAMESPACE },
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': certificate, 'tls.key': key },
  }));
}

const CONTROLLERS = [
  'deployment-controller',
  'replicaset-controller',
  'serviceaccount-controller',
  'root-ca-certificate-publisher-controller',
  'namespace-controller',
  'garbage-collector-controller',
  'resourcequota-controller',
  'persistentvolume-binder-controller',
  'horizontal-pod-autoscaler-controller',
  'endpointslice-controller',
];

/** kube-controller-manager and kube-scheduler: from a Deployment to a Pod on a node. Neither listens on any port. */
function startControllers({ supervisor, files, kubeconfig }: ControlPlane, binaries: string): void {
  const common = [`--kubeconfig=${kubeconfig('admin')}`, '--secure-port=0', '--leader-elect=false'];
  const flags = [
    `--service-account-private-key-file=${files['service-account-signing-key-file']}`,
    `--root-ca-file=${files['client-ca-file']}`,
    '--kube-api-qps=200',
    '--kube-api-burst=400',
    // The one that watches nodes is left out: it evicts Pods where the machine is slow.
    `--controllers=${CONTROLLERS.join(',')}`,
  ];
  for (const [name, args] of [
    ['kube-controller-manager', [...common, ...flags]],
    ['kube-scheduler', common],
  ] as const) {
    void supervisor.run({ name, command: join(binaries, name), args });
  }
}

const ATTEMPTS = 3;

/** Starts KServe and returns the port of its webhooks. It reads its configuration and looks for CRDs once, now. */
async function startController(plane: ControlPlane, binaries: string): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const [webhookPort, probePort] = (await freePorts(2)) as [number, number];
    try {
      await startOn(plane, binaries, webhookPort, probePort);
      return webhookPort;
    } catch (error) {
      // Somebody else took the port between the question and its use.
      if (attempt === ATTEMPTS || !String(error).includes('address already in use')) throw error;
    }
  }
}

async function startOn({ supervisor, kubeconfig, issue }: ControlPlane, binaries: string, webhookPort: number, probePort: number) {
  const certificates = join(supervisor.folder, 'kserve-webhooks');
  const { certificate, key } = await issue({ commonName: 'kserve-webhook-server-service', hosts: ['127.0.0.1'], usages: ['server'] });
  await mkdir(certificates, { recursive: true });
  await writeFile(join(certificates, 'tls.crt'), certificate);
  await writeFile(join(certificates, 'tls.key'), key, { mode: 0o600 });
  const ended = supervisor.run({
    name: 'kserve',
    command: join(binaries, 'kserve'),
    args: [
      `--kubeconfig=${kubeconfig('admin')}`,
      `--cert-dir=${certificates}`,
      `--webhook-port=${webhookPort}`,
      `--probe-port=${probePort}`,
    ],
    env: { ...process.env, POD_NAMESPACE: KSERVE_NAMESPACE },
  });
  let failure: string | undefined;
  void ended.then((end) => {
    failure = `KServe ended (${end.error ?? end.signal ?? end.code}):\n${supervisor.tail('kserve')}`;
  });
  await until('KServe', async () => {
    if (failure !== undefined) throw new Error(failure);
    return answersOk(`http://127.0.0.1:${probePort}/readyz`);
  }).catch((error) => Promise.reject(new Error(`${error.message}\n${supervisor.tail('kserve')}`)));
}

function answersOk(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    get(url, { agent: false }, (response) => resolve(response.resume().statusCode === 200)).once('error', () => resolve(false));
  });
}

const READY_MS = 120_000;
const POLL_MS = 50;

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what} is not there after ${READY_MS / 1_000} s`);
    await delay(POLL_MS);
  }
}
