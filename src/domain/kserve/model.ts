import { lookUp } from '../../text/look-up.ts';
import { fieldOf, listOf, textOf } from '../kubernetes/json-value.ts';
import type { KubeObject } from '../kubernetes/resource.ts';
import { LEGACY_FIELDS } from './legacy-fields.ts';
import { lowestProtocol, protocolRank, type ServingRuntime } from './serving-runtime.ts';

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

const LEGACY_V2 = ['triton', 'onnx', 'huggingface'];
const MODEL_V2 = ['triton', 'vLLM'];

/** Why KServe selects no runtime for an InferenceService; `legacyField` is of one stored before KServe 0.8 that was not written since. */
export type NoModel = 'modelMesh' | 'containers' | 'legacyField' | 'noPredictor' | 'emptyPredictor';

/** What one predictor asks for, and the fields that say so. */
export interface Predictor {
  readonly request: ModelRequest;
  /** The same before the webhook sets anything. */
  readonly written: ModelRequest;
  /** Path of the predictor, such as `spec.predictor`. */
  readonly path: string;
  /** The field from before `model` that it comes from. */
  readonly legacyField?: string;
  /** Fields that ask for something else: each is ignored if it is `model`, and refused by KServe's webhook otherwise. */
  readonly besides: readonly string[];
}

/** A predictor beside the stable one (KServe 0.20): what it leaves open is that of the stable one. */
export interface CanaryPredictor {
  readonly name: string;
  readonly path: string;
  readonly changes: Partial<Omit<ModelRequest, 'multiNode'>>;
}

export interface Predictors {
  readonly stable: Predictor | NoModel;
  readonly canaries: readonly CanaryPredictor[];
}

/**
 * What an InferenceService asks for. A `manifest` gets the defaults that KServe's webhook would set; a `stored` one has them, and is not changed
 * again. KServe 0.20, https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1beta1/inference_service_defaults.go
 */
export function toPredictors(object: KubeObject, origin: 'manifest' | 'stored'): Predictors {
  const spec = fieldOf(object, 'spec');
  const canaries = listOf(fieldOf(spec, 'canary')).map((canary, index) => toCanary(fieldOf(canary, 'predictor'), index));
  return { stable: isForModelMesh(object, origin) ? 'modelMesh' : toPredictor(fieldOf(spec, 'predictor'), origin), canaries };
}

/** The runtimes that an InferenceService names, for its stable predictor and for canaries. */
export function namedRuntimes(object: KubeObject, origin: 'manifest' | 'stored'): readonly string[] {
  const { stable, canaries } = toPredictors(object, origin);
  const names = [typeof stable === 'string' ? undefined : stable.request.runtime, ...canaries.map(({ changes }) => changes.runtime)];
  return [...new Set(names.filter((name) => name !== undefined && name !== ''))] as readonly string[];
}

/** The request of an InferenceService as a person writes it; undefined if no runtime is selected for it. */
export function toModelRequest(object: KubeObject): ModelRequest | undefined {
  const { stable } = toPredictors(object, 'manifest');
  return typeof stable === 'string' ? undefined : stable.request;
}

function isForModelMesh(object: KubeObject, origin: 'manifest' | 'stored'): boolean {
  const recorded = origin === 'stored' ? textOf(fieldOf(fieldOf(object, 'status'), 'deploymentMode')) : undefined;
  return (recorded || fieldOf(object.metadata.annotations, 'serving.kserve.io/deploymentMode')) === 'ModelMesh';
}

function toPredictor(predictor: unknown, origin: 'manifest' | 'stored'): Predictor | NoModel {
  if (!isPresent(predictor)) return 'noPredictor';
  const multiNode = isPresent(fieldOf(predictor, 'workerSpec'));
  const path = 'spec.predictor';
  const [legacyField, ...others] = LEGACY_FIELDS.filter((field) => isPresent(fieldOf(predictor, field)));
  const hasModel = isPresent(fieldOf(predictor, 'model'));
  if (origin === 'manifest' && legacyField !== undefined) {
    const request = { ...legacyRequest(legacyField, fieldOf(predictor, legacyField)), multiNode };
    return { request, written: request, path, legacyField, besides: [...(hasModel ? ['model'] : []), ...others] };
  }
  if (!hasModel) return legacyField === undefined ? withoutModel(predictor) : 'legacyField';
  const written = { ...modelRequest(fieldOf(predictor, 'model')), multiNode };
  return { request: origin === 'stored' ? written : withModelDefaults(written), written, path, besides: [] };
}

function withoutModel(predictor: unknown): NoModel {
  return listOf(fieldOf(predictor, 'containers')).length > 0 ? 'containers' : 'emptyPredictor';
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
  return {
    format: textOf(fieldOf(fieldOf(model, 'modelFormat'), 'name')) ?? '',
    ...optional('version', textOf(fieldOf(fieldOf(model, 'modelFormat'), 'version'))),
    ...optional('protocol', textOf(fieldOf(model, 'protocolVersion'))),
    ...optional('runtime', textOf(fieldOf(model, 'runtime'))),
  };
}

/** What the webhook sets when a model is written. */
export function withModelDefaults(request: ModelRequest): ModelRequest {
  return request.protocol === undefined && MODEL_V2.includes(request.format) ? { ...request, protocol: 'v2' } : request;
}

/** The request with one of its values replaced; undefined takes it away. */
export function withValue<K extends keyof ModelRequest>(request: ModelRequest, key: K, value: ModelRequest[K] | undefined): ModelRequest {
  const values = Object.entries({ ...request, [key]: value }).filter(([, each]) => each !== undefined);
  return Object.fromEntries(values) as unknown as ModelRequest;
}

/** The webhook sets no defaults in a canary. What is empty does not replace anything: the two are merged by Go's zero values. */
function toCanary(predictor: unknown, index: number): CanaryPredictor {
  const { format, version, protocol, runtime } = modelRequest(fieldOf(predictor, 'model'));
  const asked = { format, version, protocol, runtime };
  return {
    name: textOf(fieldOf(predictor, 'name')) ?? '',
    path: `spec.canary[${index}].predictor`,
    changes: Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined && value !== '')),
  };
}

/**
 * What a canary asks for once the stable predictor has a runtime: that runtime by name and the protocol that came of it, unless it sets its own.
 * https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1beta1/inferenceservice/components/predictor.go
 */
export function canaryRequest(stable: ModelRequest, chosen: ServingRuntime, canary: CanaryPredictor): ModelRequest {
  const protocol = stable.protocol ?? lookUp(PROTOCOL_OF_SERVER, chosen.serverType?.name ?? '') ?? knownLowest(chosen);
  return { ...stable, protocol, runtime: chosen.name, ...canary.changes };
}

const PROTOCOL_OF_SERVER: Readonly<Record<string, string>> = { mlserver: 'v2', tritonserver: 'v2', torchserve: 'v1' };

/** Of protocols that KServe does not know it makes an empty text, which asks for none. */
function knownLowest(runtime: ServingRuntime): string {
  const lowest = lowestProtocol(runtime) ?? '';
  return protocolRank(lowest) < protocolRank('') ? lowest : '';
}

function optional<K extends string>(key: K, value: string | undefined): { readonly [key in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: string });
}
