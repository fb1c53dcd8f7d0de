import { type RuntimeScope, toServingRuntime } from '../../../domain/kserve/serving-runtime.ts';
import type { KubeObject, ResourceType } from '../../../domain/kubernetes/resource.ts';
import { isStructured } from '../../../output/printer.ts';
import { withoutManagedFields } from '../../../output/structured.ts';
import type { ListRequest } from './request.ts';
import type { RuntimeRow } from './view.ts';

/** Objects of a long list take memory: only formats that show them keep them. */
export function toRow(object: KubeObject, type: ResourceType, scope: RuntimeScope, request: ListRequest): RuntimeRow {
  const kept = keptOf(object, request);
  return {
    type,
    runtime: toServingRuntime(object, scope),
    ...(kept !== undefined && { object: kept }),
    ...(request.watch !== undefined && { version: object.metadata.resourceVersion ?? '' }),
  };
}

/** kubectl keeps for templates what it leaves out of JSON. */
function keptOf(object: KubeObject, { format, order }: ListRequest): KubeObject | undefined {
  if (format === 'template') return object;
  return isStructured(format) || order !== undefined ? withoutManagedFields(object) : undefined;
}
