import { KSERVE_GROUP, KSERVE_KINDS, LEGACY_GROUP } from '../../kserve/kinds.ts';
import { textOf } from '../../kubernetes/json-value.ts';
import type { Violation } from '../../kubernetes/schema/violation.ts';
import { quoted } from '../check.ts';
import type { ManifestFacts } from './manifest.ts';

const PATH = ['apiVersion'];
const LLM_VERSIONS = ['v1alpha1', 'v1alpha2'];

/** A group or version that no KServe of today serves the kind in. */
export function wrongVersion({ manifest: { object } }: ManifestFacts): readonly Violation[] {
  const { kind = '' } = object;
  const known = KSERVE_KINDS.find((one) => one.kind === kind);
  const [group = '', version = ''] = (textOf(object.apiVersion) ?? '').split('/');
  if (group === LEGACY_GROUP) {
    const text = `the group ${LEGACY_GROUP} is that of KFServing, before KServe 0.7: write ${KSERVE_GROUP}/${known?.version ?? 'v1beta1'}`;
    return [{ path: PATH, text }];
  }
  if (group !== KSERVE_GROUP || known === undefined) return [];
  const served = servedVersions(kind);
  if (served.includes(version)) return [];
  return [{ path: PATH, text: `${kind} is not served in version ${quoted(version)}: write ${KSERVE_GROUP}/${served[0]}` }];
}

/** The versions that a kind of KServe's is served in, the one to write first; none for others. */
export function servedVersions(kind: string): readonly string[] {
  if (kind.startsWith('LLM')) return LLM_VERSIONS;
  return KSERVE_KINDS.filter((one) => one.kind === kind).map(({ version }) => version);
}
