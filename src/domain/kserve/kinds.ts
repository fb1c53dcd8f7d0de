import type { ApiResource } from '../kubernetes/resource.ts';
import { STANDARD_VERBS } from '../kubernetes/verb.ts';

export const KSERVE_GROUP = 'serving.kserve.io';

/** KFServing, which KServe was called up to 0.6. It had no runtime CRDs. */
export const LEGACY_GROUP = 'serving.kubeflow.org';

/** OpenShift's Templates: OpenShift AI's catalogue of runtimes. */
export const TEMPLATES = { group: 'template.openshift.io', plural: 'templates' };

function kserveKind(kind: string, version: string, namespaced: boolean, shortNames: readonly string[] = []): ApiResource {
  const singular = kind.toLowerCase();
  return {
    group: KSERVE_GROUP,
    version,
    plural: `${singular}s`,
    kind,
    namespaced,
    singular,
    shortNames,
    verbs: STANDARD_VERBS,
    subresources: ['status'],
  };
}

function withoutStatus(kind: ApiResource): ApiResource {
  return { ...kind, subresources: [] };
}

/** The kinds that KServe's CRDs define up to 0.19: so that a question can be asked where they are not installed or discovery fails. */
export const KSERVE_KINDS: readonly ApiResource[] = [
  kserveKind('InferenceService', 'v1beta1', true, ['isvc']),
  withoutStatus(kserveKind('ServingRuntime', 'v1alpha1', true)),
  withoutStatus(kserveKind('ClusterServingRuntime', 'v1alpha1', false)),
  kserveKind('InferenceGraph', 'v1alpha1', true, ['ig']),
  kserveKind('TrainedModel', 'v1alpha1', true, ['tm']),
  withoutStatus(kserveKind('ClusterStorageContainer', 'v1alpha1', false)),
  kserveKind('LLMInferenceService', 'v1alpha1', true, ['llmisvc']),
  kserveKind('LLMInferenceServiceConfig', 'v1alpha1', true),
  kserveKind('LocalModelCache', 'v1alpha1', false),
  kserveKind('LocalModelNamespaceCache', 'v1alpha1', true),
  kserveKind('LocalModelNode', 'v1alpha1', false),
  withoutStatus(kserveKind('LocalModelNodeGroup', 'v1alpha1', false)),
];
