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
  /** KServe's Deployments and what their Pods need, to be seen: the controllers themselves run outside of the cluster. */
  readonly deployments: readonly KubeObject[];
  /** Checked by KServe's webhooks when they are created: runtimes, and presets for LLMInferenceServices. */
  readonly defaults: readonly KubeObject[];
  /** By the address where KServe listens. `authority` (PEM) vouches for it. */
  readonly webhooks: (port: number, authority: string) => readonly KubeObject[];
}

/** The namespace that KServe's configuration is in. */
export const KSERVE_NAMESPACE = 'kserve';

const RELEASE = 'install/v0.20.0';
const CONTROLLERS = ['kserve-controller-manager', 'llmisvc-controller-manager'];
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
  const [kserve = '', gateway = ''] = await Promise.all(
    ['github.com/kserve/kserve', 'sigs.k8s.io/gateway-api'].map((module) => goModuleFolder(KSERVE_MODULE, module)),
  );
  const inFolder = (folder: string) => yamlFiles(join(kserve, folder)).flatMap((file) => readYaml(join(kserve, folder, file)));
  const released = readWithoutCrds(join(kserve, RELEASE, 'kserve.yaml'));
  const ofKind = (kind: string) => released.filter((object) => object.kind === kind);
  const isController = ({ metadata }: KubeObject) => CONTROLLERS.includes(metadata.name ?? '');
  return {
    crds: [...CRD_FOLDERS.flatMap(inFolder).filter(isCrd), ...GATEWAY_CRDS.flatMap((file) => readYaml(join(gateway, file)))],
    config: [...ofKind('ConfigMap').map(withoutKnative), ...ofKind('ClusterStorageContainer').map(withoutNamespace)],
    deployments: [...ofKind('ServiceAccount').filter(isController), ...ofKind('Deployment').filter(isController)],
    defaults: [
      ...readYaml(join(kserve, RELEASE, 'kserve-cluster-resources.yaml')).filter(({ kind }) => kind === 'ClusterServingRuntime'),
      ...inFolder('config/llmisvcconfig')
        .filter(({ kind }) => kind === 'LLMInferenceServiceConfig')
        .map(inKserveNamespace),
    ],
    webhooks: (port, authority) =>
      [...ofKind('MutatingWebhookConfiguration'), ...ofKind('ValidatingWebhookConfiguration')].flatMap((object) =>
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
  return objectsIn(readFileSync(file, 'utf8'));
}

/** A release without its CRDs: megabytes, which are read from files of their own. */
function readWithoutCrds(file: string): KubeObject[] {
  const documents = readFileSync(file, 'utf8').split(/^---$/m);
  return documents.filter((text) => !/^kind: CustomResourceDefinition$/m.test(text)).flatMap(objectsIn);
}

function objectsIn(text: string): KubeObject[] {
  return (loadAll(text) as KubeObject[]).filter((object) => object?.kind !== undefined);
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
  return { ...config, data: { ...data, deploy, ingress } };
}

/** The file gives one to an object that has none. */
function withoutNamespace(object: KubeObject): KubeObject {
  const { namespace: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

interface Webhook {
  readonly clientConfig: { readonly service: { readonly path: string } };
}

/** The hooks whose controllers run here; the address is a Service of the cluster otherwise. */
function calledByUrl(object: KubeObject, url: string, authority: string): KubeObject[] {
  const caBundle = Buffer.from(authority).toString('base64');
  const webhooks = (object.webhooks as Webhook[])
    .filter(({ clientConfig }) => !/trainedmodel|inferencegraph|localmodel/.test(clientConfig.service.path))
    .map((hook) => ({ ...hook, clientConfig: { url: `${url}${hook.clientConfig.service.path}`, caBundle } }));
  return webhooks.length === 0 ? [] : [{ ...object, webhooks }];
}
