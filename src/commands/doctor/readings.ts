import type { Answer, Reading } from '../../queries/doctor-reading.ts';
import { isRuntimeTarget, type Target } from './request.ts';

/** What is asked about, and where. */
export interface Place {
  /** Empty: all. */
  readonly targets: readonly Target[];
  /** Undefined: all of them. */
  readonly namespace: string | undefined;
}

const WARNINGS = 'type=Warning';
const ISVC = 'serving.kserve.io/inferenceservice';
const LLM = 'app.kubernetes.io/part-of=llminferenceservice';
/** Characters that the value of a label can have. */
const LONGEST_LABEL = 63;

/** All that most answers take, sent together: for one service four requests. */
export function firstReadings(place: Place): readonly Reading[] {
  const { targets, namespace } = place;
  const events: Reading = { kind: 'Event', namespace, fieldSelector: WARNINGS };
  if (targets.length === 0) return [...lists(namespace), events];
  // A bare name is that of an InferenceService, until the server says that there is none.
  const [llm, isvc, runtimes] = [
    targets.filter(({ kind }) => kind === 'LLMInferenceService'),
    targets.filter((target) => target.kind !== 'LLMInferenceService' && !isRuntimeTarget(target)),
    targets.filter(isRuntimeTarget),
  ];
  const services = [...isvcReadings(isvc, namespace), ...llmReadings(llm, namespace)];
  return [...services, ...(services.length > 0 ? [events] : []), ...runtimeReadings(runtimes, namespace)];
}

/** A runtime, those that it is held against, and who uses it. */
function runtimeReadings(targets: readonly Target[], namespace: string | undefined): readonly Reading[] {
  if (targets.length === 0) return [];
  const isShared = targets.some(({ kind }) => kind === 'ClusterServingRuntime');
  return [
    ...targets.map(({ kind = '', name }) => ({ kind, ...(kind === 'ServingRuntime' && { namespace }), name })),
    { kind: 'ServingRuntime', namespace },
    { kind: 'ClusterServingRuntime' },
    { kind: 'InferenceService', namespace: isShared ? undefined : namespace },
  ];
}

function lists(namespace: string | undefined): readonly Reading[] {
  const workloads = ['Pod', 'Deployment'].flatMap((kind) => [
    { kind, namespace, labelSelector: ISVC },
    { kind, namespace, labelSelector: LLM },
  ]);
  return [{ kind: 'InferenceService', namespace }, { kind: 'LLMInferenceService', namespace }, ...workloads];
}

function isvcReadings(targets: readonly Target[], namespace: string | undefined): readonly Reading[] {
  if (targets.length === 0) return [];
  const labelSelector = valueSelector(ISVC, targets) ?? ISVC;
  return [...targets.map(({ name }) => ({ kind: 'InferenceService', namespace, name })), ...workloads(namespace, labelSelector)];
}

function llmReadings(targets: readonly Target[], namespace: string | undefined): readonly Reading[] {
  if (targets.length === 0) return [];
  const named = valueSelector('app.kubernetes.io/name', targets);
  const labelSelector = named === undefined ? LLM : `${LLM},${named}`;
  return [...targets.map(({ name }) => ({ kind: 'LLMInferenceService', namespace, name })), ...workloads(namespace, labelSelector)];
}

function workloads(namespace: string | undefined, labelSelector: string): readonly Reading[] {
  return ['Pod', 'Deployment'].map((kind) => ({ kind, namespace, labelSelector }));
}

/** Undefined if a name cannot be the value of a label. */
function valueSelector(label: string, targets: readonly Target[]): string | undefined {
  const names = [...new Set(targets.map(({ name }) => name))];
  if (names.some((name) => name.length > LONGEST_LABEL || !/^[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?$/.test(name))) return undefined;
  return names.length === 1 ? `${label}=${names[0]}` : `${label} in (${names.join(',')})`;
}

/** Bare names that are no InferenceServices may be LLMInferenceServices. */
export function secondChance({ targets, namespace }: Place, answers: readonly Answer[]): readonly Reading[] {
  const absent = answers
    .filter(({ reading, absent: is }) => reading.kind === 'InferenceService' && is !== undefined)
    .map(({ reading }) => reading.name);
  const again = targets.filter(({ kind, name }) => kind === undefined && absent.includes(name));
  const nodes: readonly Reading[] = again.length === 0 ? [] : [{ kind: 'Node' }];
  return [...llmReadings(again, namespace), ...nodes];
}
