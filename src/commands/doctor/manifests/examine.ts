import { examineManifest } from '../../../domain/doctor/manifests/examine.ts';
import type { ManifestFacts } from '../../../domain/doctor/manifests/manifest.ts';
import { ClusterError } from '../../../errors.ts';
import { inTime } from './in-time.ts';

type Findings = ReturnType<typeof examineManifest>;

/** A manifest as it was looked at: without its schema if that takes too long. */
interface ExaminedManifest {
  readonly facts: ManifestFacts;
  readonly findings: Findings;
}

/** Looks at each manifest. A schema that has taken too long for one is not tried on the next. */
export function examineManifests(manifests: readonly ManifestFacts[]): readonly ExaminedManifest[] {
  const slow = new Set<ManifestFacts['schema']>();
  return manifests.map((facts) => {
    if (facts.schema === undefined) return { facts, findings: examineManifest(facts) };
    const findings = slow.has(facts.schema) ? undefined : inTime(() => examineManifest(facts));
    if (findings !== undefined) return { facts, findings };
    slow.add(facts.schema);
    const bare = { ...facts, schema: undefined, schemaFrom: undefined, schemaFailure: tooSlow() };
    return { facts: bare, findings: examineManifest(bare) };
  });
}

function tooSlow(): ClusterError {
  return new ClusterError('UnexpectedResponse', 'to check a manifest by the schema takes too long');
}
