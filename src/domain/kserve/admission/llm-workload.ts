import { invalidValue, requiredValue, type Violation } from '../../kubernetes/schema/violation.ts';
import { isSet, numberAt, type Part, part, textAt } from './read.ts';

const VARIANT_COST = /^\d+(\.\d+)?$/;
const NEEDS_PARALLELISM = 'when worker is specified, parallelism must be configured for either data parallelism or pipeline parallelism';

function invalid(at: Part, detail: string): Violation {
  return invalidValue(at.path, at.value ?? null, detail);
}

/** What KServe refuses of a workload of an LLMInferenceService (the main one or `prefill`): https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1alpha2/llm_inference_service_validation.go */
export function llmWorkloadRefusals(workload: Part): readonly Violation[] {
  return [...parallelismRefusals(workload), ...scalingRefusals(workload)];
}

function parallelismRefusals(workload: Part): readonly Violation[] {
  const [worker, parallelism] = [part(workload, 'worker'), part(workload, 'parallelism')];
  const size = (field: string): number | undefined => numberAt(parallelism, field);
  const isData = (size('data') ?? 0) > 0 || (size('dataLocal') ?? 0) > 0;
  const isPipeline = (size('pipeline') ?? 0) > 0;
  const both = 'cannot set both pipeline parallelism and data parallelism (data or dataLocal) simultaneously';
  return [
    ...(isSet(worker) && !isData && !isPipeline ? [invalid(worker, NEEDS_PARALLELISM)] : []),
    ...(isData && isPipeline ? [invalid(parallelism, both)] : []),
    ...pairRefusals(parallelism),
    ...sizeRefusals(parallelism),
  ];
}

function pairRefusals(parallelism: Part): readonly Violation[] {
  const [data, local] = [part(parallelism, 'data'), part(parallelism, 'dataLocal')];
  if (isSet(data) === isSet(local)) return [];
  return isSet(data)
    ? [invalid(local, 'dataLocal must be set when data is set')]
    : [invalid(data, 'data must be set when dataLocal is set')];
}

function sizeRefusals(parallelism: Part): readonly Violation[] {
  return (['pipeline', 'data', 'dataLocal'] as const).flatMap((field) => {
    const size = numberAt(parallelism, field);
    return size !== undefined && size <= 0 ? [invalid(part(parallelism, field), `${field} parallelism must be greater than 0`)] : [];
  });
}

function scalingRefusals(workload: Part): readonly Violation[] {
  const scaling = part(workload, 'scaling');
  if (!isSet(scaling)) return [];
  const [least, most] = [numberAt(scaling, 'minReplicas'), numberAt(scaling, 'maxReplicas') ?? 0];
  const both = 'scaling and replicas are mutually exclusive; use scaling for autoscaled deployments or replicas for static deployments';
  return [
    ...(isSet(part(workload, 'replicas')) ? [invalid(scaling, both)] : []),
    ...(least !== undefined && least > most
      ? [invalid(part(scaling, 'minReplicas'), `minReplicas (${least}) cannot exceed maxReplicas (${most})`)]
      : []),
    ...actuatorRefusals(scaling),
  ];
}

function actuatorRefusals(scaling: Part): readonly Violation[] {
  const wva = part(scaling, 'wva');
  if (!isSet(wva)) return [requiredValue(wva.path, 'wva is required when scaling is configured; it provides the autoscaling mechanism')];
  const [hpa, keda, cost] = [part(wva, 'hpa'), part(wva, 'keda'), part(wva, 'variantCost')];
  const isMalformed = textAt(cost) !== '' && !VARIANT_COST.test(textAt(cost));
  return [
    ...(isSet(hpa) && isSet(keda) ? [invalid(wva, 'hpa and keda are mutually exclusive; choose one actuator backend')] : []),
    ...(isSet(hpa) || isSet(keda) ? [] : [requiredValue(wva.path, 'either hpa or keda must be specified as the actuator backend')]),
    ...(isMalformed ? [invalid(cost, 'variantCost must be a non-negative numeric string (e.g., "10", "10.0", "0.5")')] : []),
    ...idleRefusals(scaling, part(keda, 'idleReplicaCount')),
  ];
}

function idleRefusals(scaling: Part, idle: Part): readonly Violation[] {
  const [count, least] = [numberAt(idle), numberAt(scaling, 'minReplicas')];
  if (count === undefined) return [];
  if (least === undefined) {
    const detail = `minReplicas is required when idleReplicaCount is set; idleReplicaCount (${count}) must be less than minReplicas`;
    return [requiredValue([...scaling.path, 'minReplicas'], detail)];
  }
  const detail = `idleReplicaCount (${count}) must be less than minReplicas (${least}); idleReplicaCount defines the replica floor when no triggers are active`;
  return count < least ? [] : [invalid(idle, detail)];
}
