import { KSERVE_GROUP, KSERVE_KINDS, LEGACY_GROUP } from '../../kserve/kinds.ts';
import type { Violation } from '../../kubernetes/schema/violation.ts';
import { quoted } from '../check.ts';
import type { ManifestFacts } from './manifest.ts';

const PATH = ['apiVersion'];
const LLM_VERSIONS = ['v1alpha1', 'v1alpha2'];

/** A group or version that no KServe of today serves the kind in. */
export function wrongVersion({ manifest: { object } }: ManifestFacts): readonly Violation[] {
  const { kind = '', apiVersion: given = '' } = object;
  const known = KSERVE_KINDS.find((one) => one.kind === kind);
  const [group = '', version = ''] = given.split('/');
  if (group === LEGACY_GROUP) {
    const text = `the group ${LEGACY_GROUP} is that of KFServing, before KServe 0.7: write ${KSERVE_GROUP}/${known?.version ?? 'v1beta1'}`;
    return [{ path: PATH, text }];
  }
  if (group !== KSERVE_GROUP || known === undefined) return [];
  const served = kind.startsWith('LLM') ? LLM_VERSIONS : [known.version];
  if (served.includes(version)) return [];
  return [{ path: PATH, text: `${kind} is not served in version ${quoted(version)}: write ${KSERVE_GROUP}/${served[0]}` }];
}
