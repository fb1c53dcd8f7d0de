import { withDefaults } from '../../kubernetes/schema/defaults.ts';
import { isJsonObject, type JsonObject, type SchemaNode } from '../../kubernetes/schema/schema-node.ts';
import type { Violation } from '../../kubernetes/schema/violation.ts';
import { inferenceGraphRefusals, trainedModelRefusals } from './graph-and-model.ts';
import { inferenceServiceRefusals } from './inference-service.ts';
import { llmConfigRefusals, llmInferenceServiceRefusals } from './llm-inference-service.ts';
import type { Part } from './read.ts';
import { servingRuntimeRefusals } from './serving-runtime.ts';

const BY_KIND: ReadonlyMap<string, (object: Part) => readonly Violation[]> = new Map([
  ['InferenceService', inferenceServiceRefusals],
  ['ServingRuntime', servingRuntimeRefusals],
  ['ClusterServingRuntime', servingRuntimeRefusals],
  ['InferenceGraph', inferenceGraphRefusals],
  ['TrainedModel', trainedModelRefusals],
  ['LLMInferenceService', llmInferenceServiceRefusals],
  ['LLMInferenceServiceConfig', llmConfigRefusals],
]);

/** What KServe's webhooks would refuse of an object that is to be created, in their words, as far as it depends on the object alone. */
export function admissionRefusals(object: JsonObject, schema: SchemaNode | undefined): readonly Violation[] {
  const refusals = BY_KIND.get(typeof object.kind === 'string' ? object.kind : '');
  const { metadata } = object;
  const complete = withDefaults(object, schema);
  if (refusals === undefined || !isJsonObject(complete)) return [];
  return refusals({ value: { ...complete, metadata }, path: [] });
}
