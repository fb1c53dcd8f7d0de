import type { Reply } from './api-recorder.ts';

const GROUP = 'serving.kserve.io';
const VERSION = 'v1alpha1';
const KINDS = [
  { plural: 'servingruntimes', kind: 'ServingRuntime', namespaced: true },
  { plural: 'clusterservingruntimes', kind: 'ClusterServingRuntime', namespaced: false },
];
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Discovery in the form asked for, behind any path prefix; undefined for other paths. */
export function discovery(path: string, aggregated: boolean): Reply | undefined {
  if (path.endsWith('/api')) return aggregated ? inOne([]) : { body: { kind: 'APIVersions', versions: ['v1'] } };
  if (path.endsWith('/api/v1')) return { body: { kind: 'APIResourceList', groupVersion: 'v1', resources: [] } };
  if (path.endsWith('/apis')) return aggregated ? inOne([groupWithResources()]) : { body: groups() };
  if (path.endsWith(`/apis/${GROUP}/${VERSION}`)) return { body: resources() };
  return undefined;
}

function inOne(items: readonly object[]): Reply {
  const body = { apiVersion: 'apidiscovery.k8s.io/v2', kind: 'APIGroupDiscoveryList', metadata: {}, items };
  return { headers: { 'Content-Type': AGGREGATED }, body };
}

function groupWithResources(): object {
  const list = KINDS.map(({ plural, kind, namespaced }) => ({
    resource: plural,
    responseKind: { group: GROUP, version: VERSION, kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.toLowerCase(),
    verbs: ['get', 'list'],
  }));
  return { metadata: { name: GROUP }, versions: [{ version: VERSION, resources: list, freshness: 'Current' }] };
}

function groups(): object {
  const version = { groupVersion: `${GROUP}/${VERSION}`, version: VERSION };
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: [{ name: GROUP, versions: [version], preferredVersion: version }] };
}

function resources(): object {
  const list = KINDS.map(({ plural, kind, namespaced }) => ({
    name: plural,
    singularName: kind.toLowerCase(),
    namespaced,
    kind,
    verbs: ['get', 'list'],
  }));
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: `${GROUP}/${VERSION}`, resources: list };
}
