import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';
import { KSERVE_MODULE } from '../binaries.ts';
import { goModuleFolder } from '../go-tools.ts';

/** KServe's own manifests, changed only where a cluster without Knative, Istio and cluster network needs it. */
export interface Manifests {
  readonly crds: readonly KubeObject[];
  /** Read by KServe when it starts: the ConfigMap and the storage container. */
  readonly config: readonly KubeObject[];
  /** Checked by KServe's webhooks when they are created: runtimes, and presets for LLMInferenceServices. */
  readonly defaults: readonly KubeObject[];
  /** By the address where KServe listens. `authority` (PEM) vouches for it. */
  readonly webhooks: (port: number, authority: string) => readonly KubeObject[];
}

/** The namespace that KServe's configuration is in. */
export const KSERVE_NAMESPACE = 'kserve';

const CRD_FOLDERS = [
  'config/crd/full',
  'config/crd/full/clusterstoragecontainer',
  'config/crd/full/localmodel',
  'config/crd/minimal/llmisvc',
];
const GATEWAY_CRDS = ['gatewayclasses', 'gateways', 'httproutes'].map(
  (plural) => `config/crd/standard/gateway.networking.k8s.io_${plural}.yaml`,
);

/** Reads them from the Go modules of KServe and the Gateway API, in the versions that KServe is built from. */
export async function readManifests(): Promise<Manifests> {
  const [kserve, gateway] = await Promise.all(
    ['github.com/kserve/kserve', 'sigs.k8s.io/gateway-api'].map((module) => goModuleFolder(KSERVE_MODULE, module)),
  );
  const read = (file: string) => readYaml(join(kserve as string, file));
  const inFolder = (folder: string) =>
    yamlFiles(join(kserve as string, folder)).flatMap((file) => readYaml(join(kserve as string, folder, file)));
  return {
    crds: [...CRD_FOLDERS.flatMap(inFolder).filter(isCrd), ...GATEWAY_CRDS.flatMap((file) => readYaml(join(gateway as string, file)))],
    config: [
      ...read('config/configmap/inferenceservice.yaml').map(withoutKnative),
      ...read('config/storagecontainers/default.yaml').map(withReleasedImage),
    ],
    defaults: [
      ...read('install/v0.20.0/kserve-cluster-resources.yaml').filter(({ kind }) => kind === 'ClusterServingRuntime'),
      ...inFolder('config/llmisvcconfig')
        .filter(({ kind }) => kind === 'LLMInferenceServiceConfig')
        .map(inKserveNamespace),
    ],
    webhooks: (port, authority) =>
      [...read('config/webhook/manifests.yaml'), ...read('config/webhook/llmisvc/manifests.yaml')].flatMap((object) =>
        calledByUrl(object, `https://127.0.0.1:${port}`, authority),
      ),
  };
}

function yamlFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml') && file !== 'kustomization.yaml')
    .sort();
}

function readYaml(file: string): KubeObject[] {
  return (loadAll(readFileSync(file, 'utf8')) as KubeObject[]).filter((object) => object?.kind !== undefined);
}

/** Beside the CRDs lie kustomize's patches for them, of the same kind. */
function isCrd({ kind, spec }: KubeObject): boolean {
  return kind === 'CustomResourceDefinition' && (spec as { versions?: unknown }).versions !== undefined;
}

function inKserveNamespace(object: KubeObject): KubeObject {
  return { ...object, metadata: { ...object.metadata, namespace: KSERVE_NAMESPACE } };
}

/** Deployments instead of Knative's Services, and Ingresses that no Istio has to route. */
function withoutKnative(config: KubeObject): KubeObject {
  const { _example, ...data } = config.data as Record<string, string>;
  const edit = (key: string, changes: object) => JSON.stringify({ ...JSON.parse(data[key] as string), ...changes }, null, 2);
  const deploy = edit('deploy', { defaultDeploymentMode: 'Standard' });
  const ingress = edit('ingress', { disableIstioVirtualHost: true, ingressClassName: 'nginx' });
  return inKserveNamespace({ ...config, data: { ...data, deploy, ingress } });
}

/** The file has a placeholder for kustomize. */
function withReleasedImage(storage: KubeObject): KubeObject {
  const { container, ...spec } = storage.spec as { container: object };
  return { ...storage, spec: { ...spec, container: { ...container, image: 'kserve/storage-initializer:v0.20.0' } } };
}

interface Webhook {
  readonly clientConfig: { readonly service: { readonly path: string } };
}

/** The hooks whose controllers run here; the address is a Service of the cluster otherwise. */
function calledByUrl(object: KubeObject, url: string, authority: string): KubeObject[] {
  const { creationTimestamp: _, ...metadata } = object.metadata;
  const caBundle = Buffer.from(authority).toString('base64');
  const webhooks = (object.webhooks as Webhook[])
    .filter(({ clientConfig }) => !/trainedmodel|inferencegraph/.test(clientConfig.service.path))
    .map((hook) => ({ ...hook, clientConfig: { url: `${url}${hook.clientConfig.service.path}`, caBundle } }));
  return webhooks.length === 0 ? [] : [{ ...object, metadata, webhooks }];
}
