import { fieldOf, textOf } from '../kubernetes/json-value.ts';
import type { KubeObject } from '../kubernetes/resource.ts';

/** What an InferenceService asks of a runtime, after KServe's defaulting. */
export interface ModelRequest {
  readonly format: string;
  readonly version?: string;
  /** Absent: none asked for. `''` is a value. */
  readonly protocol?: string;
  /** The runtime that it names; absent: KServe chooses. */
  readonly runtime?: string;
  /** It has a `workerSpec`. */
  readonly multiNode: boolean;
}

/** Fields of `spec.predictor` from before `model`, in the order in which KServe looks for them. */
const LEGACY_FIELDS = [
  'sklearn',
  'tensorflow',
  'xgboost',
  'pytorch',
  'triton',
  'onnx',
  'huggingface',
  'pmml',
  'lightgbm',
  'paddle',
] as const;

const LEGACY_V2 = ['triton', 'onnx', 'huggingface'];
const MODEL_V2 = ['triton', 'vLLM'];

/**
 * The request of an InferenceService as a person writes it, with the defaults that KServe's webhook would set; undefined if no
 * runtime is selected for it (a predictor of plain containers, or deployment mode ModelMesh). KServe 0.20,
 * https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1beta1/inference_service_defaults.go
 */
export function toModelRequest(object: KubeObject): ModelRequest | undefined {
  if (fieldOf(object.metadata.annotations, 'serving.kserve.io/deploymentMode') === 'ModelMesh') return undefined;
  const predictor = fieldOf(fieldOf(object, 'spec'), 'predictor');
  const legacy = LEGACY_FIELDS.find((field) => isPresent(fieldOf(predictor, field)));
  const multiNode = isPresent(fieldOf(predictor, 'workerSpec'));
  if (legacy !== undefined) return { ...legacyRequest(legacy, fieldOf(predictor, legacy)), multiNode };
  const model = fieldOf(predictor, 'model');
  return isPresent(model) ? { ...modelRequest(model), multiNode } : undefined;
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** A legacy field becomes a model without version and runtime. */
function legacyRequest(field: string, legacy: unknown): Omit<ModelRequest, 'multiNode'> {
  return {
    format: field,
    ...optional('protocol', textOf(fieldOf(legacy, 'protocolVersion')) ?? (LEGACY_V2.includes(field) ? 'v2' : undefined)),
  };
}

function modelRequest(model: unknown): Omit<ModelRequest, 'multiNode'> {
  const format = textOf(fieldOf(fieldOf(model, 'modelFormat'), 'name')) ?? '';
  return {
    format,
    ...optional('version', textOf(fieldOf(fieldOf(model, 'modelFormat'), 'version'))),
    ...optional('protocol', textOf(fieldOf(model, 'protocolVersion')) ?? (MODEL_V2.includes(format) ? 'v2' : undefined)),
    ...optional('runtime', textOf(fieldOf(model, 'runtime'))),
  };
}

function optional<K extends string>(key: K, value: string | undefined): { readonly [key in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: string });
}
