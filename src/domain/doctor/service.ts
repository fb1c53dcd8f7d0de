import type { FindingObject } from '../finding.ts';
import { fieldOf, listOf, textOf } from '../kubernetes/json-value.ts';
import type { KubeObject } from '../kubernetes/resource.ts';
import { annotationOf, compareText, type Facts, labelOf, nameOf, namespaceOf } from './facts.ts';

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly since: string | undefined;
}

export type ServiceKind = 'InferenceService' | 'LLMInferenceService';

/** One InferenceService or LLMInferenceService, and what belongs to it. */
export interface Service {
  readonly facts: Facts;
  readonly object: KubeObject;
  readonly ref: FindingObject & { readonly kind: ServiceKind; readonly namespace: string };
  readonly conditions: readonly Condition[];
  readonly ready: Condition | undefined;
  readonly deploymentMode: DeploymentMode;
  /** The newest first; those on their way out are left away. */
  readonly pods: readonly KubeObject[];
  readonly deployments: readonly KubeObject[];
  readonly stopped: boolean;
}

type DeploymentMode = 'Standard' | 'Knative' | 'ModelMesh' | 'unknown';

const MODES: ReadonlyMap<string, DeploymentMode> = new Map([
  ['Standard', 'Standard'],
  ['RawDeployment', 'Standard'],
  ['Knative', 'Knative'],
  ['Serverless', 'Knative'],
  ['ModelMesh', 'ModelMesh'],
]);

/** On a Pod and its template: the URI that KServe's webhook is to fetch from. */
export const SOURCE_URI = 'internal.serving.kserve.io/storage-initializer-sourceuri';

export function refOf(object: KubeObject): FindingObject {
  const namespace = namespaceOf(object);
  return { kind: object.kind ?? '', ...(namespace !== undefined && { namespace }), name: nameOf(object) };
}

export function isService(object: KubeObject): boolean {
  return object.kind === 'InferenceService' || object.kind === 'LLMInferenceService';
}

export function toService(object: KubeObject, facts: Facts): Service {
  const kind: ServiceKind = object.kind === 'LLMInferenceService' ? 'LLMInferenceService' : 'InferenceService';
  const namespace = namespaceOf(object) ?? '';
  const label = `${kind === 'InferenceService' ? 'isvc' : 'llmisvc'}/${nameOf(object)}`;
  const conditions = conditionsOf(object);
  const owned = (of: string): readonly KubeObject[] => facts.labelled(of, namespace, label);
  const [pods, deployments] = [owned('Pod').filter(isStaying).toSorted(newestFirst), owned('Deployment')];
  return {
    facts,
    object,
    ref: { kind, namespace, name: nameOf(object) },
    conditions,
    ready: conditions.find(({ type }) => type === 'Ready'),
    deploymentMode: kind === 'InferenceService' ? deploymentMode(object, [...pods, ...deployments]) : 'Standard',
    pods,
    deployments,
    stopped: annotationOf(object, 'serving.kserve.io/stop') === 'true',
  };
}

/** Older releases keep the mode nowhere where it is the default of the cluster: then what was made tells. */
function deploymentMode(object: KubeObject, made: readonly KubeObject[]): DeploymentMode {
  const word = textOf(fieldOf(object.status, 'deploymentMode')) || annotationOf(object, 'serving.kserve.io/deploymentMode');
  const isKnative = made.some((one) => labelOf(one, 'serving.knative.dev/revision') !== undefined);
  return MODES.get(word ?? '') ?? (isKnative ? 'Knative' : 'unknown');
}

function isStaying(pod: KubeObject): boolean {
  return pod.metadata.deletionTimestamp === undefined && fieldOf(pod.status, 'phase') !== 'Succeeded';
}

function newestFirst(a: KubeObject, b: KubeObject): number {
  const [first, second] = [a, b].map(({ metadata }) => textOf(metadata.creationTimestamp) ?? '');
  return compareText(second ?? '', first ?? '') || compareText(nameOf(a), nameOf(b));
}

/** Each type once: of two that contradict each other the one that is not True counts, for nothing is healthy on half an answer. */
export function conditionsOf(object: KubeObject): readonly Condition[] {
  const byType = new Map<string, Condition>();
  for (const condition of allConditions(object)) {
    const known = byType.get(condition.type);
    if (known === undefined || known.status === 'True') byType.set(condition.type, condition);
  }
  return [...byType.values()];
}

function allConditions(object: KubeObject): readonly Condition[] {
  return listOf(fieldOf(object.status, 'conditions')).map((condition) => ({
    type: textOf(fieldOf(condition, 'type')) ?? '',
    status: textOf(fieldOf(condition, 'status')) ?? 'Unknown',
    reason: textOf(fieldOf(condition, 'reason')) ?? '',
    message: textOf(fieldOf(condition, 'message')) ?? '',
    since: textOf(fieldOf(condition, 'lastTransitionTime')),
  }));
}

export function conditionOf(object: KubeObject, type: string): Condition | undefined {
  return conditionsOf(object).find((condition) => condition.type === type);
}

/** What a condition says: its message, or its reason where it has none. */
export function conditionText({ reason, message }: Condition): string {
  return message || reason;
}

/** `predictor`, `transformer` or `explainer`; of an LLMInferenceService `workload`, `router-scheduler` … */
export function componentOf(object: KubeObject): string {
  return labelOf(object, 'component') ?? labelOf(object, 'app.kubernetes.io/component') ?? '';
}

export function isReadyPod(pod: KubeObject): boolean {
  return conditionOf(pod, 'Ready')?.status === 'True';
}

function specOf(service: Service): unknown {
  return fieldOf(service.object, 'spec');
}

const COMPONENTS = ['predictor', 'transformer', 'explainer'] as const;

/** Components that the spec of an InferenceService has, each with its part of the spec. */
export function componentSpecs(service: Service): readonly (readonly [name: string, spec: unknown])[] {
  return COMPONENTS.map((name) => [name, fieldOf(specOf(service), name)] as const).filter(([, spec]) => isPresent(spec));
}

export function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** A path into an object, such as `field(pod, 'status', 'phase')`. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(fieldOf, value);
}

/** Where models come from: every URI of a component. */
export function storageUris(service: Service): readonly { readonly field: string; readonly uri: string }[] {
  if (service.ref.kind === 'LLMInferenceService') return uriAt(specOf(service), 'spec.model.uri', 'model', 'uri');
  return componentSpecs(service).flatMap(([name, spec]) => {
    const frameworks = Object.keys((spec as object) ?? {}).filter((word) => fieldOf(fieldOf(spec, word), 'storageUri') !== undefined);
    return [
      ...frameworks.flatMap((word) => uriAt(spec, `spec.${name}.${word}.storageUri`, word, 'storageUri')),
      ...listOf(fieldOf(spec, 'storageUris')).flatMap((one, index) => uriAt(one, `spec.${name}.storageUris[${index}].uri`, 'uri')),
    ];
  });
}

function uriAt(spec: unknown, field: string, ...path: readonly string[]): readonly { readonly field: string; readonly uri: string }[] {
  const uri = textOf(at(spec, ...path));
  return uri === undefined || uri === '' ? [] : [{ field, uri }];
}
