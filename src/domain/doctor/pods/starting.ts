import type { Finding } from '../../finding.ts';
import { fieldOf, listOf, textOf } from '../../kubernetes/json-value.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf, found, sentence } from '../check.ts';
import { annotationOf, labelOf, namespaceOf } from '../facts.ts';
import { at, conditionOf, isReadyPod, refOf } from '../service.ts';
import { containerField, containersOf, STORAGE_INITIALIZER } from './container-status.ts';
import type { PodFacts } from './problem.ts';

const SOURCE_URI = 'internal.serving.kserve.io/storage-initializer-sourceuri';

/** KServe's webhook was to add the initializer; pvc:// and oci:// models need none. */
export function initializerMissing({ pod, facts }: PodFacts): Finding<Code> | undefined {
  const uri = annotationOf(pod, SOURCE_URI);
  if (uri === undefined || /^(?:pvc|oci|oci\+native):\/\//.test(uri) || isLocalModel(pod)) return undefined;
  const names = listOf(at(pod, 'spec', 'initContainers')).map((container) => textOf(fieldOf(container, 'name')) ?? '');
  if (names.some((name) => name.startsWith(STORAGE_INITIALIZER))) return undefined;
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
  if (fieldOf(pod.status, 'phase') !== 'Failed') return undefined;
  const ref = refOf(pod);
  const [reason, message] = ['reason', 'message'].map((field) => textOf(fieldOf(pod.status, field)) ?? '');
  return found(
    'pod-failed',
    ref,
    `Pod ${ref.name} has failed: ${sentence([reason, message].filter((text) => text !== '').join(': ') || 'its node gives no reason')}`,
    {
      field: 'status.phase',
      evidence: [evidenceOf(ref, 'status.reason', reason ?? ''), evidenceOf(ref, 'status.message', message ?? '')],
    },
  );
}

/** The kubelet waits for a volume. */
export function mountProblem({ pod, facts }: PodFacts): Finding<Code> | undefined {
  if (isReadyPod(pod) || containersOf(pod).some(({ running }) => running)) return undefined;
  const warning = facts.warningsOf(pod).find(({ reason }) => ['FailedMount', 'FailedAttachVolume', 'FailedMapVolume'].includes(reason));
  const ref = refOf(pod);
  if (warning !== undefined) {
    return found('mount-failed', ref, `a volume of Pod ${ref.name} cannot be mounted: ${sentence(warning.message)}`, {
      evidence: [evidenceOf(ref, `Event ${warning.reason}`, warning.message)],
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
    const what = busy.name === STORAGE_INITIALIZER ? 'is fetching the model' : `runs container ${busy.name}, which is not ready yet`;
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
