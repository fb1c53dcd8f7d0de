import type { Violation } from '../../kubernetes/schema/violation.ts';
import { blockedVariables, parallelSizeVariables } from './environment.ts';
import { gpuTypes, severalContainers, sizeRefusals, unknownGpus } from './multi-node.ts';
import { isSet, items, type Part, part, textAt } from './read.ts';

/**
 * What KServe's webhook refuses of a runtime by itself; what it says of two of them is in `priorities.ts` of doctor.
 * https://github.com/kserve/kserve/blob/v0.20.0/pkg/webhook/admission/servingruntime/servingruntime_webhook.go
 */
export function servingRuntimeRefusals(object: Part): readonly Violation[] {
  if (part(object, 'spec', 'disabled').value === true) return [];
  const [kind, name] = [textAt(object, 'kind'), textAt(object, 'metadata', 'name')];
  const workers = part(object, 'spec', 'workerSpec');
  const containers = items(part(object, 'spec', 'containers'));
  const blocked = [...containers, ...items(part(workers, 'containers'))];
  return [
    ...(isSet(workers) ? workerRefusals(object, containers, `the ${kind} ${name} is invalid`) : []),
    ...blocked.flatMap((container) => blockedVariables(container, `the ${kind} "${name}" is invalid`)),
  ];
}

function workerRefusals(object: Part, containers: readonly Part[], subject: string): readonly Violation[] {
  const workers = part(object, 'spec', 'workerSpec');
  const gpus = gpuTypes(part(object, 'spec', 'annotations'));
  const servers = containers.filter((container) => textAt(container, 'name') === 'kserve-container');
  const worker = items(part(workers, 'containers'))
    .slice(0, 1)
    .filter((container) => textAt(container, 'name') === 'worker-container');
  const unknown = (container: Part) =>
    unknownGpus(container, gpus, `${subject}: unknown GPU resource type in a container(${textAt(container, 'name')})`);
  return [
    ...severalContainers(workers, subject),
    ...servers.flatMap((container) => [...parallelSizeVariables(container, subject), ...unknown(container)]),
    ...worker.flatMap(unknown),
    ...sizeRefusals(workers, (size, value) => `${subject}: the WorkerSpec.${size} cannot be less than 1(${value})`),
  ];
}
