import { X509Certificate } from 'node:crypto';
import type { Facts } from '../../domain/doctor/facts.ts';
import { examineInstallation, type Installation } from '../../domain/doctor/installation/installation.ts';
import { isServedKind } from '../../domain/doctor/installation/kinds.ts';
import { CONTROLLER, CONTROLLER_NAMESPACES } from '../../domain/kserve/version.ts';
import { fieldOf, listOf, textOf } from '../../domain/kubernetes/json-value.ts';
import type { Discovery, KubeObject } from '../../domain/kubernetes/resource.ts';
import type { Reading } from '../../queries/doctor-reading.ts';

/** What tells how KServe itself is; all of it goes out with the first round. */
export function installationReadings(namespace: string | undefined): readonly Reading[] {
  const inNamespaces = CONTROLLER_NAMESPACES.flatMap((place) => [
    { kind: 'Deployment', namespace: place, name: CONTROLLER },
    { kind: 'ConfigMap', namespace: place, name: 'inferenceservice-config' },
  ]);
  const shared = [
    'ClusterServingRuntime',
    'ClusterRole',
    'ClusterRoleBinding',
    'MutatingWebhookConfiguration',
    'ValidatingWebhookConfiguration',
  ];
  return [...inNamespaces, ...shared.map((kind) => ({ kind })), { kind: 'ServingRuntime', namespace }];
}

/** What is asked once it is known where KServe is, and which of its optional kinds are served. */
export function laterInstallationReadings(facts: Facts, discovery: Discovery | undefined): readonly Reading[] {
  const isServed = (plural: string): boolean => isServedKind(plural, { discovery }) === 'yes';
  const controller = facts.list('Deployment').find(({ metadata }) => metadata.name === CONTROLLER);
  const namespace = textOf(controller?.metadata.namespace);
  const own: readonly Reading[] =
    namespace === undefined
      ? []
      : [
          // The controllers beside it.
          { kind: 'Deployment', namespace },
          ...(isServed('llminferenceserviceconfigs') ? [{ kind: 'LLMInferenceServiceConfig', namespace }] : []),
        ];
  return [...own, ...(isServed('clusterstoragecontainers') ? [{ kind: 'ClusterStorageContainer' }] : [])];
}

export function installationOf(facts: Facts, discovery: Discovery | undefined): Installation {
  const configurations = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'].flatMap((kind) => facts.list(kind));
  return examineInstallation({ facts, discovery, caEnds: new Map(configurations.flatMap(caEndsOf)) });
}

function caEndsOf(configuration: KubeObject): readonly (readonly [string, Date | undefined])[] {
  return listOf(configuration.webhooks).map((webhook) => [
    textOf(fieldOf(webhook, 'name')) ?? '',
    endOf(textOf(fieldOf(fieldOf(webhook, 'clientConfig'), 'caBundle')) ?? ''),
  ]);
}

/** The end of the first certificate of a bundle, which is base64 of PEM; undefined if it is none. */
function endOf(bundle: string): Date | undefined {
  try {
    return new X509Certificate(Buffer.from(bundle, 'base64')).validToDate;
  } catch {
    return undefined;
  }
}
