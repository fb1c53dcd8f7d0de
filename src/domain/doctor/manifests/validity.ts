import { didYouMean } from '../../../text/did-you-mean.ts';
import type { Finding } from '../../finding.ts';
import { KSERVE_GROUP, KSERVE_KINDS } from '../../kserve/kinds.ts';
import { fieldOf, listOf, textOf } from '../../kubernetes/json-value.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { quoted } from '../check.ts';
import { annotationOf } from '../facts.ts';
import { at, isPresent } from '../service.ts';
import { foundAt, type ManifestFacts, type ManifestRule, type Path } from './manifest.ts';

function invalid(facts: ManifestFacts, path: Path, message: string): Finding<Code> {
  return foundAt('invalid-manifest', facts, path, message);
}

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LONGEST_NAME = 253;
// https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1beta1/inference_service_validation.go
const ISVC_NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

function name(facts: ManifestFacts): readonly Finding<Code>[] {
  const { metadata, kind } = facts.manifest.object;
  const given = textOf(metadata.name);
  if (given === undefined || given === '')
    return isPresent(metadata.generateName) ? [] : [invalid(facts, ['metadata', 'name'], `${kind} has no metadata.name`)];
  if (typeof metadata.name !== 'string')
    return [invalid(facts, ['metadata', 'name'], `metadata.name is ${given}, which YAML takes for no text: put it in quotes`)];
  if (given.length > LONGEST_NAME || !SUBDOMAIN.test(given))
    return [
      invalid(
        facts,
        ['metadata', 'name'],
        `${quoted(given)} cannot be the name of an object: it takes lower-case letters, digits, - and . only`,
      ),
    ];
  if (kind === 'InferenceService' && !ISVC_NAME.test(given)) {
    return [
      invalid(
        facts,
        ['metadata', 'name'],
        `${quoted(given)} cannot be the name of an InferenceService: it must start with a letter and have no dot`,
      ),
    ];
  }
  return [];
}

const TOP_LEVEL: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'spec', 'status']);

/** `labels:` one level too far left is the usual one. */
function topLevel(facts: ManifestFacts): readonly Finding<Code>[] {
  const unknown = Object.keys(facts.manifest.object).filter((field) => !TOP_LEVEL.has(field));
  return unknown.map((field) =>
    invalid(
      facts,
      [field],
      `${quoted(field)} is not a field of ${facts.manifest.object.kind}${field === 'labels' || field === 'annotations' ? ': it belongs under metadata' : ''}`,
    ),
  );
}

function apiVersion(facts: ManifestFacts): readonly Finding<Code>[] {
  const { kind, apiVersion: given = '' } = facts.manifest.object;
  const known = KSERVE_KINDS.filter((one) => one.kind === kind);
  const [group = '', version] = given.split('/');
  if (group === 'serving.kubeflow.org')
    return [
      invalid(
        facts,
        ['apiVersion'],
        `the group serving.kubeflow.org is that of KFServing, before KServe 0.7: write ${KSERVE_GROUP}/${known[0]?.version ?? 'v1beta1'}`,
      ),
    ];
  const served = kind?.startsWith('LLMInferenceService') ? ['v1alpha1', 'v1alpha2'] : known.map((one) => one.version);
  if (group !== KSERVE_GROUP || served.length === 0 || served.includes(version ?? '')) return [];
  return [invalid(facts, ['apiVersion'], `${kind} is not served in version ${quoted(version ?? '')}: write ${KSERVE_GROUP}/${served[0]}`)];
}

function metadataTexts(facts: ManifestFacts): readonly Finding<Code>[] {
  return ['labels', 'annotations'].flatMap((field) => {
    const values = Object.entries((fieldOf(facts.manifest.object.metadata, field) as object | undefined) ?? {});
    return values
      .filter(([, value]) => typeof value !== 'string')
      .map(([key, value]) =>
        invalid(facts, ['metadata', field, key], `the value of ${field} must be text: put ${JSON.stringify(value)} in quotes`),
      );
  });
}

interface Containers {
  readonly path: Path;
  readonly list: readonly unknown[];
}

/** Every list of containers of a manifest. */
function containerLists({ manifest: { object } }: ManifestFacts): readonly Containers[] {
  const parents: readonly Path[] =
    object.kind === 'InferenceService'
      ? [
          ['spec', 'predictor'],
          ['spec', 'transformer'],
          ['spec', 'explainer'],
        ]
      : [['spec'], ['spec', 'workerSpec'], ['spec', 'template']];
  return parents.flatMap((parent) => {
    const path = [...parent, 'containers'];
    const list = listOf(at(object, ...path.map(String)));
    return list.length === 0 ? [] : [{ path, list }];
  });
}

/** Lists with a key of their own refuse the same key twice. */
function duplicates(facts: ManifestFacts): readonly Finding<Code>[] {
  return containerLists(facts).flatMap(({ path, list }) => [
    ...repeated(list).map((index) =>
      invalid(facts, [...path, index, 'name'], `two containers are called ${quoted(textOf(fieldOf(list[index], 'name')) ?? '')}`),
    ),
    ...list.flatMap((container, index) => {
      const env = listOf(fieldOf(container, 'env'));
      return repeated(env).map((entry) =>
        invalid(
          facts,
          [...path, index, 'env', entry, 'name'],
          `the environment variable ${quoted(textOf(fieldOf(env[entry], 'name')) ?? '')} is set twice`,
        ),
      );
    }),
  ]);
}

function repeated(list: readonly unknown[]): readonly number[] {
  const names = list.map((item) => textOf(fieldOf(item, 'name')));
  return names.flatMap((one, index) => (one !== undefined && names.indexOf(one) < index ? [index] : []));
}

function runtime(facts: ManifestFacts): readonly Finding<Code>[] {
  const { object } = facts.manifest;
  if (object.kind !== 'ServingRuntime' && object.kind !== 'ClusterServingRuntime') return [];
  const formats = listOf(at(object, 'spec', 'supportedModelFormats'));
  return [
    ...(listOf(at(object, 'spec', 'containers')).length > 0
      ? []
      : [invalid(facts, ['spec', 'containers'], 'a runtime needs spec.containers')]),
    ...formats.flatMap((format, index) => formatFindings(facts, format, ['spec', 'supportedModelFormats', index])),
    ...differentPriorities(facts, formats),
  ];
}

function formatFindings(facts: ManifestFacts, format: unknown, path: Path): readonly Finding<Code>[] {
  const [version, priority] = [fieldOf(format, 'version'), fieldOf(format, 'priority')];
  return [
    ...(typeof fieldOf(format, 'name') === 'string' ? [] : [invalid(facts, [...path, 'name'], 'a model format needs a name, as text')]),
    ...(!isPresent(version) || typeof version === 'string'
      ? []
      : [invalid(facts, [...path, 'version'], `version must be text: put ${JSON.stringify(version)} in quotes`)]),
    ...(!isPresent(priority) || (Number.isInteger(priority) && Number(priority) >= 1)
      ? []
      : [invalid(facts, [...path, 'priority'], `priority must be a whole number from 1, not ${JSON.stringify(priority)}`)]),
  ];
}

/** Refused for every runtime but the first of its place. */
function differentPriorities(facts: ManifestFacts, formats: readonly unknown[]): readonly Finding<Code>[] {
  const auto = formats
    .map((format, index) => ({ format, index }))
    .filter(({ format }) => fieldOf(format, 'autoSelect') === true && isPresent(fieldOf(format, 'priority')));
  const clash = auto.find(({ format }) =>
    auto.some(
      (other) =>
        fieldOf(other.format, 'name') === fieldOf(format, 'name') && fieldOf(other.format, 'priority') !== fieldOf(format, 'priority'),
    ),
  );
  if (clash === undefined) return [];
  const path: Path = ['spec', 'supportedModelFormats', clash.index, 'priority'];
  return [
    foundAt(
      'invalid-manifest',
      facts,
      path,
      `entries of the model format ${quoted(textOf(fieldOf(clash.format, 'name')) ?? '')} have different priorities: KServe refuses that, but for the first runtime of its scope`,
      { severity: 'warning' },
    ),
  ];
}

const FRAMEWORKS = ['sklearn', 'tensorflow', 'xgboost', 'pytorch', 'triton', 'onnx', 'huggingface', 'pmml', 'lightgbm', 'paddle'];

/** A longer word is no slip of a field's name. */
const LONGEST_TYPO = 20;

function noPredictor(facts: ManifestFacts): Finding<Code> {
  const near = didYouMean(
    'predictor',
    Object.keys(facts.manifest.object.spec ?? {}).filter((key) => key.length < LONGEST_TYPO),
  );
  const hint = near === undefined ? '' : `; spec.${near} is not a field of it: did you mean spec.predictor?`;
  return invalid(facts, ['spec'], `an InferenceService needs spec.predictor${hint}`);
}

function predictor(facts: ManifestFacts): readonly Finding<Code>[] {
  const { object } = facts.manifest;
  if (object.kind !== 'InferenceService') return [];
  const spec = at(object, 'spec', 'predictor');
  if (!isPresent(spec)) return [noPredictor(facts)];
  // The first framework becomes the model, in place of one that is there: https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1beta1/inference_service_defaults.go
  const frameworks = FRAMEWORKS.filter((word) => isPresent(fieldOf(spec, word)));
  const models = frameworks.length > 0 ? frameworks.length : Number(isPresent(fieldOf(spec, 'model')));
  const containers = listOf(fieldOf(spec, 'containers'));
  const servers = containers.filter((container) => fieldOf(container, 'name') === 'kserve-container').length;
  const count = models + (models === 0 && containers.length > 0 ? Math.max(1, servers) : servers);
  const findings =
    count === 1
      ? []
      : [
          invalid(
            facts,
            ['spec', 'predictor'],
            count === 0
              ? 'spec.predictor needs a model or a container'
              : 'spec.predictor must have exactly one of a model, a framework and a container kserve-container',
          ),
        ];
  return [...findings, ...modelFindings(facts, fieldOf(spec, 'model')), ...workers(facts, spec)];
}

function modelFindings(facts: ManifestFacts, model: unknown): readonly Finding<Code>[] {
  if (!isPresent(model)) return [];
  const path: Path = ['spec', 'predictor', 'model', 'modelFormat'];
  const [format, version] = [at(model, 'modelFormat', 'name'), at(model, 'modelFormat', 'version')];
  return [
    ...(typeof format === 'string' && format !== ''
      ? []
      : [invalid(facts, [...path, 'name'], 'spec.predictor.model.modelFormat needs a name, as text')]),
    ...(!isPresent(version) || typeof version === 'string'
      ? []
      : [invalid(facts, [...path, 'version'], `version must be text: put ${JSON.stringify(version)} in quotes`)]),
  ];
}

function workers(facts: ManifestFacts, spec: unknown): readonly Finding<Code>[] {
  if (!isPresent(fieldOf(spec, 'workerSpec')) || !isPresent(fieldOf(spec, 'model'))) return [];
  const uri = textOf(at(spec, 'model', 'storageUri'));
  const isMounted = uri !== undefined && /^(?:pvc|oci):\/\//.test(uri);
  const scaler = annotationOf(facts.manifest.object, 'serving.kserve.io/autoscalerClass');
  return [
    ...(isMounted
      ? []
      : [
          invalid(
            facts,
            ['spec', 'predictor', 'model', 'storageUri'],
            'a service with workerSpec needs a storageUri with pvc:// or oci://',
          ),
        ]),
    ...(scaler === 'none'
      ? []
      : [
          invalid(
            facts,
            ['metadata', 'annotations', 'serving.kserve.io/autoscalerClass'],
            'a service with workerSpec needs the annotation serving.kserve.io/autoscalerClass: none',
          ),
        ]),
  ];
}

function replicas(facts: ManifestFacts): readonly Finding<Code>[] {
  if (facts.manifest.object.kind !== 'InferenceService') return [];
  return ['predictor', 'transformer', 'explainer'].flatMap((component) => replicasOf(facts, component));
}

function replicasOf(facts: ManifestFacts, component: string): readonly Finding<Code>[] {
  const spec = at(facts.manifest.object, 'spec', component);
  const [minimum, maximum] = [fieldOf(spec, 'minReplicas') ?? 1, fieldOf(spec, 'maxReplicas') ?? 0];
  const path = (field: string): Path => ['spec', component, field];
  if (typeof minimum !== 'number' || typeof maximum !== 'number') return [];
  if (minimum < 0) return [invalid(facts, path('minReplicas'), 'minReplicas cannot be less than 0')];
  if (maximum < 0) return [invalid(facts, path('maxReplicas'), 'maxReplicas cannot be less than 0')];
  if (maximum === 0 || minimum <= maximum) return [];
  return [invalid(facts, path('maxReplicas'), `minReplicas (${minimum}) is greater than maxReplicas (${maximum})`)];
}

/** What the API server and KServe's webhooks would refuse, as far as it can be known without them. */
export const VALIDITY_RULES: readonly ManifestRule[] = [
  apiVersion,
  name,
  topLevel,
  metadataTexts,
  duplicates,
  runtime,
  predictor,
  replicas,
];
