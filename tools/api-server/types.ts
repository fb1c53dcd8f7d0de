import type { ApiResource, KubeObject } from '../../src/domain/kubernetes/resource.ts';

/** A kind that the server has. */
export interface ServedType extends ApiResource {
  /** Compiled in: answers differ in form from those of a CRD's kinds. */
  readonly builtIn: boolean;
  readonly categories?: readonly string[];
  /** The aggregation layer could not refresh its group version. */
  readonly stale?: boolean;
}

const BUILT_IN_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
// In the order of real discovery.
const CUSTOM_VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const CREATE_ONLY = ['create'];
const KSERVE = 'serving.kserve.io';

type Details = Partial<Pick<ServedType, 'namespaced' | 'shortNames' | 'verbs' | 'subresources' | 'categories' | 'stale'>>;

function builtIn(group: string, plural: string, kind: string, details: Details = {}): ServedType {
  const defaults = { namespaced: true, shortNames: [], verbs: BUILT_IN_VERBS, subresources: [] };
  return { group, version: 'v1', plural, kind, singular: kind.toLowerCase(), builtIn: true, ...defaults, ...details };
}

/** A kind of a CRD, namespaced unless said otherwise. */
export function customType(group: string, version: string, plural: string, kind: string, details: Details = {}): ServedType {
  const defaults = { namespaced: true, shortNames: [], verbs: CUSTOM_VERBS, subresources: [] };
  return { group, version, plural, kind, singular: kind.toLowerCase(), builtIn: false, ...defaults, ...details };
}

/** The built-in kinds that this project meets; a real server has more. */
export const BUILT_IN_TYPES: readonly ServedType[] = [
  builtIn('', 'configmaps', 'ConfigMap', { shortNames: ['cm'] }),
  builtIn('', 'events', 'Event', { shortNames: ['ev'] }),
  builtIn('', 'namespaces', 'Namespace', {
    namespaced: false,
    shortNames: ['ns'],
    verbs: BUILT_IN_VERBS.filter((verb) => verb !== 'deletecollection'),
    subresources: ['finalize', 'status'],
  }),
  builtIn('', 'nodes', 'Node', { namespaced: false, shortNames: ['no'], subresources: ['proxy', 'status'] }),
  builtIn('', 'persistentvolumeclaims', 'PersistentVolumeClaim', { shortNames: ['pvc'], subresources: ['status'] }),
  builtIn('', 'pods', 'Pod', {
    shortNames: ['po'],
    categories: ['all'],
    subresources: ['attach', 'binding', 'ephemeralcontainers', 'eviction', 'exec', 'log', 'portforward', 'proxy', 'resize', 'status'],
  }),
  builtIn('', 'resourcequotas', 'ResourceQuota', { shortNames: ['quota'], subresources: ['status'] }),
  builtIn('', 'secrets', 'Secret'),
  builtIn('', 'serviceaccounts', 'ServiceAccount', { shortNames: ['sa'], subresources: ['token'] }),
  builtIn('', 'services', 'Service', { shortNames: ['svc'], categories: ['all'], subresources: ['proxy', 'status'] }),
  builtIn('apps', 'deployments', 'Deployment', { shortNames: ['deploy'], categories: ['all'], subresources: ['scale', 'status'] }),
  builtIn('apps', 'replicasets', 'ReplicaSet', { shortNames: ['rs'], categories: ['all'], subresources: ['scale', 'status'] }),
  builtIn('authentication.k8s.io', 'selfsubjectreviews', 'SelfSubjectReview', { namespaced: false, verbs: CREATE_ONLY }),
  builtIn('authorization.k8s.io', 'localsubjectaccessreviews', 'LocalSubjectAccessReview', { verbs: CREATE_ONLY }),
  builtIn('authorization.k8s.io', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', { namespaced: false, verbs: CREATE_ONLY }),
  builtIn('authorization.k8s.io', 'selfsubjectrulesreviews', 'SelfSubjectRulesReview', { namespaced: false, verbs: CREATE_ONLY }),
  builtIn('authorization.k8s.io', 'subjectaccessreviews', 'SubjectAccessReview', { namespaced: false, verbs: CREATE_ONLY }),
  builtIn('rbac.authorization.k8s.io', 'clusterrolebindings', 'ClusterRoleBinding', { namespaced: false }),
  builtIn('rbac.authorization.k8s.io', 'clusterroles', 'ClusterRole', { namespaced: false }),
  builtIn('rbac.authorization.k8s.io', 'rolebindings', 'RoleBinding'),
  builtIn('rbac.authorization.k8s.io', 'roles', 'Role'),
  builtIn('apiextensions.k8s.io', 'customresourcedefinitions', 'CustomResourceDefinition', {
    namespaced: false,
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
    subresources: ['status'],
  }),
];

const STATUS = { subresources: ['status'] };
const CLUSTER = { namespaced: false };

/** KServe 0.20's kinds, with all its CRDs installed. */
export const KSERVE_TYPES: readonly ServedType[] = [
  customType(KSERVE, 'v1beta1', 'inferenceservices', 'InferenceService', { ...STATUS, shortNames: ['isvc'] }),
  ...['v1alpha2', 'v1alpha1'].flatMap((version) => [
    customType(KSERVE, version, 'llminferenceserviceconfigs', 'LLMInferenceServiceConfig', STATUS),
    customType(KSERVE, version, 'llminferenceservices', 'LLMInferenceService', { ...STATUS, shortNames: ['llmisvc'] }),
  ]),
  customType(KSERVE, 'v1alpha1', 'clusterservingruntimes', 'ClusterServingRuntime', CLUSTER),
  customType(KSERVE, 'v1alpha1', 'clusterstoragecontainers', 'ClusterStorageContainer', CLUSTER),
  customType(KSERVE, 'v1alpha1', 'inferencegraphs', 'InferenceGraph', { ...STATUS, shortNames: ['ig'] }),
  customType(KSERVE, 'v1alpha1', 'localmodelcaches', 'LocalModelCache', { ...STATUS, ...CLUSTER }),
  customType(KSERVE, 'v1alpha1', 'localmodelnamespacecaches', 'LocalModelNamespaceCache', STATUS),
  customType(KSERVE, 'v1alpha1', 'localmodelnodegroups', 'LocalModelNodeGroup', CLUSTER),
  customType(KSERVE, 'v1alpha1', 'localmodelnodes', 'LocalModelNode', { ...STATUS, ...CLUSTER }),
  customType(KSERVE, 'v1alpha1', 'servingruntimes', 'ServingRuntime'),
  customType(KSERVE, 'v1alpha1', 'trainedmodels', 'TrainedModel', { ...STATUS, shortNames: ['tm'] }),
];

export function apiVersion(type: Pick<ServedType, 'group' | 'version'>): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

/** The type of an object as its apiVersion and kind say. */
export function typeOf(object: KubeObject, types: readonly ServedType[]): ServedType {
  const type = types.find((one) => apiVersion(one) === object.apiVersion && one.kind === object.kind);
  if (type === undefined) throw new Error(`no served kind for ${object.apiVersion} ${object.kind}: give it in "types"`);
  return type;
}
