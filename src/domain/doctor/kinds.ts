import type { ResourceType } from '../kubernetes/resource.ts';

/** A kind that doctor reads, and what cannot be seen without it. */
export interface ReadKind {
  readonly type: ResourceType;
  /** One clause, after `it is not known`. */
  readonly hides: string;
}

function kind(
  group: string,
  version: string,
  kindName: string,
  hides: string,
  namespaced = true,
  plural = `${kindName.toLowerCase()}s`,
): ReadKind {
  return { type: { group, version, plural, kind: kindName, namespaced }, hides };
}

const KSERVE = 'serving.kserve.io';
const KNATIVE = 'serving.knative.dev';
const RBAC = 'rbac.authorization.k8s.io';
const ADMISSION = 'admissionregistration.k8s.io';
const GATEWAY = 'gateway.networking.k8s.io';

const ALL: readonly ReadKind[] = [
  kind(KSERVE, 'v1beta1', 'InferenceService', 'which InferenceServices there are'),
  kind(KSERVE, 'v1alpha2', 'LLMInferenceService', 'which LLMInferenceServices there are'),
  kind('', 'v1', 'Pod', 'why Pods do not start'),
  kind('apps', 'v1', 'Deployment', 'whether Pods can be created and rollouts come to an end'),
  kind('', 'v1', 'Event', 'what only Events hold, such as failed mounts and probes'),
  kind(KSERVE, 'v1alpha1', 'ServingRuntime', 'which runtimes the namespace has'),
  kind(KSERVE, 'v1alpha1', 'ClusterServingRuntime', 'which runtimes all namespaces share', false),
  kind(KSERVE, 'v1alpha1', 'ClusterStorageContainer', 'which storage URIs KServe can fetch from', false),
  kind(KSERVE, 'v1alpha2', 'LLMInferenceServiceConfig', 'which configurations an LLMInferenceService can be based on'),
  kind('', 'v1', 'Node', 'which taints and resources the nodes have', false),
  kind('', 'v1', 'Namespace', 'which labels the namespace has', false),
  kind('', 'v1', 'PersistentVolumeClaim', 'how the claims of Pods are'),
  kind('autoscaling', 'v2', 'HorizontalPodAutoscaler', 'how many replicas the autoscaler keeps'),
  kind(GATEWAY, 'v1', 'HTTPRoute', 'whether a gateway accepted the route'),
  kind(GATEWAY, 'v1', 'Gateway', 'which Gateways there are'),
  kind('', 'v1', 'ServiceAccount', 'which ServiceAccounts there are'),
  kind(RBAC, 'v1', 'Role', 'which Roles there are'),
  kind(RBAC, 'v1', 'ClusterRole', 'which ClusterRoles there are', false),
  kind(RBAC, 'v1', 'ClusterRoleBinding', 'which ClusterRoleBindings there are', false),
  kind('', 'v1', 'ConfigMap', 'which ConfigMaps there are'),
  kind('', 'v1', 'Secret', 'which Secrets there are'),
  kind('', 'v1', 'ResourceQuota', 'what the quotas of the namespace leave'),
  kind(ADMISSION, 'v1', 'MutatingWebhookConfiguration', "whether KServe's webhooks can work", false),
  kind(ADMISSION, 'v1', 'ValidatingWebhookConfiguration', "whether KServe's webhooks can work", false),
  kind(KNATIVE, 'v1', 'Revision', 'how the Revisions of Knative are'),
  kind(KNATIVE, 'v1', 'Configuration', 'how the Configurations of Knative are'),
  kind(KNATIVE, 'v1', 'Route', 'how the Routes of Knative are'),
];

const BY_NAME = new Map(ALL.map((one) => [one.type.kind, one]));

/** Every kind is in the table: a test holds the checks to it. */
export function readKind(name: string): ReadKind {
  const known = BY_NAME.get(name);
  if (known === undefined) throw new Error(`doctor does not read the kind ${name}`);
  return known;
}
