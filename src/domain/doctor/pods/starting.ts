import type { Finding } from '../../finding.ts';
import { fieldOf, listOf, textOf } from '../../kubernetes/json-value.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf, found, sentence } from '../check.ts';
import { annotationOf, labelOf, namespaceOf } from '../facts.ts';
import { missingConfigIn, missingFix, missingText } from '../missing.ts';
import { at, conditionOf, isReadyPod, refOf, SOURCE_URI } from '../service.ts';
import { containerField, containersOf, isStorageInitializer } from './container-status.ts';
import type { PodFacts } from './problem.ts';

/** KServe's webhook was to add the initializer; pvc:// and oci:// models need none. */
export function initializerMissing({ pod, facts }: PodFacts): Finding<Code> | undefined {
  const uri = annotationOf(pod, SOURCE_URI);
  if (uri === undefined || /^(?:pvc|oci|oci\+native):\/\//.test(uri) || isLocalModel(pod)) return undefined;
  const names = listOf(at(pod, 'spec', 'initContainers')).map((container) => textOf(fieldOf(container, 'name')) ?? '');
  if (names.some((name) => isStorageInitializer({ name, isInit: true }))) return undefined;
  const ref = refOf(pod);
  const namespace = facts.find('Namespace', undefined, namespaceOf(pod) ?? '');
  const label = namespace && labelOf(namespace, 'control-plane');
  const cause =
    label === undefined
      ? "likely because KServe's webhook was not called when it was created"
      : `because the namespace "${namespaceOf(pod)}" has the label control-plane`;
  return found('initializer-not-injected', ref, `Pod ${ref.name} has no storage initializer, so the model is not fetched, ${cause}`, {
    field: 'spec.initContainers',
    evidence: [
      evidenceOf(ref, `metadata.annotations[${SOURCE_URI}]`, uri),
      evidenceOf(ref, 'spec.initContainers', names.join(', ') || '<none>'),
      ...(namespace === undefined || label === undefined ? [] : [evidenceOf(refOf(namespace), 'metadata.labels[control-plane]', label)]),
    ],
  });
}

/** A model from a cache on the node is mounted. */
function isLocalModel(pod: PodFacts['pod']): boolean {
  return (
    labelOf(pod, 'internal.serving.kserve.io/localmodel') !== undefined ||
    annotationOf(pod, 'internal.serving.kserve.io/localmodel-pvc-name') !== undefined
  );
}

/** Evicted, preempted, or of a node that has gone. */
export function endedByNode({ pod }: PodFacts): Finding<Code> | undefined {
  const phase = textOf(fieldOf(pod.status, 'phase'));
  if (phase !== 'Failed' && phase !== 'Unknown') return undefined;
  const ref = refOf(pod);
  const [reason, message] = ['reason', 'message'].map((field) => textOf(fieldOf(pod.status, field)) ?? '');
  return found(
    'pod-failed',
    ref,
    `Pod ${ref.name} ${phase === 'Failed' ? 'has failed' : 'is lost'}: ${sentence([reason, message].filter((text) => text !== '').join(': ') || 'its node gives no reason')}`,
    {
      field: 'status.phase',
      evidence: [evidenceOf(ref, 'status.reason', reason ?? ''), evidenceOf(ref, 'status.message', message ?? '')],
    },
  );
}

/** Said by a kubelet that has not read the Secrets and ConfigMaps of a new Pod yet; it tries again at once. */
const PASSING_MOUNT = /failed to sync (?:secret|configmap) cache|object "[^"]*"\/"[^"]*" not registered/;

/** The kubelet waits for a volume. */
export function mountProblem({ pod, facts }: PodFacts): Finding<Code> | undefined {
  if (isReadyPod(pod) || containersOf(pod).some(({ running }) => running)) return undefined;
  const warning = facts
    .warningsOf(pod)
    .find(
      ({ reason, message }) => ['FailedMount', 'FailedAttachVolume', 'FailedMapVolume'].includes(reason) && !PASSING_MOUNT.test(message),
    );
  const ref = refOf(pod);
  if (warning !== undefined) {
    const missing = missingConfigIn(warning.message, ref.namespace);
    const why = missing === undefined ? sentence(warning.message) : missingText(missing);
    return found(missing === undefined ? 'mount-failed' : 'config-missing', ref, `a volume of Pod ${ref.name} cannot be mounted: ${why}`, {
      evidence: [evidenceOf(ref, `Event ${warning.reason}`, warning.message)],
      fix: missing && missingFix(missing),
    });
  }
  const sandbox = facts
    .warningsOf(pod)
    .find(({ reason }) => ['FailedCreatePodSandBox', 'FailedCreatePodContainer', 'NetworkNotReady'].includes(reason));
  if (sandbox === undefined) return undefined;
  return found('container-not-started', ref, `Pod ${ref.name} cannot be started on its node: ${sentence(sandbox.message)}`, {
    evidence: [evidenceOf(ref, `Event ${sandbox.reason}`, sandbox.message)],
  });
}

/** All containers are ready, and the Pod is not: its node is gone, or a gate is closed. */
export function lostPod({ pod, facts }: PodFacts): Finding<Code> | undefined {
  const ready = conditionOf(pod, 'Ready');
  const containers = containersOf(pod).filter(({ isInit }) => !isInit);
  if (ready?.status !== 'False' || containers.length === 0 || !containers.every((container) => container.ready)) return undefined;
  const ref = refOf(pod);
  const warning = facts.warningsOf(pod).find(({ reason }) => reason === 'NodeNotReady');
  if (warning !== undefined) {
    return found('pod-failed', ref, `the node of Pod ${ref.name} is not ready, so nobody knows whether the Pod still runs`, {
      field: 'status.conditions[Ready]',
      evidence: [
        evidenceOf(ref, `Event ${warning.reason}`, warning.message),
        evidenceOf(ref, 'spec.nodeName', textOf(at(pod, 'spec', 'nodeName')) ?? '<unset>'),
      ],
      fix: { text: 'look at the node and its kubelet; the Pod is replaced once it is deleted' },
    });
  }
  if (ready.reason !== 'ReadinessGatesNotReady') return undefined;
  return found('not-ready', ref, `Pod ${ref.name} waits for a readiness gate: ${sentence(ready.message)}`, {
    field: 'status.conditions[Ready]',
    evidence: [evidenceOf(ref, 'status.conditions[Ready].message', ready.message)],
    fix: { text: 'look at the controller that sets the gate' },
  });
}

/** Runs, and its probe fails. */
export function probeProblem({ pod, facts }: PodFacts): Finding<Code> | undefined {
  const unready = containersOf(pod).find(({ isInit, running, ready }) => !isInit && running && !ready);
  const warning = facts.warningsOf(pod).find(({ reason }) => reason === 'Unhealthy');
  if (unready === undefined || warning === undefined) return undefined;
  const ref = refOf(pod);
  return found('probe-failed', ref, `container ${unready.name} of Pod ${ref.name} runs, but is not ready: ${sentence(warning.message)}`, {
    field: `${containerField(unready)}.ready`,
    evidence: [evidenceOf(ref, `Event ${warning.reason}`, warning.message), evidenceOf(ref, `${containerField(unready)}.ready`, 'false')],
  });
}

/** Nothing has failed yet. */
export function starting({ pod }: PodFacts): Finding<Code> | undefined {
  if (isReadyPod(pod)) return undefined;
  const ref = refOf(pod);
  const containers = containersOf(pod);
  const busy = containers.find(({ isInit, running, ready }) => running && (isInit || !ready));
  if (busy !== undefined) {
    const what = isStorageInitializer(busy) ? 'is fetching the model' : `runs container ${busy.name}, which is not ready yet`;
    return found('loading', ref, `Pod ${ref.name} ${what}`, {
      evidence: [evidenceOf(ref, `${containerField(busy)}.state`, 'running')],
    });
  }
  const phase = textOf(fieldOf(pod.status, 'phase')) ?? '';
  const isScheduled = conditionOf(pod, 'PodScheduled')?.status === 'True';
  return found('loading', ref, `Pod ${ref.name} is starting${isScheduled ? ' on its node' : ''}`, {
    evidence: [evidenceOf(ref, 'status.phase', phase)],
  });
}
