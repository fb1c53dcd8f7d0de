import type { Selection } from '../../src/domain/kserve/runtime-selection.ts';
import { fieldOf, textOf } from '../../src/domain/kubernetes/json-value.ts';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';

/** What KServe says of a service's runtime: `SCOPE/NAME`, the reason that it gives for none, or undefined if it has not said anything yet. */
export function kserveAnswer(service: KubeObject): string | undefined {
  const status = fieldOf(service, 'status');
  const namespaced = textOf(fieldOf(status, 'servingRuntimeName'));
  const cluster = textOf(fieldOf(status, 'clusterServingRuntimeName'));
  if (namespaced !== undefined) return `namespace/${namespaced}`;
  if (cluster !== undefined) return `cluster/${cluster}`;
  const models = fieldOf(status, 'modelStatus');
  return fieldOf(models, 'transitionStatus') === 'InvalidSpec' ? textOf(fieldOf(fieldOf(models, 'lastFailureInfo'), 'reason')) : undefined;
}

/** The same of our own selection. */
export function ourAnswer(selection: Selection): string {
  return 'failure' in selection ? selection.failure.reason : `${selection.chosen.scope}/${selection.chosen.name}`;
}
