import type { Discovery } from '../kubernetes/resource.ts';
import { KSERVE_GROUP, KSERVE_KINDS } from './kinds.ts';
import { compareReleases } from './openapi-signals.ts';
import { isServed } from './resource-lookup.ts';

/** What can be said about KServe's version. */
export type KserveVersion =
  | { readonly kind: 'exact'; readonly version: string }
  /** A floor: what is served appeared in this release. */
  | { readonly kind: 'atLeast'; readonly version: string }
  | { readonly kind: 'absent' };

/** Namespaces that the controller is installed in by the manifests of KServe, Kubeflow, Open Data Hub and OpenShift AI. */
export const CONTROLLER_NAMESPACES = ['kserve', 'kubeflow', 'opendatahub', 'redhat-ods-applications'] as const;

/** The Deployment of KServe's controller. */
export const CONTROLLER = 'kserve-controller-manager';

/** Its container that is KServe; a proxy may run beside it. */
export const CONTROLLER_CONTAINER = 'manager';

/** Newest first: a resource, in a version if one matters, and the release that first served it. */
const SIGNALS: readonly { readonly plural: string; readonly version?: string; readonly since: string }[] = [
  { plural: 'localmodelnamespacecaches', since: '0.18' },
  { plural: 'llminferenceservices', version: 'v1alpha2', since: '0.17' },
  { plural: 'llminferenceservices', since: '0.16' },
  { plural: 'localmodelcaches', since: '0.15' },
  { plural: 'clusterstoragecontainers', since: '0.12' },
  { plural: 'inferencegraphs', since: '0.9' },
  { plural: 'servingruntimes', since: '0.8' },
  { plural: 'inferenceservices', since: '0.7' },
];

/**
 * The oldest KServe that serves what discovery shows; optional kinds may be absent, so it is no more than a floor. Undefined if the group is there
 * and its kinds are not known: the server could not describe it, or describes none that was ever in a release.
 */
export function kserveFloor(discovery: Discovery): KserveVersion | undefined {
  const group = discovery.groups.find((candidate) => candidate.name === KSERVE_GROUP);
  if (group === undefined) return { kind: 'absent' };
  const served = group.versions.flatMap(({ version, resources }) => resources.map(({ plural }) => ({ plural, version })));
  const signal = SIGNALS.find(({ plural, version }) =>
    served.some((resource) => resource.plural === plural && (version === undefined || resource.version === version)),
  );
  return signal && { kind: 'atLeast', version: signal.since };
}

/** Kinds that an installation may lack whatever its release: CRDs of their own, or optional since 0.19. https://github.com/kserve/kserve/issues/4977 */
const OPTIONAL_KINDS = /^(LLM|LocalModel|ClusterServingRuntime$)/;

/** The optional kinds of KServe that are not served; none if KServe itself is absent. */
export function absentKinds(discovery: Discovery): readonly string[] {
  if (!discovery.groups.some(({ name }) => name === KSERVE_GROUP)) return [];
  const absent = KSERVE_KINDS.filter((kind) => OPTIONAL_KINDS.test(kind.kind) && isServed(kind, discovery) === 'no');
  return absent.map(({ kind }) => kind);
}

/** The later of two floors. `schemas`: what the fields of KServe's kinds show, if they show anything. */
export function raisedFloor(floor: KserveVersion, schemas: string | undefined): KserveVersion {
  if (floor.kind !== 'atLeast' || schemas === undefined || compareReleases(schemas, floor.version) <= 0) return floor;
  return { kind: 'atLeast', version: schemas };
}

/** The release in an image reference such as `kserve/kserve-controller:v0.20.0`; undefined if its tag is none. */
export function releaseOfImage(image: string): string | undefined {
  return /:v?(\d+\.\d+(?:\.\d+)?(?:[-+.][0-9A-Za-z.-]+)?)(?:@|$)/.exec(image)?.[1];
}
