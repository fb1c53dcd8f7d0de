import { X509Certificate } from 'node:crypto';
import type { Facts } from '../../domain/doctor/facts.ts';
import { examineInstallation, type Installation } from '../../domain/doctor/installation.ts';
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
  const shared = ['ClusterServingRuntime', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'].map((kind) => ({ kind }));
  return [...inNamespaces, ...shared, { kind: 'ServingRuntime', namespace }];
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
