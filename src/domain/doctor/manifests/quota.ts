import type { Finding } from '../../finding.ts';
import { fieldOf, listOf, textOf } from '../../kubernetes/json-value.ts';
import { parseQuantity } from '../../kubernetes/quantity.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import { isJsonObject } from '../../kubernetes/schema/schema-node.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf, quoted } from '../check.ts';
import { nameOf, namespaceOf } from '../facts.ts';
import { quotaFix } from '../quota-fix.ts';
import { at, isPresent, refOf } from '../service.ts';
import { foundAt, type Manifest, type ManifestFacts, type ManifestRule } from './manifest.ts';
import { type Needs, needsOf, sumOf } from './resource-needs.ts';

/** Quotas of the namespace that the Pods of a service cannot fit in, together with what stands before it in the files. */
export const quotas: ManifestRule = (facts) => {
  const { manifest } = facts;
  if (manifest.object.kind !== 'InferenceService') return [];
  const place = placeOf(manifest, facts);
  return facts.facts
    .list('ResourceQuota', place)
    .filter(isForAllPods)
    .flatMap((quota) => exceeded(quota, facts));
};

function placeOf({ object }: Manifest, { namespace }: ManifestFacts): string {
  return namespaceOf(object) ?? namespace;
}

function isForAllPods({ spec }: KubeObject): boolean {
  return listOf(fieldOf(spec, 'scopes')).length === 0 && !isPresent(fieldOf(spec, 'scopeSelector'));
}

/** What one resource of a quota has. */
interface Budget {
  readonly name: string;
  readonly hard: number;
  readonly used: number;
}

function budgetsOf(quota: KubeObject): readonly Budget[] {
  const hard = at(quota, 'status', 'hard') ?? at(quota, 'spec', 'hard');
  if (!isJsonObject(hard)) return [];
  return Object.entries(hard).flatMap(([name, value]) => {
    const [most, used] = [amount(value), amount(fieldOf(at(quota, 'status', 'used'), name)) ?? 0];
    return most === undefined ? [] : [{ name, hard: most, used }];
  });
}

function amount(value: unknown): number | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : parseQuantity(text);
}

function exceeded(quota: KubeObject, facts: ManifestFacts): readonly Finding<Code>[] {
  const own = needsOf(facts.manifest.object);
  const before = needsBefore(facts);
  return budgetsOf(quota).flatMap((budget) => {
    const need = own.get(budget.name);
    if (need === undefined) return [];
    const all = need + (before.get(budget.name) ?? 0);
    // What is there already is in use by itself: only what can never fit is sure.
    const left = isNew(facts) ? budget.hard - budget.used : budget.hard;
    return all > left ? [finding(quota, budget, { need, all }, facts)] : [];
  });
}

function isNew({ verdict }: ManifestFacts): boolean {
  return verdict.state === 'accepted' && !verdict.exists;
}

/** Services before it in the files that go to the same namespace. */
function needsBefore(facts: ManifestFacts): Needs {
  const { all, manifest } = facts;
  const place = placeOf(manifest, facts);
  const earlier = all.slice(0, all.indexOf(manifest)).filter((other) => placeOf(other, facts) === place);
  return sumOf(earlier.map(({ object }) => needsOf(object)));
}

interface Need {
  readonly need: number;
  readonly all: number;
}

function finding(quota: KubeObject, { name, hard, used }: Budget, { need, all }: Need, facts: ManifestFacts): Finding<Code> {
  const together = all === need ? '' : ` (${all} with those before it in the files)`;
  return foundAt(
    'quota-exceeded',
    facts,
    ['spec'],
    `its Pods ask for at least ${need} of ${name}${together}, and the quota ${quoted(nameOf(quota))} has ${hard - used} of ${hard} left`,
    {
      severity: need > hard ? 'error' : 'warning',
      fix: quotaFix([name]),
      evidence: [
        evidenceOf(refOf(quota), `status.hard[${name}]`, String(hard)),
        evidenceOf(refOf(quota), `status.used[${name}]`, String(used)),
      ],
    },
  );
}
