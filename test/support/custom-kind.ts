import { setTimeout as delay } from 'node:timers/promises';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import type { ApiClient } from '../../tools/control-plane/client.ts';

const SERVED_MS = 30_000;
const POLL_MS = 50;

/** What a kind of a CRD is called; namespaced unless `cluster` is set. */
export interface CustomKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly shortNames?: readonly string[];
  readonly cluster?: boolean;
}

function pluralOf({ kind }: CustomKind): string {
  return `${kind.toLowerCase()}s`;
}

function crd(kind: CustomKind): KubeObject {
  const plural = pluralOf(kind);
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${kind.group}` },
    spec: {
      group: kind.group,
      scope: kind.cluster === true ? 'Cluster' : 'Namespaced',
      names: { plural, singular: kind.kind.toLowerCase(), kind: kind.kind, shortNames: kind.shortNames ?? [] },
      versions: [{ name: kind.version, served: true, storage: true, schema }],
    },
  };
}

async function untilServed(admin: ApiClient, kind: CustomKind): Promise<void> {
  const deadline = Date.now() + SERVED_MS;
  for (;;) {
    const { status, body } = await admin.request('GET', `/apis/${kind.group}/${kind.version}`);
    const names = status === 200 ? (body.resources as { readonly name: string }[]).map(({ name }) => name) : [];
    if (names.includes(pluralOf(kind)) && (await isDiscovered(admin, kind))) return;
    if (Date.now() > deadline) throw new Error(`${pluralOf(kind)}.${kind.group} is not served after ${SERVED_MS / 1_000} s`);
    await delay(POLL_MS);
  }
}

/** Aggregated discovery, which clients read, comes later than the group's own. */
async function isDiscovered(admin: ApiClient, { group, kind }: CustomKind): Promise<boolean> {
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  const { body } = await admin.request('GET', '/apis', { headers: { accept } });
  const items = body.items as { metadata: { name: string }; versions: { resources: { responseKind: { kind: string } }[] }[] }[];
  const versions = items.find(({ metadata }) => metadata.name === group)?.versions ?? [];
  return versions.some(({ resources }) => resources.some(({ responseKind }) => responseKind.kind === kind));
}

/** Installs CRDs for kinds of any content, and waits until discovery shows them. Returns the CRDs, to be deleted. */
export async function installKinds(admin: ApiClient, kinds: readonly CustomKind[]): Promise<readonly KubeObject[]> {
  const objects = kinds.map(crd);
  await admin.apply(...objects);
  await Promise.all(kinds.map((kind) => untilServed(admin, kind)));
  return objects;
}
