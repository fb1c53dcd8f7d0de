import type { Finding } from '../../finding.ts';
import { textOf } from '../../kubernetes/json-value.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { definedTwice } from './duplicates.ts';
import type { ManifestFacts, ManifestRule } from './manifest.ts';
import { meantType } from './meant-type.ts';
import { differentPriorities, samePriority } from './priorities.ts';
import { quotas } from './quota.ts';
import { RBAC_RULES } from './rbac.ts';
import { REFERENCE_RULES } from './references.ts';
import { mergedFaults } from './same-fault.ts';
import { invalidManifest } from './validity.ts';
import { unansweredWebhook } from './webhooks.ts';
import { WORD_RULES } from './words.ts';

const KSERVE_RULES: readonly ManifestRule[] = [
  invalidManifest,
  definedTwice,
  unansweredWebhook,
  samePriority,
  differentPriorities,
  ...REFERENCE_RULES,
  ...WORD_RULES,
  quotas,
];

const RULES: ReadonlyMap<string, readonly ManifestRule[]> = new Map([
  ['rbac.authorization.k8s.io', [invalidManifest, definedTwice, ...RBAC_RULES]],
  ['serving.kserve.io', KSERVE_RULES],
  ['serving.kubeflow.org', KSERVE_RULES],
]);

function rulesOf(object: KubeObject): readonly ManifestRule[] {
  // A file may have anything there.
  const known = RULES.get(textOf(object.apiVersion)?.split('/')[0] ?? '');
  return known ?? (meantType(object) === undefined ? [] : [invalidManifest]);
}

/** Whether it is KServe's or RBAC's, or was meant to be KServe's: other kinds are left alone. */
export function isExamined(object: KubeObject): boolean {
  return rulesOf(object).length > 0;
}

/** What is wrong with a manifest. */
export function examineManifest(facts: ManifestFacts): readonly Finding<Code>[] {
  const findings = rulesOf(facts.manifest.object).flatMap((rule) => rule(facts));
  return mergedFaults(findings, facts);
}
