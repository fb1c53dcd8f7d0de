import type { ApiGroup, Discovery, ResourceType } from '../kubernetes/resource.ts';
import { KSERVE_GROUP, LEGACY_GROUP } from './kinds.ts';
import { type Installed, isServed } from './resource-lookup.ts';

/** Version asked for where discovery does not say: the only one that KServe ever served its runtimes in, up to 0.20. */
const USUAL_VERSION = 'v1alpha1';

export interface RuntimeApi {
  readonly type: ResourceType;
  readonly installed: Installed;
}

/**
 * What is there of KServe, as far as lists of runtimes are concerned. `clusterRuntimesAbsent` is a complete installation since 0.19,
 * `servingRuntimesAbsent` a partial one or one older than 0.8, `legacy` is KFServing only, `unknown` a discovery that failed.
 */
export type InstallationState = 'installed' | 'clusterRuntimesAbsent' | 'servingRuntimesAbsent' | 'notInstalled' | 'legacy' | 'unknown';

export interface RuntimeApis {
  readonly state: InstallationState;
  readonly servingRuntimes: RuntimeApi;
  readonly clusterServingRuntimes: RuntimeApi;
}

/** Where to ask for runtimes. `discovery` is undefined if it failed. */
export function runtimeApis(discovery: Discovery | undefined): RuntimeApis {
  const servingRuntimes = runtimeApi('ServingRuntime', discovery);
  const clusterServingRuntimes = runtimeApi('ClusterServingRuntime', discovery);
  return {
    state: installationState(discovery, servingRuntimes.installed, clusterServingRuntimes.installed),
    servingRuntimes,
    clusterServingRuntimes,
  };
}

function installationState(discovery: Discovery | undefined, namespaced: Installed, cluster: Installed): InstallationState {
  const hasGroup = (name: string): boolean => discovery?.groups.some((group) => group.name === name) ?? false;
  if (namespaced === 'unknown' || cluster === 'unknown') return 'unknown';
  if (namespaced === 'yes') return cluster === 'yes' ? 'installed' : 'clusterRuntimesAbsent';
  if (hasGroup(KSERVE_GROUP)) return 'servingRuntimesAbsent';
  return hasGroup(LEGACY_GROUP) ? 'legacy' : 'notInstalled';
}

/** Where to ask for InferenceServices. `discovery` is undefined if it failed or was not asked. */
export function serviceApi(discovery: Discovery | undefined): RuntimeApi {
  return kindApi('InferenceService', 'v1beta1', discovery);
}

function runtimeApi(kind: 'ServingRuntime' | 'ClusterServingRuntime', discovery: Discovery | undefined): RuntimeApi {
  return kindApi(kind, USUAL_VERSION, discovery);
}

function kindApi(kind: string, usualVersion: string, discovery: Discovery | undefined): RuntimeApi {
  const plural = `${kind.toLowerCase()}s`;
  const group = discovery?.groups.find(({ name }) => name === KSERVE_GROUP);
  const version = (group && servedVersion(group, plural)) ?? usualVersion;
  const type = { group: KSERVE_GROUP, version, plural, kind, namespaced: kind !== 'ClusterServingRuntime' };
  return { type, installed: isServed(type, discovery) };
}

/** The version to use for one resource: the group's preferred one if that serves it, else the highest that does. */
function servedVersion(group: ApiGroup, plural: string): string | undefined {
  const serving = group.versions.filter(({ resources }) => resources.some((resource) => resource.plural === plural));
  const preferred = serving.find((version) => version === group.versions[0]);
  return preferred?.version ?? serving.map(({ version }) => version).toSorted(compareVersions)[0];
}

const STAGES = ['alpha', 'beta', undefined];

/** v1 before v1beta1 before v1alpha2 before v1alpha1: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#version-priority */
function compareVersions(a: string, b: string): number {
  const [first, second] = [versionParts(a), versionParts(b)];
  const difference = first.map((part, index) => (second[index] ?? 0) - part).find((part) => part !== 0);
  return difference ?? (a < b ? -1 : 1);
}

/** Stage, major and minor; a name that is no Kubernetes version comes last. */
function versionParts(version: string): readonly number[] {
  const [, major, stage, minor] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
  return major === undefined ? [-1, 0, 0] : [STAGES.indexOf(stage), Number(major), Number(minor ?? 0)];
}
