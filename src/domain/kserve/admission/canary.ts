import type { Violation } from '../../kubernetes/schema/violation.ts';
import { exactlyOnePredictor, extensionRefusals, predictorImplementation } from './component.ts';
import { isSet, items, numberAt, type Part, part, refusal, textAt, unless } from './read.ts';

/** What a canary may not set, since its replicas are fixed. */
const FIXED = ['scaleTarget', 'scaleMetric', 'autoScaling'];
const MOST_PERCENT = 100;

/** https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1beta1/inference_service_validation.go (validateCanarySpecs) */
export function canaryRefusals(object: Part): readonly Violation[] {
  const canaries = items(part(object, 'spec', 'canary'));
  if (canaries.length === 0) return [];
  const mode = part(object, 'metadata', 'annotations', 'serving.kserve.io/deploymentMode');
  // Without the annotation the mode is the cluster's.
  const isOther = isSet(mode) && !['Standard', 'RawDeployment'].includes(textAt(mode));
  const total = canaries.reduce((sum, canary) => sum + (numberAt(canary, 'trafficPercent') ?? 0), 0);
  return [
    ...unless(!isOther, mode, 'canary is only supported in Standard deployment mode'),
    ...canaries.flatMap((canary, index) => one(canary, index, { canaries, stable: part(object, 'spec', 'predictor') })),
    ...unless(
      total <= MOST_PERCENT,
      part(object, 'spec', 'canary'),
      `sum of canary trafficPercent values (${total}) must be <= ${MOST_PERCENT}`,
    ),
  ];
}

interface Beside {
  readonly canaries: readonly Part[];
  readonly stable: Part;
}

function one(canary: Part, index: number, beside: Beside): readonly Violation[] {
  const predictor = part(canary, 'predictor');
  const name = textAt(predictor, 'name');
  if (name === '') return [refusal(part(predictor, 'name'), `canary[${index}] predictor.name is required`)];
  const percent = numberAt(canary, 'trafficPercent') ?? 0;
  const implementation = predictorImplementation(predictor, false);
  const own = [...exactlyOnePredictor(predictor, implementation), ...extensionRefusals(predictor)];
  return [
    ...nameRefusals(predictor, index, beside),
    ...unless(
      percent >= 0 && percent <= MOST_PERCENT,
      part(canary, 'trafficPercent'),
      `canary "${name}" trafficPercent must be between 0 and ${MOST_PERCENT}, got ${percent}`,
    ),
    ...own.map(({ path, text }) => ({ path, text: `canary "${name}" predictor: ${text}` })),
    ...fixedRefusals(predictor, name, beside.stable),
  ];
}

function nameRefusals(predictor: Part, index: number, { canaries, stable }: Beside): readonly Violation[] {
  const name = textAt(predictor, 'name');
  const isSecond = canaries.slice(0, index).some((other) => textAt(other, 'predictor', 'name') === name);
  return [
    ...unless(!isSecond, part(predictor, 'name'), `canary predictor.name "${name}" is duplicated`),
    ...unless(
      name !== textAt(stable, 'name'),
      part(predictor, 'name'),
      `canary predictor.name "${name}" conflicts with stable predictor name`,
    ),
  ];
}

function fixedRefusals(predictor: Part, name: string, stable: Part): readonly Violation[] {
  const workers = part(predictor, 'workerSpec');
  const [least, most] = [numberAt(predictor, 'minReplicas') ?? 0, numberAt(stable, 'minReplicas') ?? 1];
  const maximum = part(predictor, 'maxReplicas');
  const say = (field: string) => `canary "${name}" must not set ${field} (canary uses fixed replicas)`;
  return [
    ...unless(!isSet(workers), workers, `canary "${name}" must not set workerSpec (multi-node is not yet supported for canary)`),
    ...unless((numberAt(maximum) ?? 0) <= 0, maximum, say('maxReplicas')),
    ...FIXED.flatMap((field) => unless(!isSet(part(predictor, field)), part(predictor, field), say(field))),
    ...unless(
      least <= most,
      part(predictor, 'minReplicas'),
      `canary "${name}" minReplicas (${least}) must not exceed stable predictor minReplicas (${most})`,
    ),
  ];
}
