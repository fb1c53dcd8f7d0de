// What is served, in the two forms that clients ask for.
// https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api
import type { Answer } from './answer.ts';
import { json } from './answer.ts';
import type { ApiRequest } from './api.ts';
import { apiVersion, type ServedType } from './types.ts';

const AGGREGATED = /application\/json;\s*g=apidiscovery\.k8s\.io;\s*v=(v2);\s*as=APIGroupDiscoveryList/;

/** The answer for a discovery path; undefined for any other path or a group that is not there. */
export function discovery({ path, headers }: ApiRequest, types: readonly ServedType[]): Answer | undefined {
  const [root, group, version, ...more] = path.split('/').filter((part) => part !== '');
  if (more.length > 0) return undefined;
  const accept = (headers.accept ?? []).join(',');
  if (root === 'api') return core(group, version, accept, types);
  if (root !== 'apis') return undefined;
  const named = types.filter((type) => type.group !== '');
  if (group === undefined) return AGGREGATED.test(accept) ? aggregated(named) : groupList(named);
  const own = named.filter((type) => type.group === group);
  if (own.length === 0) return undefined;
  return version === undefined ? json(200, { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group, own) }) : resourceList(own, version);
}

function core(version: string | undefined, extra: string | undefined, accept: string, types: readonly ServedType[]): Answer | undefined {
  if (extra !== undefined) return undefined;
  const own = types.filter((type) => type.group === '');
  if (version !== undefined) return resourceList(own, version);
  if (AGGREGATED.test(accept)) return aggregated(own);
  return json(200, {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '127.0.0.1:443' }],
  });
}

function groupList(types: readonly ServedType[]): Answer {
  const groups = [...byGroup(types)].map(([name, own]) => apiGroup(name, own));
  return json(200, { kind: 'APIGroupList', apiVersion: 'v1', groups });
}

function byGroup(types: readonly ServedType[]): Map<string, ServedType[]> {
  return Map.groupBy(types, ({ group }) => group);
}

function apiGroup(name: string, types: readonly ServedType[]) {
  const versions = [...new Set(types.map((type) => type.version))].map((version) => ({
    groupVersion: apiVersion({ group: name, version }),
    version,
  }));
  return { name, versions, preferredVersion: versions[0] };
}

/** Subresources are entries of their own here. */
function resourceList(types: readonly ServedType[], version: string): Answer | undefined {
  const own = types.filter((type) => type.version === version);
  if (own[0] === undefined) return undefined;
  const resources = own.flatMap((type) => [
    {
      name: type.plural,
      singularName: type.singular,
      namespaced: type.namespaced,
      kind: type.kind,
      verbs: type.verbs,
      ...(type.shortNames.length === 0 ? {} : { shortNames: type.shortNames }),
      ...(type.categories === undefined ? {} : { categories: type.categories }),
    },
    ...type.subresources.map((name) => ({
      name: `${type.plural}/${name}`,
      singularName: '',
      namespaced: type.namespaced,
      kind: type.kind,
      verbs: subresourceVerbs(name),
    })),
  ]);
  return json(200, { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: apiVersion(own[0]), resources });
}

function aggregated(types: readonly ServedType[]): Answer {
  const items = [...byGroup(types)].map(([name, own]) => ({
    metadata: name === '' ? {} : { name },
    versions: [...Map.groupBy(own, ({ version }) => version)].map(([version, resources]) => ({
      version,
      resources: resources.map(aggregatedResource),
      freshness: resources.some(({ stale = false }) => stale) ? 'Stale' : 'Current',
    })),
  }));
  const body = { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
  return { ...json(200, body), contentType: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' };
}

function aggregatedResource(type: ServedType) {
  return {
    resource: type.plural,
    responseKind: responseKind(type),
    scope: type.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: type.singular,
    verbs: type.verbs,
    ...(type.shortNames.length === 0 ? {} : { shortNames: type.shortNames }),
    ...(type.categories === undefined ? {} : { categories: type.categories }),
    ...(type.subresources.length === 0
      ? {}
      : {
          subresources: type.subresources.map((subresource) => ({
            subresource,
            responseKind: responseKind(type),
            verbs: subresourceVerbs(subresource),
          })),
        }),
  };
}

/** The server leaves group and version of built-in kinds empty: they are those of the list's entry. */
function responseKind({ builtIn, group, version, kind }: ServedType) {
  return builtIn ? { group: '', version: '', kind } : { group, version, kind };
}

function subresourceVerbs(name: string): readonly string[] {
  if (name === 'log') return ['get'];
  return name === 'status' || name === 'scale' || name === 'resize' || name === 'ephemeralcontainers'
    ? ['get', 'patch', 'update']
    : ['create'];
}
