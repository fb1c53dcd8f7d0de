import { setTimeout as delay } from 'node:timers/promises';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { fixtureObjects, kserveObjects } from '../fixtures.ts';
import type { ApiClient } from './client.ts';

/** Which of KServe's CRDs a server has: our own three that take any spec, or KServe's (without the optional ones). */
export type Crds = 'none' | 'fixture' | 'upstream';

const SERVED_MS = 30_000;
const POLL_MS = 50;

/** Installs them, and waits until the server lists objects of each. */
export async function installCrds(admin: ApiClient, objects: readonly KubeObject[]): Promise<void> {
  await admin.apply(...objects);
  await Promise.all(objects.map((crd) => untilServed(admin, crd)));
}

/** The CRDs that a name stands for. */
export function crdObjects(crds: Crds): KubeObject[] {
  if (crds === 'none') return [];
  if (crds === 'fixture') return fixtureObjects('crds');
  return kserveObjects('crd-full');
}

interface CrdSpec {
  readonly group: string;
  readonly names: { readonly plural: string };
  readonly versions: readonly { readonly name: string; readonly served: boolean }[];
}

/** `Established` comes first, then discovery, and last (429 until then) the storage. */
async function untilServed(admin: ApiClient, crd: KubeObject): Promise<void> {
  const { group, names, versions } = crd.spec as CrdSpec;
  const roots = versions.filter(({ served }) => served).map(({ name }) => `/apis/${group}/${name}`);
  const deadline = Date.now() + SERVED_MS;
  while (!(await isServed(admin, roots, names.plural))) {
    if (Date.now() > deadline) throw new Error(`${names.plural}.${group} is not served after ${SERVED_MS / 1_000} s`);
    await delay(POLL_MS);
  }
}

async function isServed(admin: ApiClient, roots: readonly string[], plural: string): Promise<boolean> {
  for (const root of roots) {
    const discovery = await admin.request('GET', root);
    if (discovery.status !== 200) return false;
    if (!(discovery.body.resources as { name: string }[]).some(({ name }) => name === plural)) return false;
    if ((await admin.request('GET', `${root}/${plural}?limit=1`)).status !== 200) return false;
  }
  return true;
}
