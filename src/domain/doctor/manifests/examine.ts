import type { Finding } from '../../finding.ts';
import type { Code } from '../catalogue/catalogue.ts';
import type { ManifestFacts, ManifestRule } from './manifest.ts';
import { samePriority } from './priorities.ts';
import { RBAC_RULES } from './rbac.ts';
import { REFERENCE_RULES } from './references.ts';
import { VALIDITY_RULES } from './validity.ts';

const KSERVE_RULES: readonly ManifestRule[] = [...VALIDITY_RULES, samePriority, ...REFERENCE_RULES];

/** What is wrong with a manifest; kinds that are neither KServe's nor RBAC's are left alone. */
export function examineManifest(facts: ManifestFacts): readonly Finding<Code>[] {
  const group = (facts.manifest.object.apiVersion ?? '').split('/')[0] ?? '';
  if (group === 'rbac.authorization.k8s.io') return RBAC_RULES.flatMap((rule) => rule(facts));
  return group === 'serving.kserve.io' || group === 'serving.kubeflow.org' ? KSERVE_RULES.flatMap((rule) => rule(facts)) : [];
}
