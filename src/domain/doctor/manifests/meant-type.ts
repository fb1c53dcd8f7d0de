import { editDistance } from '../../../text/did-you-mean.ts';
import { KSERVE_GROUP, KSERVE_KINDS, LEGACY_GROUP } from '../../kserve/kinds.ts';
import { textOf } from '../../kubernetes/json-value.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import type { Violation } from '../../kubernetes/schema/violation.ts';
import { quoted } from '../check.ts';
import { servedVersions } from './api-version.ts';

/** The type of KServe that the type of an object was probably meant to be. */
interface MeantType {
  /** The field that is wrong. */
  readonly field: 'apiVersion' | 'kind';
  readonly apiVersion: string;
  readonly kind: string;
}

/** More is no slip. */
const MOST_EDITS = 2;

/**
 * Undefined for KServe's own types and for those of others. A kind of KServe's group may also be newer than the program, and one that is called like a
 * kind of KServe's may be of another project: only what can be neither is taken for a slip.
 */
export function meantType(object: KubeObject): MeantType | undefined {
  const { kind = '' } = object;
  const { group, version } = groupVersion(object);
  const near = nearestKind(kind);
  if (group === KSERVE_GROUP) {
    return near === undefined || near === kind ? undefined : { field: 'kind', apiVersion: versionFor(near, version), kind: near };
  }
  const isSlip = isSlipOfGroup(group) || (near !== undefined && isNobodys(group));
  return isSlip ? { field: 'apiVersion', apiVersion: versionFor(near, version), kind: near ?? kind } : undefined;
}

function versionFor(kind: string | undefined, given: string): string {
  const versions = servedVersions(kind ?? '');
  return `${KSERVE_GROUP}/${versions.includes(given) ? given : (versions[0] ?? given)}`;
}

/**
 * What kubectl says where the server does not have a type:
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apimachinery/pkg/api/meta/errors.go (NoKindMatchError)
 */
export function noMatch(object: KubeObject, field: 'apiVersion' | 'kind'): Violation {
  const { kind = '', apiVersion } = object;
  const given = textOf(apiVersion) ?? '';
  return { path: [field], text: given === '' ? 'apiVersion not set' : `no matches for kind ${quoted(kind)} in version ${quoted(given)}` };
}

/** What to write instead, if it is near. */
export function meantText(object: KubeObject): string | undefined {
  const meant = meantType(object);
  if (meant === undefined) return undefined;
  if (meant.field === 'kind') return `did you mean ${meant.kind}?`;
  return `did you mean ${meant.apiVersion}${meant.kind === object.kind ? '' : ` and kind ${meant.kind}`}?`;
}

/** As kubectl splits it: a version alone is of the core group. A file may have anything there. */
export function groupVersion({ apiVersion }: KubeObject): { readonly group: string; readonly version: string } {
  const [first = '', second] = (textOf(apiVersion) ?? '').split('/');
  return second === undefined ? { group: '', version: first } : { group: first, version: second };
}

/** What KFServing had is no slip. */
function isSlipOfGroup(group: string): boolean {
  return group !== LEGACY_GROUP && [KSERVE_GROUP, LEGACY_GROUP].some((one) => edits(one, group) <= MOST_EDITS);
}

/** Groups in which there can be no CRD with the name of a KServe kind: the groups of CRDs have a dot, and this domain is KServe's. */
function isNobodys(group: string): boolean {
  return !group.includes('.') || `.${group}`.endsWith('.kserve.io');
}

function nearestKind(given: string): string | undefined {
  const near = KSERVE_KINDS.map(({ kind }) => ({ kind, distance: edits(kind, given) })).filter(({ distance }) => distance <= MOST_EDITS);
  return near.toSorted((a, b) => a.distance - b.distance)[0]?.kind;
}

/** Letter case does not count. To compare words of very different lengths is not worth the time. */
function edits(word: string, given: string): number {
  const isFar = Math.abs(word.length - given.length) > MOST_EDITS;
  return isFar ? Number.POSITIVE_INFINITY : editDistance(word.toLowerCase(), given.toLowerCase());
}
