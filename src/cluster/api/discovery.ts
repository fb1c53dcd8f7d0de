import type { ApiGroup, ApiResource, ApiVersion, Discovery } from '../../domain/kubernetes/resource.ts';
import { ClusterError } from '../../errors.ts';
import type { DiscoverOptions } from '../cluster.ts';
import type { ApiRequest } from '../transport/transport.ts';
import { type Asked, isObject, unexpected } from './error.ts';

/** Aggregated discovery, all in one answer, newest form first; a server without it answers in plain JSON. */
const AGGREGATED = ['v2', 'v2beta1'].map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`);
const ACCEPT = [...AGGREGATED, 'application/json'].join(',');

type Json = Readonly<Record<string, unknown>>;

/** Sends a request and gives the JSON object that answers it, or rejects with a ClusterError. */
export type AskApi = (request: ApiRequest, asked: Asked) => Promise<Json>;

/**
 * What the server serves: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api. Rejects if there is no answer at
 * all; one version that cannot be described is marked as stale.
 */
export async function discover(ask: AskApi, { core }: DiscoverOptions): Promise<Discovery> {
  const [coreGroups, groups] = await Promise.all([core === true ? discoverRoot(ask, '/api') : [], discoverRoot(ask, '/apis')]);
  return { groups: [...coreGroups, ...groups] };
}

async function discoverRoot(ask: AskApi, path: '/api' | '/apis'): Promise<ApiGroup[]> {
  const root = await ask({ method: 'GET', path, accept: ACCEPT }, { method: 'GET' });
  // Half a description would make what it lacks look uninstalled.
  if (root.kind === 'APIGroupDiscoveryList' && isListed(root.items))
    return objects(root.items).map((group) => aggregatedGroup(path, group));
  if (root.kind === 'APIGroupList' && isListed(root.groups))
    return Promise.all(objects(root.groups).map((group) => separateGroup(ask, group)));
  if (root.kind === 'APIVersions' && isListed(root.versions))
    return [{ name: '', versions: await versionsAt(ask, '', root.versions.map(versionName)) }];
  throw unexpected(`no description of the APIs at ${path}`);
}

function isListed(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

function aggregatedGroup(path: '/api' | '/apis', { metadata, versions }: Json): ApiGroup {
  const name = path === '/api' ? '' : groupName(isObject(metadata) ? metadata.name : undefined);
  return { name, versions: objects(versions).map((version) => aggregatedVersion(name, version)) };
}

function aggregatedVersion(group: string, described: Json): ApiVersion {
  const version = versionName(described.version);
  const resources = objects(described.resources).map((resource) => aggregatedResource(group, version, resource));
  return { version, stale: described.freshness === 'Stale', resources };
}

function aggregatedResource(group: string, version: string, resource: Json): ApiResource {
  return {
    group,
    version,
    plural: text(resource.resource),
    kind: isObject(resource.responseKind) ? text(resource.responseKind.kind) : '',
    namespaced: resource.scope === 'Namespaced',
    singular: text(resource.singularResource),
    shortNames: strings(resource.shortNames),
    verbs: strings(resource.verbs),
    subresources: objects(resource.subresources).map(({ subresource }) => text(subresource)),
  };
}

async function separateGroup(ask: AskApi, { name, versions }: Json): Promise<ApiGroup> {
  const group = groupName(name);
  const names = objects(versions).map(({ version }) => versionName(version));
  return { name: group, versions: await versionsAt(ask, group, names) };
}

function versionsAt(ask: AskApi, group: string, versions: readonly string[]): Promise<ApiVersion[]> {
  return Promise.all(versions.map((version) => separateVersion(ask, group, version)));
}

async function separateVersion(ask: AskApi, group: string, version: string): Promise<ApiVersion> {
  const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  try {
    const list = await ask({ method: 'GET', path }, { method: 'GET' });
    if (list.kind !== 'APIResourceList' || !isListed(list.resources)) throw unexpected(`no list of resources at ${path}`);
    return { version, stale: false, resources: separateResources(group, version, objects(list.resources)) };
  } catch (error) {
    // An aggregated API whose server is down must not hide the others.
    if (error instanceof ClusterError && error.reason !== 'Interrupted') return { version, stale: true, resources: [] };
    throw error;
  }
}

/** A subresource is an entry of its own here, `deployments/scale`. */
function separateResources(group: string, version: string, entries: readonly Json[]): ApiResource[] {
  const names = entries.map(({ name }) => text(name));
  return entries.filter(({ name }) => !text(name).includes('/')).map((entry) => separateResource(group, version, entry, names));
}

function separateResource(group: string, version: string, entry: Json, names: readonly string[]): ApiResource {
  const plural = text(entry.name);
  return {
    group,
    version,
    plural,
    kind: text(entry.kind),
    namespaced: entry.namespaced === true,
    singular: text(entry.singularName),
    shortNames: strings(entry.shortNames),
    verbs: strings(entry.verbs),
    subresources: names.filter((name) => name.startsWith(`${plural}/`)).map((name) => name.slice(plural.length + 1)),
  };
}

/** Groups and versions are parts of paths: a name that is none would ask for something else. */
function groupName(name: unknown): string {
  if (typeof name === 'string' && /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/.test(name) && !name.includes('..')) return name;
  throw unexpected('an API group without a valid name');
}

function versionName(name: unknown): string {
  if (typeof name === 'string' && /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) return name;
  throw unexpected('an API version without a valid name');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** An empty list may be left out. */
function objects(value: unknown): Json[] {
  const list = value ?? [];
  if (Array.isArray(list) && list.every(isObject)) return list;
  throw unexpected('a description of the APIs that is not what Kubernetes defines');
}
