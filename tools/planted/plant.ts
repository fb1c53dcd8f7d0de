import { setTimeout as delay } from 'node:timers/promises';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import type { Kserve } from '../control-plane/kserve/kserve.ts';
import { enterClusterState } from './cluster-state.ts';
import type { PlantedFailure } from './planted-failure.ts';
import { ready, type Scene, type Shown } from './shown.ts';

/** A failure that the cluster shows by now. */
export interface Planted {
  readonly failure: PlantedFailure;
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
}

/** Plants failures side by side, each in a namespace of its own, and waits until the cluster shows them all. */
export async function plantAll(kserve: Kserve, failures: readonly PlantedFailure[]): Promise<readonly Planted[]> {
  const outcomes = await Promise.allSettled(
    failures.map(async (failure) => {
      const planted = await create(kserve, failure);
      await untilChangedAndShown(kserve, planted);
      return planted;
    }),
  );
  const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  if (errors.length > 0) throw new AggregateError(errors, errors.join('\n'));
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}

/** Plants one that needs the whole cluster, has it used, and puts the cluster back. */
export async function plantAlone<T>(kserve: Kserve, failure: PlantedFailure, use: (planted: Planted) => Promise<T>): Promise<T> {
  if (failure.cluster === undefined) throw new Error(`${failure.name} needs no cluster of its own`);
  // What happens to a service that was well.
  const earlier = failure.cluster === 'webhooks-gone' ? await create(kserve, failure) : undefined;
  if (earlier !== undefined) await until(kserve, earlier, ready);
  const leave = await enterClusterState(kserve, failure.cluster);
  try {
    if (earlier !== undefined) await kserve.admin.request('DELETE', `/api/v1/namespaces/${earlier.namespace}/pods`);
    const planted = earlier ?? (await create(kserve, failure));
    await untilChangedAndShown(kserve, planted);
    return await use(planted);
  } finally {
    await leave();
  }
}

async function create({ createNamespace, admin }: Kserve, failure: PlantedFailure): Promise<Planted> {
  const namespace = await createNamespace('planted');
  const { namespaceLabels: labels, objects } = failure;
  if (labels !== undefined) await admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } });
  await admin.apply(...objects.map((object) => ({ ...object, metadata: { ...object.metadata, namespace } })));
  const { kind = '', metadata } = objects.at(-1) as KubeObject;
  return { failure, namespace, kind, name: metadata.name ?? '' };
}

async function untilChangedAndShown(kserve: Kserve, planted: Planted): Promise<void> {
  const { change, shown } = planted.failure;
  if (change !== undefined) {
    await until(kserve, planted, change.once);
    const headers = { 'content-type': 'application/merge-patch+json' };
    const { status, body } = await kserve.admin.request('PATCH', servicePath(planted), { headers, body: change.patch });
    if (status !== 200) throw new Error(`${planted.failure.name}: ${body.message}`);
  }
  await until(kserve, planted, shown);
}

const SHOWN_MS = 120_000;
const POLL_MS = 250;

async function until(kserve: Kserve, planted: Planted, shown: Shown): Promise<void> {
  const deadline = Date.now() + SHOWN_MS;
  for (;;) {
    const scene = await look(kserve, planted);
    if (shown(scene)) return;
    if (Date.now() > deadline) {
      throw new Error(
        `${planted.failure.name} is not shown after ${SHOWN_MS / 1_000} s:\n${JSON.stringify(scene.service.status, null, 1)}`,
      );
    }
    await delay(POLL_MS);
  }
}

async function look({ admin }: Kserve, planted: Planted): Promise<Scene> {
  const core = `/api/v1/namespaces/${planted.namespace}`;
  const [service, pods, deployments, events] = await Promise.all([
    admin.get(servicePath(planted)),
    admin.get(`${core}/pods`),
    admin.get(`/apis/apps/v1/namespaces/${planted.namespace}/deployments`),
    admin.get(`${core}/events`),
  ]);
  return { service, pods: pods.items, deployments: deployments.items, events: events.items };
}

function servicePath({ namespace, kind, name }: Planted): string {
  const [version, plural] = kind === 'InferenceService' ? ['v1beta1', 'inferenceservices'] : ['v1alpha2', 'llminferenceservices'];
  return `/apis/serving.kserve.io/${version}/namespaces/${namespace}/${plural}/${name}`;
}
