import type { ApiResource, ApiVersion, Discovery } from './resource.ts';

// Any name that is used somewhere, even by adapters for metrics, but nothing that RBAC reads as more than one thing.
const USABLE = /^[^\s*,\p{C}]+$/u;

function isUsable(name: string): boolean {
  return USABLE.test(name);
}

function usableResource(resource: ApiResource): ApiResource {
  const { verbs, shortNames, subresources } = resource;
  return {
    ...resource,
    verbs: verbs.filter(isUsable),
    shortNames: shortNames.filter(isUsable),
    subresources: subresources.filter(isUsable),
  };
}

/** Stale if kinds are left out, because nobody knows what they were meant to be. */
function usableVersion(version: ApiVersion): ApiVersion {
  const resources = version.resources.filter(({ plural, kind }) => isUsable(plural) && isUsable(kind));
  const stale = version.stale || resources.length < version.resources.length;
  return { ...version, stale, resources: resources.map(usableResource) };
}

function isWhole(version: ApiVersion): boolean {
  return version.resources.every(({ plural, kind, verbs }) => [plural, kind, ...verbs].every(isUsable));
}

export interface UsableDiscovery {
  readonly discovery: Discovery;
  /** `group/version` of those that had something left out. */
  readonly cut: readonly string[];
}

/** What is served, without kinds, verbs and subresources whose name is a wildcard or a list: a grant of it would be one of everything. */
export function usableDiscovery({ groups }: Discovery): UsableDiscovery {
  const cut = groups.flatMap(({ name, versions }) => {
    const partial = versions.filter((version) => !isWhole(version));
    return partial.map(({ version }) => [name, version].filter((part) => part !== '').join('/'));
  });
  return { discovery: { groups: groups.map((group) => ({ ...group, versions: group.versions.map(usableVersion) })) }, cut };
}
