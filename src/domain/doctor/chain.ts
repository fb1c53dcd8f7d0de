import type { FindingObject } from '../finding.ts';
import { fieldOf, listOf, textOf } from '../kubernetes/json-value.ts';
import type { KubeObject } from '../kubernetes/resource.ts';
import { componentsOf } from './checks/workload.ts';
import { labelOf, nameOf } from './facts.ts';
import { containersOf } from './pods/container-status.ts';
import { at, conditionsOf, conditionText, isReadyPod, refOf, type Service } from './service.ts';

/** An object of a service, how it is, and what it made. */
export interface ChainNode extends FindingObject {
  readonly state: string;
  readonly healthy: boolean;
  readonly children: readonly ChainNode[];
}

/** From the service down to its Pods, as far as they were read. */
export function chainOf(service: Service): ChainNode {
  return {
    ...service.ref,
    state: serviceState(service),
    healthy: service.ready?.status === 'True' || service.stopped,
    children: [...knativeNodes(service), ...componentNodes(service)],
  };
}

function serviceState({ ready, stopped }: Service): string {
  if (stopped) return 'stopped';
  if (ready === undefined) return 'no status';
  const text = ready.status === 'True' ? '' : conditionText(ready);
  return text === '' ? `Ready=${ready.status}` : `Ready=${ready.status} (${text})`;
}

function componentNodes(service: Service): readonly ChainNode[] {
  return componentsOf(service).flatMap(({ deployment, pods }) => {
    const children = podNodes(pods);
    return deployment === undefined ? children : [deploymentNode(deployment, children)];
  });
}

function deploymentNode(deployment: KubeObject, children: readonly ChainNode[]): ChainNode {
  const count = (field: string): number => Number(textOf(at(deployment, 'status', field)) ?? 0);
  const wanted = Number(textOf(at(deployment, 'spec', 'replicas')) ?? 1);
  return {
    ...refOf(deployment),
    state: `${count('availableReplicas')} of ${wanted} available`,
    healthy: count('availableReplicas') >= wanted && wanted > 0,
    children,
  };
}

const MOST_PODS = 5;

/** The newest and the unready ones first; hundreds of equal ones say no more than a few. */
function podNodes(pods: readonly KubeObject[]): readonly ChainNode[] {
  const sorted = pods.toSorted((a, b) => Number(isReadyPod(a)) - Number(isReadyPod(b)));
  return sorted.slice(0, MOST_PODS).map((pod) => ({ ...refOf(pod), state: podState(pod), healthy: isReadyPod(pod), children: [] }));
}

function podState(pod: KubeObject): string {
  const phase = textOf(fieldOf(pod.status, 'phase')) ?? 'Unknown';
  if (isReadyPod(pod)) return 'Ready';
  const waiting = containersOf(pod).find(
    ({ waiting: state }) => state !== undefined && !['PodInitializing', 'ContainerCreating'].includes(state.reason),
  );
  return waiting?.waiting === undefined ? phase : `${phase}, ${waiting.name}: ${waiting.waiting.reason}`;
}

function knativeNodes(service: Service): readonly ChainNode[] {
  if (service.deploymentMode !== 'Knative') return [];
  const isOwn = (object: KubeObject): boolean =>
    labelOf(object, 'serving.kserve.io/inferenceservice') === service.ref.name ||
    listOf(object.metadata.ownerReferences).some((owner) => fieldOf(owner, 'name') === service.ref.name);
  return ['Configuration', 'Revision', 'Route'].flatMap((kind) =>
    service.facts.list(kind, service.ref.namespace).filter(isOwn).map(knativeNode),
  );
}

function knativeNode(object: KubeObject): ChainNode {
  const ready = conditionsOf(object).find(({ type }) => type === 'Ready');
  const text = ready === undefined || ready.status === 'True' ? '' : ` (${conditionText(ready)})`;
  return {
    kind: object.kind ?? '',
    name: nameOf(object),
    state: `Ready=${ready?.status ?? 'Unknown'}${text}`,
    healthy: ready?.status === 'True',
    children: [],
  };
}
