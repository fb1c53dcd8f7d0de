import type { Violation } from '../../kubernetes/schema/violation.ts';
import { LEGACY_FIELDS } from '../legacy-fields.ts';
import { variables } from './environment.ts';
import { isSet, items, numberAt, type Part, part, textAt, unless } from './read.ts';

const LOG_MODES: readonly string[] = ['all', 'request', 'response'];
const SERVER = 'kserve-container';

const CHOICES =
  'Name, SKLearn, XGBoost, Tensorflow, PyTorch, Triton, ONNX, HuggingFace, PMML, LightGBM, Paddle, Model, StorageUris, StorageContainerName, WorkerSpec, PodSpec';

/** What serves a predictor. A framework becomes the model in place of one that is there. */
export interface Implementation {
  /** The model, if any; not set where containers serve. */
  readonly model: Part;
  /** How many of them there are: KServe wants one. */
  readonly count: number;
}

/** `isConverted`: frameworks become models, which all modes but ModelMesh do. */
export function predictorImplementation(predictor: Part, isConverted: boolean): Implementation {
  const frameworks = LEGACY_FIELDS.map((field) => part(predictor, field)).filter(isSet);
  const model = part(predictor, 'model');
  const [first] = frameworks;
  const models = frameworks.length + (isSet(model) && !(isConverted && first !== undefined) ? 1 : 0);
  const containers = items(part(predictor, 'containers'));
  const servers = containers.filter((container) => textAt(container, 'name') === SERVER).length;
  const assumed = models + servers === 0 && containers.length > 0 ? 1 : 0;
  return { model: first ?? model, count: models + servers + assumed };
}

export function exactlyOnePredictor(predictor: Part, { count }: Implementation): readonly Violation[] {
  return unless(count === 1, predictor, `exactly one of [${CHOICES}] must be specified in PredictorSpec`);
}

export function exactlyOneTransformer(transformer: Part): readonly Violation[] {
  const count = items(part(transformer, 'containers')).length;
  return unless(count > 0, transformer, 'exactly one of [PodSpec, ComponentExtensionSpec] must be specified in TransformerSpec');
}

export function exactlyOneExplainer(explainer: Part): readonly Violation[] {
  const count = Number(isSet(part(explainer, 'art'))) + Number(items(part(explainer, 'containers')).length > 0);
  return unless(count === 1, explainer, 'exactly one of [ART, PodSpec, ComponentExtensionSpec] must be specified in ExplainerSpec');
}

/** Replicas, concurrency and logger: https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1beta1/component.go */
export function extensionRefusals(component: Part): readonly Violation[] {
  const concurrency = numberAt(component, 'containerConcurrency') ?? 0;
  return [
    ...unless(concurrency >= 0, part(component, 'containerConcurrency'), 'parallelism cannot be less than 0'),
    ...replicaRefusals(component),
    ...loggerRefusals(part(component, 'logger')),
  ];
}

function replicaRefusals(component: Part): readonly Violation[] {
  const [least, most] = [numberAt(component, 'minReplicas') ?? 1, numberAt(component, 'maxReplicas') ?? 0];
  if (least < 0) return unless(false, part(component, 'minReplicas'), "'MinReplicas' cannot be less than 0");
  if (most < 0) return unless(false, part(component, 'maxReplicas'), "'MaxReplicas' cannot be less than 0");
  return unless(most === 0 || least <= most, part(component, 'maxReplicas'), "'MinReplicas' cannot be greater than MaxReplicas");
}

function loggerRefusals(logger: Part): readonly Violation[] {
  if (!isSet(logger)) return [];
  const storage = part(logger, 'storage');
  const isWhole = ['path', 'parameters', 'key'].every((field) => isSet(part(storage, field)));
  return [
    ...unless(LOG_MODES.includes(textAt(logger, 'mode')), part(logger, 'mode'), 'invalid logger type'),
    ...unless(!isSet(storage) || isWhole, storage, 'invalid logger storage configuration'),
  ];
}

/** Of a predictor that is a container: the protocol that its first container speaks. */
export function protocolRefusals(predictor: Part, { model }: Implementation): readonly Violation[] {
  const [first] = items(part(predictor, 'containers'));
  if (isSet(model) || first === undefined) return [];
  const protocol = variables(first).find((variable) => textAt(variable, 'name') === 'PROTOCOL');
  if (protocol === undefined) return [];
  const value = textAt(protocol, 'value');
  return unless(value === 'v1' || value === 'v2', part(protocol, 'value'), `invalid protocol v1, v2. Must be one of [${value}]`);
}

/** A URI that the container which serves has as a variable. */
export function hasUriVariable(containers: Part, isAny: boolean): boolean {
  const servers = items(containers).filter((container, index) => (isAny ? index === 0 : textAt(container, 'name') === SERVER));
  return servers.slice(0, 1).some((container) => variables(container).some((variable) => textAt(variable, 'name') === 'STORAGE_URI'));
}
