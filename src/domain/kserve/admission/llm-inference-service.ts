import { fieldError, invalidValue, requiredValue, type Violation } from '../../kubernetes/schema/violation.ts';
import { llmRouterRefusals, schedulerRefusals } from './llm-router.ts';
import { llmWorkloadRefusals } from './llm-workload.ts';
import { isSet, items, numberAt, type Part, part, textAt } from './read.ts';

/** What KServe's webhook refuses of an LLMInferenceService that is to be created: https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1alpha2/llm_inference_service_validation.go */
export function llmInferenceServiceRefusals(object: Part): readonly Violation[] {
  const spec = part(object, 'spec');
  const version = textAt(object, 'apiVersion').split('/')[1] ?? '';
  const prefill = part(spec, 'prefill');
  return [
    ...llmRouterRefusals(part(spec, 'router'), version),
    ...llmWorkloadRefusals(spec),
    ...(isSet(prefill) ? llmWorkloadRefusals(prefill) : []),
    ...actuatorRefusals(spec, prefill),
    // The webhook of v1alpha1 looks no further.
    ...(version === 'v1alpha1' ? [] : [...adapterRefusals(part(spec, 'model', 'lora'), object), ...[spec, prefill].flatMap(cacheRefusals)]),
  ];
}

function actuatorRefusals(decode: Part, prefill: Part): readonly Violation[] {
  const [main, other] = [decode, prefill].map((workload) => part(workload, 'scaling', 'wva')) as [Part, Part];
  if (!isSet(main) || !isSet(other)) return [];
  const [first, second] = [main, other].map((wva) => (isSet(part(wva, 'hpa')) ? 'hpa' : 'keda'));
  const detail = `decode and prefill must use the same actuator backend; decode uses ${first} but prefill uses ${second} — mixing backends requires two separate metric pipelines and leads to independent, unsynchronised scaling decisions`;
  return first === second ? [] : [invalidValue(other.path, other.value, detail)];
}

/** Tiers of a cache beside the memory. */
function cacheRefusals(workload: Part): readonly Violation[] {
  const cache = part(workload, 'kvCacheOffloading');
  const tiers = items(part(cache, 'secondary'));
  const cpu = part(cache, 'cpu');
  const hasMemory = isSet(cpu) && !/^0*(?:\.0*)?[A-Za-z]*$/.test(textAt(cpu));
  return [
    ...(tiers.length > 0 && !hasMemory ? [requiredValue(cpu.path, 'cpu must be set when secondary tiers are configured')] : []),
    ...tiers.flatMap((tier) => {
      const files = part(tier, 'fileSystem');
      if (!isSet(files)) return [requiredValue(files.path, 'only fileSystem tiers are supported; fileSystem must be set')];
      const count = ['emptyDir', 'pvc'].filter((field) => isSet(part(files, field))).length;
      if (count === 1) return [];
      return count === 0
        ? [requiredValue(files.path, 'exactly one of emptyDir or pvc must be set')]
        : [invalidValue(files.path, files.value, 'exactly one of emptyDir or pvc must be set; multiple are set')];
    }),
  ];
}

const COUNTS = ['maxRank', 'maxAdapters', 'maxCpuAdapters'];

function adapterRefusals(lora: Part, object: Part): readonly Violation[] {
  const counts = COUNTS.flatMap((field) => {
    const count = numberAt(lora, field);
    return count !== undefined && count < 1 ? [invalidValue([...lora.path, field], count, `${field} must be at least 1`)] : [];
  });
  const adapters = items(part(lora, 'adapters'));
  const model = textAt(object, 'spec', 'model', 'name') || textAt(object, 'metadata', 'name');
  return [...counts, ...adapters.flatMap((adapter, index) => adapterName(part(adapter, 'name'), { index, adapters, model }))];
}

interface Among {
  readonly index: number;
  readonly adapters: readonly Part[];
  readonly model: string;
}

function adapterName(at: Part, { index, adapters, model }: Among): readonly Violation[] {
  const name = textAt(at);
  if (name === '') return [requiredValue(at.path, 'adapter name is required')];
  if (name === '.' || name === '..')
    return [invalidValue(at.path, name, 'adapter name must not include "." or ".." (path traversal risk)')];
  const first = adapters.findIndex((adapter) => textAt(adapter, 'name') === name);
  return [
    ...(first < index ? [invalidValue(at.path, name, `duplicate name (same as adapters[${first}])`)] : []),
    ...(name === model ? [invalidValue(at.path, name, `adapter name must differ from base model name "${model}"`)] : []),
  ];
}

/** https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1alpha2/llm_inference_service_config_validation.go */
export function llmConfigRefusals(object: Part): readonly Violation[] {
  const refs = part(object, 'spec', 'baseRefs');
  const detail = 'baseRefs is not a permitted field in LLMInferenceServiceConfig, support for recursive refs has been disabled';
  return [
    ...(items(refs).length > 0 ? [fieldError(refs.path, 'Forbidden', detail)] : []),
    ...schedulerRefusals(part(object, 'spec', 'router', 'scheduler')),
  ];
}
