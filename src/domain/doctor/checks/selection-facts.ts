import type { Evidence, Fix } from '../../finding.ts';
import type { ModelRequest } from '../../kserve/model.ts';
import { modelFormatText, type ServingRuntime, toServingRuntime } from '../../kserve/serving-runtime.ts';
import { evidenceOf } from '../check.ts';
import { isPresent, type Service } from '../service.ts';

export interface Failure {
  readonly reason: string;
  readonly message: string;
}

const INFO = 'status.modelStatus.lastFailureInfo';

export function evidence({ ref, object }: Service, { reason, message }: Failure): Evidence[] {
  // A manifest has no status to quote.
  if (!isPresent(object.status)) return [];
  return [evidenceOf(ref, `${INFO}.reason`, reason), evidenceOf(ref, `${INFO}.message`, message)];
}

/** Runtimes that KServe looks at for the service, and whether they are all. */
export function runtimesFor({ facts, ref }: Service): { readonly runtimes: readonly ServingRuntime[]; readonly complete: boolean } {
  return {
    runtimes: [
      ...facts.list('ServingRuntime', ref.namespace).map((object) => toServingRuntime(object, 'namespace')),
      ...facts.list('ClusterServingRuntime').map((object) => toServingRuntime(object, 'cluster')),
    ],
    complete: facts.isComplete('ServingRuntime', ref.namespace) && facts.isComplete('ClusterServingRuntime', undefined),
  };
}

export const RUNTIME = 'spec.predictor.model.runtime';

export function runtimePatch(runtime: string): object {
  return { spec: { predictor: { model: { runtime } } } };
}

export function runtimeRef(runtime: ServingRuntime) {
  const { name, namespace } = runtime;
  return runtime.scope === 'namespace'
    ? { kind: 'ServingRuntime', ...(namespace !== undefined && { namespace }), name }
    : { kind: 'ClusterServingRuntime', name };
}

export function protocolEvidence(runtime: ServingRuntime | undefined): Evidence[] {
  return runtime === undefined ? [] : [evidenceOf(runtimeRef(runtime), 'spec.protocolVersions', runtime.protocolVersions.join(', '))];
}

export function protocolFix(runtime: ServingRuntime | undefined): Fix | undefined {
  const [protocol] = runtime?.protocolVersions ?? [];
  if (protocol === undefined) return undefined;
  return {
    text: `set protocolVersion to ${protocol}, or use another runtime`,
    patch: { spec: { predictor: { model: { protocolVersion: protocol } } } },
  };
}

export function formatText(request: ModelRequest | undefined): string {
  if (request === undefined) return '';
  return modelFormatText({ name: request.format, ...(request.version !== undefined && { version: request.version }) });
}
