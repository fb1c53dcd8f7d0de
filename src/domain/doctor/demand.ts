import type { Finding } from '../finding.ts';
import type { Code } from './catalogue/catalogue.ts';
import type { Service } from './service.ts';

/** Kinds that make a finding surer or name its cause: asked for only then, all in one second round. */
const WORTH_READING: Readonly<Partial<Record<Code, readonly string[]>>> = {
  'no-supporting-runtime': ['ServingRuntime', 'ClusterServingRuntime'],
  'runtime-not-found': ['ServingRuntime', 'ClusterServingRuntime'],
  'runtime-disabled': ['ServingRuntime', 'ClusterServingRuntime'],
  'runtime-protocol': ['ServingRuntime', 'ClusterServingRuntime'],
  'runtime-format': ['ServingRuntime', 'ClusterServingRuntime'],
  'controller-not-running': ['ServingRuntime', 'ClusterServingRuntime'],
  'initializer-not-injected': ['Namespace'],
  'insufficient-resources': ['Node'],
  'untolerated-taint': ['Node'],
  unschedulable: ['Node'],
  'volume-claim-unbound': ['PersistentVolumeClaim'],
  'route-not-ready': ['HTTPRoute', 'Gateway'],
  'min-replicas-ignored': ['HorizontalPodAutoscaler'],
  'llm-config-missing': ['LLMInferenceServiceConfig'],
};

/** What is worth a second round of requests, after what the first one gave. */
export function demandsOf(service: Service, findings: readonly Finding<Code>[]): readonly string[] {
  const byFinding = findings.flatMap(({ code }) => WORTH_READING[code] ?? []);
  return [...new Set([...byFinding, ...silentDemands(service, findings), ...knativeDemands(service)])];
}

/** A status that says nothing, and no Event that does: an Event is gone after an hour. */
function silentDemands({ ref, conditions }: Service, findings: readonly Finding<Code>[]): readonly string[] {
  const isUnexplained = findings.some(({ code }) => code === 'not-ready' || code === 'loading');
  const isSilent = conditions.length > 0 && conditions.every(({ status, type }) => status === 'Unknown' || type === 'Stopped');
  return ref.kind === 'InferenceService' && isSilent && isUnexplained ? ['ClusterStorageContainer'] : [];
}

function knativeDemands({ deploymentMode, ready, stopped }: Service): readonly string[] {
  return deploymentMode === 'Knative' && ready?.status !== 'True' && !stopped ? ['Configuration', 'Revision', 'Route'] : [];
}

/** Whether it matters if Knative is installed. */
export function asksForKnative(services: readonly Service[]): boolean {
  return services.some(({ deploymentMode, ready }) => deploymentMode === 'Knative' && ready?.status !== 'True');
}
