import { didYouMean } from '../../text/did-you-mean.ts';
import { lookUp } from '../../text/look-up.ts';
import { type ApiGroup, type ApiResource, type Discovery, resourceName } from '../kubernetes/resource.ts';
import { KSERVE_GROUP, KSERVE_KINDS } from './kinds.ts';

/** Whether the server serves a kind; `unknown` if discovery could not tell. */
export type Installed = 'yes' | 'no' | 'unknown';

export type Lookup =
  | {
      readonly kind: 'found';
      readonly resource: ApiResource;
      readonly installed: Installed;
      /** Kinds of other groups that the word could mean too, as `plural.group`. */
      readonly others: readonly string[];
    }
  | { readonly kind: 'none'; readonly suggestion: string | undefined }
  /** Discovery failed, in whole or for the group that might have it. */
  | { readonly kind: 'undetermined' };

function virtual(group: string, plural: string, kind: string): ApiResource {
  const shared = { version: 'v1', namespaced: false, shortNames: [], verbs: ['impersonate'], subresources: [] };
  return { ...shared, group, plural, kind, singular: plural.replace(/s$/, '') };
}

// What `impersonate` is asked about: no server lists them, and a CRD of the same name is not meant.
// https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiserver/pkg/endpoints/filters/impersonation
const IDENTITIES: readonly ApiResource[] = [
  virtual('', 'users', 'User'),
  virtual('', 'groups', 'Group'),
  virtual('authentication.k8s.io', 'uids', 'UID'),
  virtual('authentication.k8s.io', 'userextras', 'UserExtra'),
];

// What people write for kinds that have no short name.
const ABBREVIATIONS: Readonly<Record<string, string>> = { sr: 'servingruntimes', csr: 'clusterservingruntimes' };

/** A user, group, uid or userextra that can be impersonated. */
export function findIdentityResource(word: string): ApiResource | undefined {
  return IDENTITIES.find((resource) => [resource.plural, resource.singular, resourceName(resource)].includes(word));
}

/** How well a word names a kind, as kubectl weighs it: by its plural (0), a short name (1), its singular or Kind (2); undefined: not at all. */
function rankOf(resource: ApiResource, word: string): number | undefined {
  const lower = word.toLowerCase();
  if (resource.plural === word || resource.plural === lower) return 0;
  if (resource.shortNames.includes(lower)) return 1;
  return [resource.singular, resource.kind.toLowerCase()].includes(lower) ? 2 : undefined;
}

function isNamed(resource: ApiResource, word: string): boolean {
  return rankOf(resource, word) !== undefined;
}

// The core group comes first, then the server's own order, as in kubectl.
// https://github.com/kubernetes/client-go/blob/v0.37.2/restmapper/discovery.go
function orderedGroups(discovery: Discovery): readonly ApiGroup[] {
  return [...discovery.groups].sort((a, b) => Number(b.name === '') - Number(a.name === ''));
}

/** The kinds that a word names in the groups, each in its first version that has it; first the one that kubectl would take. */
function namedIn(groups: readonly ApiGroup[], { word, group, version }: QualifiedWord): readonly ApiResource[] {
  const versions = groups.filter(({ name }) => group === undefined || name === group).flatMap((one) => one.versions);
  const resources = versions.filter((one) => version === undefined || one.version === version).flatMap((one) => one.resources);
  const named = resources.filter((resource) => isNamed(resource, word));
  const unique = [...Map.groupBy(named, resourceName).values()].flatMap((same) => same.slice(0, 1));
  return unique.toSorted((a, b) => (rankOf(a, word) ?? 0) - (rankOf(b, word) ?? 0));
}

interface QualifiedWord {
  readonly word: string;
  readonly group?: string;
  readonly version?: string;
}

/** Every way to read `a.b.c`: as a bare word, as `word.group` and as `word.version.group`. */
function readings(text: string): readonly QualifiedWord[] {
  const [word = '', ...rest] = text.split('.');
  if (rest.length === 0) return [{ word }];
  const [version = '', ...group] = rest;
  return [...(group.length > 0 ? [{ word, version, group: group.join('.') }] : []), { word, group: rest.join('.') }];
}

function findServed(text: string, discovery: Discovery): readonly ApiResource[] {
  const groups = orderedGroups(discovery);
  return (
    readings(text)
      .map((reading) => namedIn(groups, reading))
      .find((found) => found.length > 0) ?? []
  );
}

function findKserve(text: string): ApiResource | undefined {
  const reading = readings(text).find(({ group }) => group === undefined || group === KSERVE_GROUP);
  const isVersion = (version: string): boolean => reading?.version === undefined || reading.version === version;
  return reading && KSERVE_KINDS.find((resource) => isNamed(resource, reading.word) && isVersion(resource.version));
}

function mayBeHidden(text: string, discovery: Discovery): boolean {
  const stale = discovery.groups.filter((group) => group.versions.some((version) => version.stale)).map(({ name }) => name);
  return readings(text).some(({ group }) => (group === undefined ? stale.length > 0 : stale.includes(group)));
}

function suggest(text: string, discovery: Discovery): string | undefined {
  const [word = ''] = text.split('.');
  const served = discovery.groups.flatMap((group) => group.versions.flatMap(({ resources }) => resources));
  const words = [...KSERVE_KINDS, ...served].flatMap((resource) => [resource.plural, resource.singular]);
  return lookUp(ABBREVIATIONS, word.toLowerCase()) ?? didYouMean(word, [...new Set(words.filter((each) => each !== ''))]);
}

/**
 * The kind that `text` names: plural, singular, short name or Kind, bare or with its group, or version and group. Kinds of KServe are
 * known even where they are not served, and a bare word that names one means it, whatever other groups have kinds of that name; any other
 * bare word means what it means to kubectl. `discovery` is undefined if it failed.
 */
export function findResource(text: string, discovery: Discovery | undefined): Lookup {
  if (discovery === undefined) {
    const known = findKserve(text);
    return known === undefined ? { kind: 'undetermined' } : { kind: 'found', resource: known, installed: 'unknown', others: [] };
  }
  const served = findServed(text, discovery);
  const resource = served.find(({ group }) => group === KSERVE_GROUP) ?? findKserve(text) ?? served[0];
  if (resource !== undefined) {
    const others = served.map(resourceName).filter((name) => name !== resourceName(resource));
    return { kind: 'found', resource, installed: isServed(resource, discovery), others };
  }
  return mayBeHidden(text, discovery) ? { kind: 'undetermined' } : { kind: 'none', suggestion: suggest(text, discovery) };
}

/** Whether discovery lists a kind. A group that the aggregation layer could not refresh leaves it open. */
export function isServed(wanted: Pick<ApiResource, 'group' | 'plural'>, discovery: Discovery | undefined): Installed {
  if (discovery === undefined) return 'unknown';
  const group = discovery.groups.find(({ name }) => name === wanted.group);
  if (group === undefined) return 'no';
  if (group.versions.some(({ resources }) => resources.some(({ plural }) => plural === wanted.plural))) return 'yes';
  return group.versions.some(({ stale }) => stale) ? 'unknown' : 'no';
}

/** Every kind of a group, each once, in its preferred version; for `*.group`. */
export function resourcesOfGroup(group: string, discovery: Discovery): readonly ApiResource[] {
  const all = discovery.groups
    .filter(({ name }) => name === group)
    .flatMap(({ versions }) => versions.flatMap(({ resources }) => resources));
  return [...new Map(all.toReversed().map((resource) => [resource.plural, resource])).values()].toReversed();
}
