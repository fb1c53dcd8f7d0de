import { fieldOf, listOf, textOf } from '../../src/domain/kubernetes/json-value.ts';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';

/** What a namespace holds that tells how its service fares. */
export interface Scene {
  readonly service: KubeObject;
  readonly pods: readonly KubeObject[];
  readonly deployments: readonly KubeObject[];
  readonly events: readonly KubeObject[];
}

/** Whether a namespace shows something. */
export type Shown = (scene: Scene) => boolean;

export function all(...shown: readonly Shown[]): Shown {
  return (scene) => shown.every((each) => each(scene));
}

/** A condition of the service, by its status and, where that is given, its reason. */
export function condition(type: string, status: string, reason?: string): Shown {
  return ({ service }) => has(service, type, status, reason);
}

export const ready = condition('Ready', 'True');

/** Pods cannot be made, and KServe says so. */
export const podsRefused = condition('PredictorReady', 'False', 'FailedCreate');

/** The Deployment lacks Pods that are ready, and KServe says so. */
export const podsNotReady = condition('PredictorReady', 'False', 'MinimumReplicasUnavailable');

/** KServe's last word on the model. */
export function failure(reason: string): Shown {
  return ({ service }) => {
    const models = fieldOf(fieldOf(service, 'status'), 'modelStatus');
    return textOf(fieldOf(fieldOf(models, 'lastFailureInfo'), 'reason')) === reason;
  };
}

export function event(reason: string): Shown {
  return ({ events }) => events.some((each) => each.reason === reason);
}

/** A container of a Pod waits for this reason. */
export function podWaits(reason: string): Shown {
  return ({ pods }) =>
    pods.some((pod) => containers(pod).some((each) => fieldOf(fieldOf(fieldOf(each, 'state'), 'waiting'), 'reason') === reason));
}

/** The storage initializer runs. */
export const initRuns: Shown = ({ pods }) =>
  pods.some((pod) => statuses(pod, 'initContainerStatuses').some((each) => fieldOf(fieldOf(each, 'state'), 'running') !== undefined));

export const unschedulablePod: Shown = ({ pods }) => pods.some((pod) => has(pod, 'PodScheduled', 'False', 'Unschedulable'));

export const unschedulable: Shown = all(podsNotReady, unschedulablePod);

/** A condition of a Deployment. */
export function deployment(type: string, status: string): Shown {
  return ({ deployments }) => deployments.some((each) => has(each, type, status));
}

function has(object: KubeObject, type: string, status: string, reason?: string): boolean {
  const conditions = listOf(fieldOf(fieldOf(object, 'status'), 'conditions'));
  return conditions.some(
    (each) =>
      fieldOf(each, 'type') === type && fieldOf(each, 'status') === status && (reason === undefined || fieldOf(each, 'reason') === reason),
  );
}

function containers(pod: KubeObject): readonly unknown[] {
  return [...statuses(pod, 'initContainerStatuses'), ...statuses(pod, 'containerStatuses')];
}

function statuses(pod: KubeObject, field: string): readonly unknown[] {
  return listOf(fieldOf(fieldOf(pod, 'status'), field));
}
