import { fieldOf } from '../../kubernetes/json-value.ts';
import { parseQuantity } from '../../kubernetes/quantity.ts';
import { fieldError, type Violation } from '../../kubernetes/schema/violation.ts';
import { isSet, items, numberAt, type Part, part, refusal, textAt, unless } from './read.ts';

const CLASSES: readonly string[] = ['hpa', 'external', 'keda', 'none'];
const MEBIBYTE = 2 ** 20;
const HPA = 'hpa.autoscaling.knative.dev';

export function autoscalerClassRefusals(annotations: Part): readonly Violation[] {
  const scaler = part(annotations, 'serving.kserve.io/autoscalerClass');
  return isSet(scaler)
    ? unless(CLASSES.includes(textAt(scaler)), scaler, `[${textAt(scaler)}] is not a supported autoscaler class type`)
    : [];
}

/** What scales a component: an HPA, KEDA, Knative's autoscaler, or none that KServe checks. */
export type Scaler = 'hpa' | 'keda' | 'kpa' | 'unchecked';

/** By annotations. Without a mode it is the cluster's: which one is not known. */
export function scalerOf(annotations: Part): Scaler {
  const mode = textAt(annotations, 'serving.kserve.io/deploymentMode');
  if (mode === '') return 'unchecked';
  if (mode === 'Standard' || mode === 'RawDeployment') {
    const scaler = textAt(annotations, 'serving.kserve.io/autoscalerClass');
    return scaler === 'hpa' || scaler === 'keda' ? scaler : 'unchecked';
  }
  return textAt(annotations, 'autoscaling.knative.dev/class') === HPA ? 'hpa' : 'kpa';
}

/** https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1beta1/inference_service_validation.go (validateAutoScalingCompExtension) */
export function scalingRefusals(component: Part, scaler: Scaler): readonly Violation[] {
  switch (scaler) {
    case 'hpa':
      return hpaRefusals(component);
    case 'keda':
      return kedaRefusals(component);
    case 'kpa':
      return kpaRefusals(component);
    case 'unchecked':
      return [];
  }
}

function metricOf(component: Part, usual: string, allowed: readonly string[]): { metric: string; refused: readonly Violation[] } {
  const metric = part(component, 'scaleMetric');
  const text = isSet(metric) ? textAt(metric) : usual;
  return { metric: text, refused: unless(allowed.includes(text), metric, `[${text}] is not a supported metric`) };
}

function hpaRefusals(component: Part): readonly Violation[] {
  const { metric, refused } = metricOf(component, 'cpu', ['cpu', 'memory']);
  if (refused.length > 0) return refused;
  const target = numberAt(component, 'scaleTarget');
  const place = part(component, 'scaleTarget');
  const isPercentage = target === undefined || (target <= 100 && !(metric === 'cpu' && target < 1));
  return [
    ...unless(isPercentage, place, 'the target utilization percentage should be a [1-100] integer'),
    ...unless(!(metric === 'memory' && target !== undefined && target < 1), place, 'the target memory should be greater than 1 MiB'),
    ...metricsOf(component).flatMap((one) => hpaMetric(one)),
  ];
}

function metricsOf(component: Part): readonly Part[] {
  return items(part(component, 'autoScaling', 'metrics'));
}

/** Words that may be left out by the schema, and that the webhook then writes empty, which the schema refuses. */
const WRITTEN: readonly (readonly [path: readonly string[], words: readonly string[]])[] = [
  ...['resource', 'external', 'podmetric'].map(
    (source) =>
      [
        [source, 'target', 'type'],
        ['Utilization', 'Value', 'AverageValue'],
      ] as const,
  ),
  [
    ['external', 'metric', 'backend'],
    ['prometheus', 'graphite'],
  ],
  [['podmetric', 'metric', 'backend'], ['opentelemetry']],
];

export function emptyWordRefusals(component: Part): readonly Violation[] {
  return metricsOf(component).flatMap((metric) =>
    WRITTEN.flatMap(([path, words]) => {
      const [owner, word] = [part(metric, ...path.slice(0, -1)), part(metric, ...path)];
      if (!isSet(owner) || isSet(word)) return [];
      return [fieldError(word.path, 'Unsupported value: ""', `supported values: ${words.map((one) => JSON.stringify(one)).join(', ')}`)];
    }),
  );
}

/** A target is read by a type of KServe's own, which takes no fraction. */
export function fractionRefusals(component: Part): readonly Violation[] {
  const targets = metricsOf(component).flatMap((metric) =>
    ['resource', 'external', 'podmetric'].flatMap((source) =>
      ['value', 'averageValue'].map((field) => part(metric, source, 'target', field)),
    ),
  );
  return targets
    .filter(({ value }) => typeof value === 'number' && !Number.isInteger(value))
    .map((target) =>
      refusal(target, `value must be string or integer: json: cannot unmarshal number ${target.value} into Go value of type int64`),
    );
}

function hpaMetric(metric: Part): readonly Violation[] {
  const type = textAt(metric, 'type');
  const text = `invalid HPA metric source type with value [${type}],valid metric source types are Resource`;
  if (type !== 'Resource') return [refusal(part(metric, 'type'), text)];
  return unless(isSet(part(metric, 'resource')), metric, 'metricSpec.Resource is not set for resource metric source type');
}

function kpaRefusals(component: Part): readonly Violation[] {
  const strategy = part(component, 'deploymentStrategy');
  const { metric, refused } = metricOf(component, 'concurrency', ['concurrency', 'rps']);
  const target = numberAt(component, 'scaleTarget');
  return [
    ...unless(!isSet(strategy), strategy, 'customizing deploymentStrategy is only supported for raw deployment mode'),
    ...refused,
    ...unless(
      !(metric === 'rps' && target !== undefined && target < 1),
      part(component, 'scaleTarget'),
      'the target for rps should be greater than 1',
    ),
  ];
}

function kedaRefusals(component: Part): readonly Violation[] {
  const metric = part(component, 'scaleMetric');
  return [
    ...unless(!isSet(metric), metric, 'ScaleMetric is not supported for KEDA'),
    ...metricsOf(component).flatMap((one) => kedaMetric(one)),
  ];
}

/** Sources of metrics beside resources: the field of each, and what KServe calls it. */
const SOURCES: ReadonlyMap<string, readonly [field: string, name: string]> = new Map([
  ['External', ['external', 'external']],
  ['PodMetric', ['podmetric', 'pod']],
]);

function kedaMetric(metric: Part): readonly Violation[] {
  const type = textAt(metric, 'type');
  if (type === 'Resource') return kedaResource(part(metric, 'resource'));
  const [field, name] = SOURCES.get(type) ?? [];
  if (field === undefined) {
    const text = `unknown KEDA metric type with value [${type}].Valid types are Resource,External,PodMetric`;
    return [refusal(part(metric, 'type'), text)];
  }
  const from = part(metric, field);
  if (!isSet(from)) return [refusal(from, `metricSpec.${type} is not set for ${name} metric source type`)];
  if (textAt(from, 'metric', 'query') === '') return [refusal(part(from, 'metric', 'query'), 'the query should not be empty')];
  const value = part(from, 'target', 'value');
  return isSet(value) ? targetRefusals(part(from, 'target')) : [refusal(value, 'the target threshold value should not be empty')];
}

function kedaResource(resource: Part): readonly Violation[] {
  if (!isSet(resource)) return [refusal(resource, 'metricSpec.Resource is not set for resource metric source type')];
  const target = part(resource, 'target');
  const type = textAt(target, 'type');
  const place = part(target, 'type');
  if (textAt(resource, 'name') === 'cpu' && type !== 'Utilization')
    return [refusal(place, 'the cpu target value type should be Utilization')];
  if (textAt(resource, 'name') === 'memory' && type !== 'Utilization') {
    if (type !== 'AverageValue') return [refusal(place, 'the memory target value type should be AverageValue or Utilization')];
    const value = quantityAt(target, 'averageValue');
    if (value !== undefined && value < MEBIBYTE)
      return [refusal(part(target, 'averageValue'), 'the memory target value should be greater than 1 MiB')];
  }
  return targetRefusals(target);
}

function quantityAt(from: Part, field: string): number | undefined {
  const value = fieldOf(from.value, field);
  return typeof value === 'string' || typeof value === 'number' ? parseQuantity(String(value)) : undefined;
}

function targetRefusals(target: Part): readonly Violation[] {
  const type = textAt(target, 'type');
  const utilization = numberAt(target, 'averageUtilization');
  const [field, word] = TARGETS.get(type) ?? [];
  if (field === undefined) return [];
  if (!isSet(part(target, field))) return [refusal(part(target, field), `the ${word} type should be set`)];
  const isPercentage = type !== 'Utilization' || utilization === undefined || (utilization >= 1 && utilization <= 100);
  return unless(isPercentage, part(target, field), 'the target utilization percentage should be a [1-100] integer');
}

const TARGETS: ReadonlyMap<string, readonly [field: string, word: string]> = new Map([
  ['Utilization', ['averageUtilization', 'AverageUtilization']],
  ['AverageValue', ['averageValue', 'AverageValue']],
  ['Value', ['value', 'Value']],
]);
