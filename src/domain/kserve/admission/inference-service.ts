import type { Violation } from '../../kubernetes/schema/violation.ts';
import { autoscalerClassRefusals, emptyWordRefusals, fractionRefusals, scalerOf, scalingRefusals } from './autoscaling.ts';
import { canaryRefusals } from './canary.ts';
import {
  exactlyOneExplainer,
  exactlyOnePredictor,
  exactlyOneTransformer,
  extensionRefusals,
  hasUriVariable,
  type Implementation,
  predictorImplementation,
  protocolRefusals,
} from './component.ts';
import { blockedVariables, variables } from './environment.ts';
import { multiNodeRefusals } from './multi-node.ts';
import { isSet, items, type Part, part, refusal, textAt, unless } from './read.ts';
import { storageUriRefusals } from './storage-uris.ts';

const NAME = '[a-z]([-a-z0-9]*[a-z0-9])?';
const MODE = 'serving.kserve.io/deploymentMode';
const KEY_BROKER_URI = /^kbs:\/\/\/[a-zA-Z0-9_.-]+\/[a-zA-Z0-9_.-]+\/[a-zA-Z0-9_.-]+$/;

/**
 * What KServe's webhook refuses of an InferenceService that is to be created, after its defaults:
 * https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1beta1/inference_service_validation.go
 */
export function inferenceServiceRefusals(object: Part): readonly Violation[] {
  const annotations = part(object, 'metadata', 'annotations');
  const predictor = part(object, 'spec', 'predictor');
  const implementation = predictorImplementation(predictor, textAt(annotations, MODE) !== 'ModelMesh');
  const subject = `the InferenceService "${textAt(object, 'metadata', 'name')}" is invalid`;
  return [
    ...nameRefusals(object, subject),
    ...autoscalerClassRefusals(annotations),
    ...serviceContainers(object, implementation).flatMap((container) => blockedVariables(container, subject)),
    ...multiNodeRefusals(object, implementation.model, subject),
    ...predictorRefusals(predictor, implementation),
    ...components(object).flatMap((component) => [
      ...extensionRefusals(component),
      ...scalingRefusals(component, scalerOf(annotations)),
      ...fractionRefusals(component),
      ...emptyWordRefusals(component),
    ]),
    ...otherComponents(object),
    ...canaryRefusals(object),
  ];
}

function nameRefusals(object: Part, subject: string): readonly Violation[] {
  const name = part(object, 'metadata', 'name');
  // A generated name has its last characters from the server.
  const isOpen = textAt(name) === '';
  const rule = `a InferenceService name must consist of lower case alphanumeric characters or '-', and must start with alphabetical character. (e.g. "my-name" or "abc-123", regex used for validation is '${NAME}')`;
  return unless(isOpen || new RegExp(`^${NAME}$`).test(textAt(name)), name, `${subject}: ${rule}`);
}

function components(object: Part): readonly Part[] {
  return ['predictor', 'transformer', 'explainer'].map((name) => part(object, 'spec', name)).filter(isSet);
}

/** Every container whose variables KServe looks at. */
function serviceContainers(object: Part, { model }: Implementation): readonly Part[] {
  const specs = [...components(object), part(object, 'spec', 'predictor', 'workerSpec')];
  const listed = specs.flatMap((spec) => ['containers', 'initContainers'].flatMap((list) => items(part(spec, list))));
  return [...listed, ...[model, part(object, 'spec', 'explainer', 'art')].filter(isSet)];
}

function predictorRefusals(predictor: Part, implementation: Implementation): readonly Violation[] {
  const { model } = implementation;
  const hasUri = isSet(model) ? isSet(part(model, 'storageUri')) : hasUriVariable(part(predictor, 'containers'), false);
  return [
    ...exactlyOnePredictor(predictor, implementation),
    ...unless(textAt(model, 'name') === '', part(model, 'name'), "the 'name' field is not allowed in standard predictor"),
    ...protocolRefusals(predictor, implementation),
    ...collocatedRefusals(predictor),
    ...storageUriRefusals(predictor, hasUri),
    ...confidentialRefusals(model),
  ];
}

function collocatedRefusals(predictor: Part): readonly Violation[] {
  const transformer = items(part(predictor, 'containers')).find((container) => textAt(container, 'name') === 'transformer-container');
  const uri = transformer && variables(transformer).find((variable) => textAt(variable, 'name') === 'STORAGE_URI');
  return uri === undefined ? [] : [refusal(part(uri, 'name'), 'storage uri should not be specified in transformer container')];
}

function confidentialRefusals(model: Part): readonly Violation[] {
  const confidential = part(model, 'confidential');
  if (part(confidential, 'enabled').value !== true) return [];
  const uri = part(model, 'storageUri');
  if (textAt(uri) === '') return [refusal(uri, 'confidential model serving requires storageUri to be set')];
  const resource = part(confidential, 'resourceId');
  const id = textAt(resource);
  return unless(
    id === '' || KEY_BROKER_URI.test(id),
    resource,
    `spec.predictor.confidential.resourceId: Invalid value: "${id}": must be in the format kbs:///<repo>/<type>/<tag>`,
  );
}

function otherComponents(object: Part): readonly Violation[] {
  const [transformer, explainer] = [part(object, 'spec', 'transformer'), part(object, 'spec', 'explainer')];
  const artUri = textAt(explainer, 'art', 'storageUri') !== '';
  return [
    ...(isSet(transformer)
      ? [...exactlyOneTransformer(transformer), ...storageUriRefusals(transformer, hasUriVariable(part(transformer, 'containers'), true))]
      : []),
    ...(isSet(explainer)
      ? [...exactlyOneExplainer(explainer), ...storageUriRefusals(explainer, artUri || hasUriVariable(part(explainer, 'containers'), true))]
      : []),
  ];
}
