import { isJsonObject } from '../../kubernetes/schema/schema-node.ts';
import type { Violation } from '../../kubernetes/schema/violation.ts';
import { parallelSizeVariables } from './environment.ts';
import { isSet, items, numberAt, type Part, part, refusal, textAt, unless } from './read.ts';

const BASIC: readonly string[] = ['cpu', 'memory', 'storage', 'ephemeral-storage'];
const GPUS: readonly string[] = ['nvidia.com/gpu', 'amd.com/gpu', 'intel.com/gpu', 'habana.ai/gaudi'];
const GPU_TYPES = 'serving.kserve.io/gpu-resource-types';

/** What KServe refuses of an InferenceService on several nodes: https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1beta1/inference_service_validation.go */
export function multiNodeRefusals(object: Part, model: Part, subject: string): readonly Violation[] {
  const workers = part(object, 'spec', 'predictor', 'workerSpec');
  if (!isSet(workers)) return [];
  const gpus = gpuTypes(part(object, 'metadata', 'annotations'));
  return [
    ...severalContainers(workers, subject),
    ...(isSet(model) ? modelRefusals(object, model, { subject, gpus }) : []),
    ...sizeRefusals(workers, (size, value) => `${subject}: WorkerSpec.${size} cannot be less than 1(${value})`),
    ...items(part(workers, 'containers')).flatMap((container) => unknownGpus(container, gpus, unknownGpuText(subject))),
  ];
}

export function severalContainers(workers: Part, subject: string): readonly Violation[] {
  const containers = part(workers, 'containers');
  return unless(items(containers).length <= 1, containers, `${subject}: setting multiple containers in workerSpec is not allowed`);
}

/** `say` tells it for a field such as PipelineParallelSize. */
export function sizeRefusals(workers: Part, say: (size: string, value: number) => string): readonly Violation[] {
  return ['pipelineParallelSize', 'tensorParallelSize'].flatMap((field) => {
    const size = numberAt(workers, field);
    return size !== undefined && size < 1
      ? [refusal(part(workers, field), say(`${field.charAt(0).toUpperCase()}${field.slice(1)}`, size))]
      : [];
  });
}

interface Multi {
  readonly subject: string;
  readonly gpus: readonly string[];
}

function unknownGpuText(subject: string): string {
  return `${subject}: Unknown GPU resource type. Set '${GPU_TYPES}' annotation to use custom gpu resource type`;
}

function modelRefusals(object: Part, model: Part, { subject, gpus }: Multi): readonly Violation[] {
  const scaler = part(object, 'metadata', 'annotations', 'serving.kserve.io/autoscalerClass');
  const text = textAt(scaler);
  return [
    ...parallelSizeVariables(model, subject),
    ...unknownGpus(model, gpus, unknownGpuText(subject)),
    ...storageRefusals(part(model, 'storageUri'), subject),
    ...unless(text === 'none', scaler, `${subject}: Multinode only supports 'none' autoscaler(${text})`),
  ];
}

function storageRefusals(uri: Part, subject: string): readonly Violation[] {
  if (!isSet(uri)) return [refusal(uri, `${subject}: StorageURI must be set for multinode enabled`)];
  const protocol = textAt(uri).split('://')[0] ?? '';
  const text = `${subject}: Multinode only supports 'pvc' and 'oci' Storage Protocol(${protocol})`;
  return unless(protocol === 'pvc' || protocol === 'oci', uri, text);
}

/** Resources of a container that are neither basic nor known as GPUs. */
export function unknownGpus(container: Part, gpus: readonly string[], text: string): readonly Violation[] {
  const unknown = ['limits', 'requests'].flatMap((field) => {
    const list = part(container, 'resources', field);
    const names = isJsonObject(list.value) ? Object.keys(list.value) : [];
    return names.filter((name) => !BASIC.includes(name) && !gpus.includes(name)).map((name) => part(list, name));
  });
  return unknown.slice(0, 1).map((resource) => refusal(resource, text));
}

/** Resources that are GPUs, with those of the annotation, which is a list in JSON. */
export function gpuTypes(annotations: Part): readonly string[] {
  try {
    const custom: unknown = JSON.parse(textAt(annotations, GPU_TYPES) || '[]');
    return [...GPUS, ...(Array.isArray(custom) ? custom.filter((one) => typeof one === 'string') : [])];
  } catch {
    return GPUS;
  }
}
