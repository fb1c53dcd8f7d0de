import type { V1Pod } from '@kubernetes/client-node';
import type { ApiClient } from '../client.ts';
import { kubernetesTime } from './kubernetes-time.ts';
import { FAILURE, type Missing, type PodEvent, playPod } from './play-pod.ts';
import { podStatus } from './pod-status.ts';

export interface Player {
  /** Rejects if a Pod could not be played. */
  readonly stop: () => Promise<void>;
}

/** Plays the kubelet of all nodes: Pods that the scheduler has placed become ready, or fail as their annotations and what they lack say. */
export function playPods(admin: ApiClient): Player {
  const stopping = new AbortController();
  const failures: unknown[] = [];
  /** What was played, by uid: a Pod with other annotations is played again. */
  const played = new Map<string, string>();
  const step = async (pod: V1Pod) => {
    const { uid = '', annotations, deletionTimestamp } = pod.metadata ?? {};
    const key = JSON.stringify(annotations ?? {});
    if (deletionTimestamp !== undefined) return remove(admin, pod);
    if (played.get(uid) === key) return;
    played.set(uid, key);
    await play(admin, pod);
  };
  const follow = async () => {
    while (!stopping.signal.aborted) {
      try {
        const events = admin.watch('/api/v1/pods?fieldSelector=spec.nodeName!%3D', stopping.signal);
        for await (const { type, object } of events) if (type === 'ADDED' || type === 'MODIFIED') await step(object as unknown as V1Pod);
      } catch (error) {
        if (!stopping.signal.aborted) failures.push(error);
      }
    }
  };
  const following = follow();
  return {
    stop: async () => {
      stopping.abort();
      await following;
      if (failures.length > 0) throw new AggregateError(failures, `Pods could not be played: ${failures[0]}`);
    },
  };
}

async function play(admin: ApiClient, pod: V1Pod): Promise<void> {
  const missing = pod.metadata?.annotations?.[FAILURE] === undefined ? await firstMissing(admin, pod) : undefined;
  const now = Date.now();
  const outcome = playPod(pod, missing, now);
  const status = podStatus(pod, outcome, now);
  const headers = { 'content-type': 'application/strategic-merge-patch+json' };
  expectOk(await admin.request('PATCH', `${podPath(pod)}/status`, { headers, body: { status } }), pod);
  for (const event of outcome.events) await writeEvent(admin, pod, event, now);
}

/** As the kubelet does when all containers have ended. */
async function remove(admin: ApiClient, pod: V1Pod): Promise<void> {
  expectOk(await admin.request('DELETE', podPath(pod), { body: { gracePeriodSeconds: 0 } }), pod);
}

function podPath({ metadata }: V1Pod): string {
  return `/api/v1/namespaces/${metadata?.namespace}/pods/${metadata?.name}`;
}

/** A Pod may go at any moment, and its namespace with it. */
function expectOk({ status, body }: Awaited<ReturnType<ApiClient['request']>>, pod: V1Pod): void {
  if (status >= 300 && status !== 404 && status !== 403) throw new Error(`${podPath(pod)}: ${status} ${body.message}`);
}

async function writeEvent(admin: ApiClient, pod: V1Pod, { type, reason, message, fieldPath }: PodEvent, now: number): Promise<void> {
  const { name, namespace, uid, resourceVersion } = pod.metadata ?? {};
  const time = kubernetesTime(now);
  const host = pod.spec?.nodeName;
  const body = {
    metadata: { generateName: `${name}.`, namespace },
    type,
    reason,
    message,
    count: 1,
    firstTimestamp: time,
    lastTimestamp: time,
    source: { component: 'kubelet', host },
    reportingComponent: 'kubelet',
    reportingInstance: host,
    involvedObject: { kind: 'Pod', apiVersion: 'v1', namespace, name, uid, resourceVersion, ...(fieldPath && { fieldPath }) },
  };
  expectOk(await admin.request('POST', `/api/v1/namespaces/${namespace}/events`, { body }), pod);
}

type SourceKind = 'secrets' | 'configmaps';

interface Source {
  readonly kind: SourceKind;
  readonly name?: string;
  readonly key?: string;
  readonly optional?: boolean;
  readonly container?: string;
  /** In the kubelet's words, before what is missing. */
  readonly prefix: string;
}

async function firstMissing(admin: ApiClient, pod: V1Pod): Promise<Missing | undefined> {
  const namespace = pod.metadata?.namespace ?? '';
  for (const { kind, name, key, optional, container, prefix } of sourcesOf(pod)) {
    if (optional || name === undefined) continue;
    const { status, body } = await admin.request('GET', `/api/v1/namespaces/${namespace}/${kind}/${name}`);
    const lacks =
      status === 404 ? `${WORDS[kind].toLowerCase()} "${name}" not found` : lackOfKey(body.data, kind, `${namespace}/${name}`, key);
    if (lacks !== undefined) return { text: `${prefix}${lacks}`, ...(container !== undefined && { container }) };
  }
  return undefined;
}

const WORDS: Readonly<Record<SourceKind, string>> = { secrets: 'Secret', configmaps: 'ConfigMap' };

function lackOfKey(data: object | undefined, kind: SourceKind, name: string, key: string | undefined): string | undefined {
  return key === undefined || Object.hasOwn(data ?? {}, key) ? undefined : `couldn't find key ${key} in ${WORDS[kind]} ${name}`;
}

/** Volumes first, then the environment of each container in the order in which they start. */
function* sourcesOf({ spec }: V1Pod): Generator<Source> {
  for (const { name: volume, secret, configMap } of spec?.volumes ?? []) {
    const prefix = `MountVolume.SetUp failed for volume "${volume}" : `;
    if (secret)
      yield { kind: 'secrets', prefix, ...(secret.secretName && { name: secret.secretName }), optional: secret.optional ?? false };
    if (configMap)
      yield { kind: 'configmaps', prefix, ...(configMap.name && { name: configMap.name }), optional: configMap.optional ?? false };
  }
  for (const { name: container, env = [], envFrom = [] } of [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]) {
    for (const { secretRef, configMapRef } of envFrom) {
      if (secretRef) yield { kind: 'secrets', container, prefix: '', ...secretRef };
      if (configMapRef) yield { kind: 'configmaps', container, prefix: '', ...configMapRef };
    }
    for (const { valueFrom } of env) {
      if (valueFrom?.secretKeyRef) yield { kind: 'secrets', container, prefix: '', ...valueFrom.secretKeyRef };
      if (valueFrom?.configMapKeyRef) yield { kind: 'configmaps', container, prefix: '', ...valueFrom.configMapKeyRef };
    }
  }
}
