import { withDefaults } from '../../kubernetes/schema/defaults.ts';
import { objectViolations } from '../../kubernetes/schema/object-violations.ts';
import { isJsonObject, type JsonObject, type SchemaNode } from '../../kubernetes/schema/schema-node.ts';
import { pathText, type Violation } from '../../kubernetes/schema/violation.ts';
import { inferenceGraphRefusals, trainedModelRefusals } from './graph-and-model.ts';
import { inferenceServiceRefusals } from './inference-service.ts';
import { llmConfigRefusals, llmInferenceServiceRefusals } from './llm-inference-service.ts';
import { afterMutation, numbersOutOfRange, unreadableStatus } from './mutation.ts';
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

/** What would be refused of an object that `kubectl apply` creates where KServe runs: by the API server, by its schema, and by KServe's webhooks. */
export function creationRefusals(object: JsonObject, schema: SchemaNode | undefined): readonly Violation[] {
  if (schema === undefined) return admissionRefusals(object, schema);
  const bySchema = objectViolations(object, schema, (value) => afterMutation(object.kind, value, schema));
  const fields = new Set(bySchema.map(({ path }) => pathText(path)));
  const more = [...unreadableStatus(object, schema), ...numbersOutOfRange(object, schema), ...admissionRefusals(object, schema)];
  return [...bySchema, ...more.filter(({ path }) => !fields.has(pathText(path)))];
}

/** What KServe's webhooks would refuse of an object that is to be created, in their words, as far as it depends on the object alone. */
function admissionRefusals(object: JsonObject, schema: SchemaNode | undefined): readonly Violation[] {
  const refusals = BY_KIND.get(typeof object.kind === 'string' ? object.kind : '');
  const { metadata } = object;
  const complete = withDefaults(object, schema);
  if (refusals === undefined || !isJsonObject(complete)) return [];
  return refusals({ value: { ...complete, metadata }, path: [] });
}
