import { type Code, isCode } from '../../src/domain/doctor/catalogue/catalogue.ts';
import { diagnose } from '../../src/domain/doctor/diagnose.ts';
import { type FactInput, toFacts } from '../../src/domain/doctor/facts.ts';
import { isService, toService } from '../../src/domain/doctor/service.ts';
import type { Finding } from '../../src/domain/finding.ts';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';

/** When everything below was looked at, and when it was made. */
export const LOOKED_AT = '2026-11-29T12:00:00Z';
const MADE_AT = '2026-11-29T11:00:00Z';
const NAMESPACE = 'team-a';
const HASH = '7d4b9c6f5';

/** What KServe says of a service that has been made and whose Pods do not come up. */
export const PODS_MISSING = conditions({
  PredictorReady: ['False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.'],
  IngressReady: ['False', 'Predictor ingress not created'],
  Ready: ['False', 'Predictor ingress not created'],
});
export const READY = conditions({ PredictorReady: ['True', 'NewReplicaSetAvailable'], IngressReady: ['True'], Ready: ['True'] });
export const SILENT = conditions({ PredictorReady: ['Unknown'], IngressReady: ['Unknown'], Ready: ['Unknown'] });

type Said = readonly [status: string, reason?: string, message?: string];

/** Conditions as an object's status has them. */
export function conditions(said: Readonly<Record<string, Said>>): { readonly conditions: readonly object[] } {
  return {
    conditions: Object.entries(said).map(([type, [status, reason, message]]) => ({
      type,
      status,
      ...(reason !== undefined && { reason }),
      ...(message !== undefined && { message }),
      lastTransitionTime: MADE_AT,
    })),
  };
}

interface Meta {
  readonly name?: string;
  readonly namespace?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

function metadata(kind: string, { name = 'iris', namespace = NAMESPACE, ...more }: Meta): KubeObject['metadata'] {
  return { name, namespace, uid: `${kind}/${name}`, creationTimestamp: MADE_AT, ...more } as KubeObject['metadata'];
}

/** An object that a server has given out. */
export function observed(apiVersion: string, kind: string, meta: Meta, more: object = {}): KubeObject {
  return { apiVersion, kind, metadata: metadata(kind, meta), ...more };
}

/** A cluster-scoped one. */
export function shared(apiVersion: string, kind: string, name: string, more: object = {}): KubeObject {
  return { apiVersion, kind, metadata: { name, uid: `${kind}/${name}`, creationTimestamp: MADE_AT }, ...more };
}

interface ServiceOptions extends Meta {
  readonly status?: object;
  readonly predictor?: object;
  readonly spec?: object;
}

const MODEL = { model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://models/iris' } };

export function isvc({ status, predictor = MODEL, spec = {}, ...meta }: ServiceOptions = {}): KubeObject {
  const said = { deploymentMode: 'Standard', ...status };
  return observed('serving.kserve.io/v1beta1', 'InferenceService', meta, {
    spec: { predictor, ...spec },
    ...(status !== undefined && { status: said }),
  });
}

export function llm({ status, spec = {}, ...meta }: ServiceOptions = {}): KubeObject {
  return observed(
    'serving.kserve.io/v1alpha2',
    'LLMInferenceService',
    { name: 'opt', generation: 1, ...meta },
    { spec: { model: { uri: 'hf://facebook/opt-125m', name: 'opt' }, ...spec }, status: { observedGeneration: 1, ...status } },
  );
}

interface PodOptions extends Meta {
  readonly component?: string;
  readonly of?: 'isvc' | 'llm';
  readonly hash?: string;
  readonly status?: object;
  readonly spec?: object;
}

const OWNED = {
  isvc: (component: string) => ({ 'serving.kserve.io/inferenceservice': 'iris', component }),
  llm: (component: string) => ({
    'app.kubernetes.io/name': 'opt',
    'app.kubernetes.io/part-of': 'llminferenceservice',
    'app.kubernetes.io/component': component,
  }),
};

export function pod({ component, of = 'isvc', hash = HASH, status = {}, spec = {}, labels, ...meta }: PodOptions = {}): KubeObject {
  const part = component ?? (of === 'isvc' ? 'predictor' : 'llminferenceservice-workload');
  const base = of === 'isvc' ? `iris-${part}` : 'opt-kserve';
  const name = meta.name ?? `${base}-${hash}-x2x4z`;
  return observed(
    'v1',
    'Pod',
    { ...meta, name, labels: { ...OWNED[of](part), 'pod-template-hash': hash, ...labels } },
    { spec: { containers: [{ name: 'kserve-container', image: 'kserve/sklearnserver:v0.20.0' }], ...spec }, status },
  );
}

export function deployment({ component, of = 'isvc', hash = HASH, status = {}, spec = {}, ...meta }: PodOptions = {}): KubeObject {
  const part = component ?? (of === 'isvc' ? 'predictor' : 'llminferenceservice-workload');
  const name = meta.name ?? (of === 'isvc' ? `iris-${part}` : 'opt-kserve');
  const progress = `ReplicaSet "${name}-${hash}" is progressing.`;
  return observed(
    'apps/v1',
    'Deployment',
    { ...meta, name, labels: OWNED[of](part) },
    { spec: { replicas: 1, ...spec }, status: { ...conditions({ Progressing: ['True', 'ReplicaSetUpdated', progress] }), ...status } },
  );
}

/** What a kubelet says of a Pod whose containers are these. */
export function onNode(containerStatuses: readonly object[], initContainerStatuses: readonly object[] = [], more: object = {}): object {
  const is = containerStatuses.every((one) => (one as { ready?: boolean }).ready === true) ? 'True' : 'False';
  return {
    phase: 'Running',
    ...conditions({ PodScheduled: ['True'], PodReadyToStartContainers: ['True'], ContainersReady: [is], Ready: [is] }),
    containerStatuses,
    initContainerStatuses,
    ...more,
  };
}

type State = Readonly<Record<string, object>>;

export function container(name: string, state: State, more: object = {}): object {
  return { name, image: `registry.example/${name}:1`, ready: false, restartCount: 0, state, ...more };
}

export const up = (name: string): object => container(name, { running: { startedAt: MADE_AT } }, { ready: true });
export const done = (name: string): object => container(name, { terminated: { exitCode: 0, reason: 'Completed' } }, { ready: true });
export const waiting = (name: string, reason: string, message?: string, more: object = {}): object =>
  container(name, { waiting: { reason, ...(message !== undefined && { message }) } }, more);

/** A container that ended, is started again, and ends again. */
export function looping(name: string, last: object, restartCount = 5): object {
  const message = `back-off 5m0s restarting failed container=${name} pod=x`;
  return waiting(name, 'CrashLoopBackOff', message, {
    restartCount,
    lastState: { terminated: { reason: 'Error', exitCode: 1, ...last } },
  });
}

export const unscheduled = (message: string, reason = 'Unschedulable'): object => ({
  phase: 'Pending',
  ...conditions({ PodScheduled: ['False', reason, message] }),
});

let count = 0;

/** A warning about an object. */
export function warning(about: KubeObject, reason: string, message: string, more: object = {}): KubeObject {
  const involvedObject = { kind: about.kind, name: about.metadata.name, uid: about.metadata.uid };
  const event = { type: 'Warning', reason, message, involvedObject, count: 3, lastTimestamp: LOOKED_AT, ...more };
  return observed('v1', 'Event', { name: `event-${++count}` }, event);
}

/** A Deployment whose Pods the API server refuses, and what KServe makes of that. */
export function refused(message: string, of: 'isvc' | 'llm' = 'isvc'): readonly KubeObject[] {
  const status = conditions({ ReplicaFailure: ['True', 'FailedCreate', message] });
  if (of === 'llm') return [llm({ status: conditions({ Ready: ['False', 'Deployment'] }) }), deployment({ of, status })];
  const said = conditions({
    PredictorReady: ['False', 'FailedCreate', message],
    Ready: ['False', 'Predictor ingress not created'],
  });
  return [isvc({ status: said }), deployment({ status })];
}

/** What doctor finds of the first service among the objects, all of which were read. */
export function findingsOf(objects: readonly KubeObject[], more: Partial<FactInput> = {}): readonly Finding<Code>[] {
  const facts = toFacts({
    objects,
    isComplete: () => true,
    serves: () => 'unknown',
    now: new Date(LOOKED_AT),
    clockIsExact: true,
    ...more,
  });
  const service = objects.find(isService);
  if (service === undefined) throw new Error('no service among the objects');
  return diagnose(toService(service, facts));
}

/** The code of the first finding that is no mere information, or of the first at all; `ok` where there is none. */
export function rootOf(objects: readonly KubeObject[], more?: Partial<FactInput>): Code | 'ok' {
  const [first] = findingsOf(objects, more);
  if (first !== undefined && !isCode(first.code)) throw new Error(`${first.code} is not in the catalogue`);
  return first?.code ?? 'ok';
}
