import { lookUp } from '../../../text/look-up.ts';
import { isSet, items, type Part, part, textAt } from '../../kserve/admission/read.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import { isJsonObject } from '../../kubernetes/schema/schema-node.ts';
import { annotationOf } from '../facts.ts';
import type { Missing } from '../missing.ts';
import { podSpecsOf } from './pod-specs.ts';

/** An object of the namespace that Pods of a manifest refer to. */
export interface Reference {
  readonly kind: Missing['kind'];
  readonly name: string;
  /** The field that names it. */
  readonly at: Part;
  /** The fields that name keys of it. */
  readonly keys: readonly Part[];
  /** Pods may start without it. */
  readonly isDispensable?: boolean;
}

/** What Kubernetes itself puts into each namespace, soon after that is there. */
const IN_EACH_NAMESPACE: Partial<Record<Reference['kind'], string>> = { ServiceAccount: 'default', ConfigMap: 'kube-root-ca.crt' };

/** What a manifest refers to; what is marked optional is left out. A runtime of the cluster refers to objects of every namespace that uses it. */
export function referencesOf(object: KubeObject): readonly Reference[] {
  if (object.kind === 'ClusterServingRuntime') return [];
  const references = podSpecsOf(object).flatMap(({ spec, containers }) => [
    ...[...containers.map((container) => part(container, 'storageUri')), ...storageUrisOf(spec)].flatMap(claimIn),
    ...reference('ServiceAccount', spec, 'serviceAccountName'),
    ...items(part(spec, 'imagePullSecrets')).flatMap(pullSecret),
    ...items(part(spec, 'volumes')).flatMap(ofVolume),
    ...containers.flatMap(ofContainer),
  ]);
  return references.filter(({ kind, name }) => lookUp(IN_EACH_NAMESPACE, kind) !== name);
}

function reference(kind: Reference['kind'], from: Part, ...steps: readonly string[]): readonly Reference[] {
  const at = part(from, ...steps);
  const owner = part(from, ...steps.slice(0, -1));
  const isOptional = part(owner, 'optional').value === true;
  const keys = [owner, ...items(part(owner, 'items'))].map((one) => part(one, 'key')).filter((key) => textAt(key) !== '');
  return textAt(at) === '' || isOptional ? [] : [{ kind, name: textAt(at), at, keys }];
}

/** A kubelet pulls without one that is missing: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/kubelet/kubelet_pods.go (getPullSecretsForPod) */
function pullSecret(secret: Part): readonly Reference[] {
  return reference('Secret', secret, 'name').map((one) => ({ ...one, isDispensable: true }));
}

function storageUrisOf(spec: Part): readonly Part[] {
  return items(part(spec, 'storageUris')).map((uri) => part(uri, 'uri'));
}

/** `pvc://CLAIM/PATH` */
function claimIn(uri: Part): readonly Reference[] {
  const [, name] = /^pvc:\/\/([^/]+)/.exec(textAt(uri)) ?? [];
  return name === undefined ? [] : [{ kind: 'PersistentVolumeClaim', name, at: uri, keys: [] }];
}

function ofVolume(volume: Part): readonly Reference[] {
  const sources = items(part(volume, 'projected', 'sources'));
  return [
    ...reference('Secret', volume, 'secret', 'secretName'),
    ...reference('ConfigMap', volume, 'configMap', 'name'),
    ...reference('PersistentVolumeClaim', volume, 'persistentVolumeClaim', 'claimName'),
    ...sources.flatMap((source) => [
      ...reference('Secret', source, 'secret', 'name'),
      ...reference('ConfigMap', source, 'configMap', 'name'),
    ]),
  ];
}

function ofContainer(container: Part): readonly Reference[] {
  const variables = items(part(container, 'env')).map((variable) => part(variable, 'valueFrom'));
  return [
    ...variables
      .filter(isSet)
      .flatMap((from) => [
        ...reference('Secret', from, 'secretKeyRef', 'name'),
        ...reference('ConfigMap', from, 'configMapKeyRef', 'name'),
      ]),
    ...items(part(container, 'envFrom')).flatMap((from) => [
      ...reference('Secret', from, 'secretRef', 'name'),
      ...reference('ConfigMap', from, 'configMapRef', 'name'),
    ]),
  ];
}

/** The Secret that storage keys are looked up in, unless KServe is configured otherwise. */
export function storageSecretOf(object: KubeObject): string {
  return annotationOf(object, 'serving.kserve.io/storageSecretName') || 'storage-config';
}

/** Keys of the Secret that holds credentials for storage. */
export function storageKeysOf(object: KubeObject): readonly Part[] {
  if (object.kind !== 'InferenceService') return [];
  const containers = podSpecsOf(object).flatMap((spec) => spec.containers);
  return containers.map((container) => part(container, 'storage', 'key')).filter((key) => textAt(key) !== '');
}

/** InferenceServices that an InferenceGraph sends requests to, or a TrainedModel belongs to. */
export function servicesNamedIn(object: KubeObject): readonly { readonly name: string; readonly at: Part }[] {
  const spec = part({ value: object, path: [] }, 'spec');
  const fields = object.kind === 'InferenceGraph' ? graphServices(part(spec, 'nodes')) : [part(spec, 'inferenceService')];
  if (object.kind !== 'InferenceGraph' && object.kind !== 'TrainedModel') return [];
  return fields.map((at) => ({ name: textAt(at), at })).filter(({ name }) => name !== '');
}

function graphServices(nodes: Part): readonly Part[] {
  const names = isJsonObject(nodes.value) ? Object.keys(nodes.value) : [];
  return names.flatMap((name) => items(part(nodes, name, 'steps')).map((step) => part(step, 'serviceName')));
}
