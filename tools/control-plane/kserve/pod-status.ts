import type { V1Pod, V1PodCondition } from '@kubernetes/client-node';
import { kubernetesTime } from './kubernetes-time.ts';
import type { ContainerStatus, PlayedPod } from './play-pod.ts';

/** The whole `status` to write. */
export function podStatus(pod: V1Pod, { phase, init, main }: PlayedPod, now: number): object {
  const initialized = init.every(({ state }) => state.terminated?.exitCode === 0);
  const ready = initialized && main.every((container) => container.ready);
  const time = kubernetesTime(now);
  const condition = (type: string, isTrue: boolean, reason: string, list: readonly ContainerStatus[], what: string) => ({
    type,
    status: isTrue ? 'True' : 'False',
    lastTransitionTime: time,
    lastProbeTime: null,
    ...(!isTrue && { reason, message: `containers with ${what} status: [${unreadyNames(list)}]` }),
  });
  const conditions = [
    condition('PodReadyToStartContainers', true, '', [], ''),
    condition('Initialized', initialized, 'ContainersNotInitialized', init, 'incomplete'),
    condition('Ready', ready, 'ContainersNotReady', main, 'unready'),
    condition('ContainersReady', ready, 'ContainersNotReady', main, 'unready'),
  ] satisfies (Omit<V1PodCondition, 'lastTransitionTime' | 'lastProbeTime'> & { lastTransitionTime: string })[];
  return {
    phase,
    conditions,
    startTime: time,
    hostIP: HOST_IP,
    hostIPs: [{ ip: HOST_IP }],
    podIP: POD_IP,
    podIPs: [{ ip: POD_IP }],
    qosClass: pod.status?.qosClass,
    ...(init.length > 0 && { initContainerStatuses: init }),
    containerStatuses: main,
  };
}

// Of the ranges for documentation: nothing answers there.
const HOST_IP = '192.0.2.10';
const POD_IP = '198.51.100.10';

function unreadyNames(containers: readonly ContainerStatus[]): string {
  return containers
    .filter(({ ready }) => !ready)
    .map(({ name }) => name)
    .join(' ');
}
