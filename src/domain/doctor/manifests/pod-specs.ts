import { isSet, items, type Part, part } from '../../kserve/admission/read.ts';
import { LEGACY_FIELDS } from '../../kserve/legacy-fields.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';

/** Where objects of a kind describe Pods. */
const POD_SPECS: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  ['InferenceService', [['predictor'], ['predictor', 'workerSpec'], ['transformer'], ['explainer']]],
  ['ServingRuntime', [[], ['workerSpec']]],
  ['ClusterServingRuntime', [[], ['workerSpec']]],
  ['LLMInferenceService', [['template'], ['worker'], ['prefill', 'template'], ['prefill', 'worker'], ['router', 'scheduler', 'template']]],
]);

/** A description of Pods in a manifest, and the containers in it. */
export interface PodSpec {
  readonly spec: Part;
  readonly containers: readonly Part[];
}

/** The fields of a component that hold a container: the model, or the framework that becomes one. */
const MODELS = ['model', ...LEGACY_FIELDS, 'art'];

export function podSpecsOf(object: KubeObject): readonly PodSpec[] {
  const paths = POD_SPECS.get(object.kind ?? '') ?? [];
  return paths
    .map((path) => part({ value: object, path: [] }, 'spec', ...path))
    .filter(isSet)
    .map((spec) => ({ spec, containers: containersOf(spec, object.kind === 'InferenceService') }));
}

function containersOf(spec: Part, hasModels: boolean): readonly Part[] {
  const listed = ['containers', 'initContainers'].flatMap((list) => items(part(spec, list)));
  return [...listed, ...(hasModels ? MODELS.map((field) => part(spec, field)).filter(isSet) : [])];
}
