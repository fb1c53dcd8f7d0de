import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import type { ApiClient } from '../control-plane/client.ts';

const SERVING = '/apis/serving.kserve.io';
const IN_NAMESPACE = [
  [`${SERVING}/v1beta1`, 'inferenceservices'],
  [`${SERVING}/v1alpha2`, 'llminferenceservices'],
  [`${SERVING}/v1alpha1`, 'servingruntimes'],
  ['/apis/apps/v1', 'deployments'],
  ['/apis/apps/v1', 'replicasets'],
  ['/api/v1', 'pods'],
  ['/api/v1', 'services'],
  ['/apis/networking.k8s.io/v1', 'ingresses'],
  ['/apis/gateway.networking.k8s.io/v1', 'httproutes'],
  ['/apis/autoscaling/v2', 'horizontalpodautoscalers'],
  ['/api/v1', 'resourcequotas'],
  ['/api/v1', 'limitranges'],
  ['/api/v1', 'persistentvolumeclaims'],
  ['/api/v1', 'serviceaccounts'],
  ['/api/v1', 'events'],
] as const;

/** A namespace and all that it holds, as the API server has it now, but for Secrets and ConfigMaps. */
export async function recordNamespace(admin: ApiClient, namespace: string): Promise<readonly KubeObject[]> {
  const itself = (await admin.get(`/api/v1/namespaces/${namespace}`)) as KubeObject;
  const lists = await Promise.all(IN_NAMESPACE.map(([root, plural]) => list(admin, `${root}/namespaces/${namespace}/${plural}`)));
  return [itself, ...lists.flat()].map(withoutManagedFields);
}

async function list(admin: ApiClient, path: string): Promise<KubeObject[]> {
  const { apiVersion, kind, items } = (await admin.get(path)) as { apiVersion: string; kind: string; items: KubeObject[] };
  return items.map((item) => ({ apiVersion, kind: kind.replace(/List$/, ''), ...item }));
}

function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
