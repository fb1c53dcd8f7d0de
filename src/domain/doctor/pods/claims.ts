import type { Evidence, Finding } from '../../finding.ts';
import { listOf, textOf } from '../../kubernetes/json-value.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf, found, sentence } from '../check.ts';
import { nameOf, namespaceOf } from '../facts.ts';
import { type Missing, missingFix, missingText } from '../missing.ts';
import { at, refOf } from '../service.ts';
import type { PodFacts, Unscheduled } from './problem.ts';

// https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/scheduler/framework/plugins/volumebinding/binder.go; "conflict" is that of older releases.
const NO_VOLUME =
  /unbound immediate PersistentVolumeClaims|didn't find available persistent volumes|did not have enough free storage|persistentvolumeclaim "[^"]*" is being deleted/i;
const WRONG_VOLUME =
  /bound to non-existent|didn't match PersistentVolume's node affinity|volume node affinity conflict|had no available volume zone/i;

/** A Pod that is not scheduled because of the claims that it mounts. */
export function claimProblem({ context: { pod, facts }, text, evidence, field }: Unscheduled): Finding<Code> | undefined {
  const ref = refOf(pod);
  const [, missing] = /persistentvolumeclaim "([^"]+)" not found/i.exec(text) ?? [];
  if (missing !== undefined) {
    const claim: Missing = { kind: 'PersistentVolumeClaim', name: missing, namespace: ref.namespace };
    return found('volume-claim-missing', ref, `${ref.kind} ${ref.name} cannot be scheduled: ${missingText(claim)}`, {
      field,
      evidence,
      fix: missingFix(claim),
    });
  }
  const isWrong = WRONG_VOLUME.test(text);
  if (!isWrong && !NO_VOLUME.test(text)) return undefined;
  const claims = claimsOf(pod).flatMap((name) => facts.find('PersistentVolumeClaim', namespaceOf(pod), name) ?? []);
  const unbound = claims.filter((claim) => at(claim, 'status', 'phase') !== 'Bound');
  const names = (unbound.length > 0 ? unbound.map(nameOf) : claimsOf(pod)).map((name) => `"${name}"`).join(', ');
  const [complaint] = unbound.flatMap((claim) => facts.warningsOf(claim));
  const why = complaint === undefined ? '' : `: ${sentence(complaint.message)}`;
  const how = isWrong ? 'has a volume that no node can use' : 'has no volume';
  return found(
    'volume-claim-unbound',
    ref,
    `${ref.kind} ${ref.name} cannot be scheduled: the PersistentVolumeClaim ${names} ${how}${why}`,
    {
      field,
      evidence: [...evidence, ...unbound.flatMap((claim) => claimEvidence(claim, facts))],
    },
  );
}

function claimEvidence(claim: KubeObject, facts: PodFacts['facts']): readonly Evidence[] {
  const ref = refOf(claim);
  const [warning] = facts.warningsOf(claim);
  return [
    evidenceOf(ref, 'status.phase', textOf(at(claim, 'status', 'phase')) ?? '<unset>'),
    evidenceOf(ref, 'spec.storageClassName', textOf(at(claim, 'spec', 'storageClassName')) ?? '<unset>'),
    ...(warning === undefined ? [] : [evidenceOf(ref, `Event ${warning.reason}`, warning.message)]),
  ];
}

/** Names of the claims that a Pod mounts. */
function claimsOf(pod: KubeObject): readonly string[] {
  return listOf(at(pod, 'spec', 'volumes')).flatMap((volume) => textOf(at(volume, 'persistentVolumeClaim', 'claimName')) ?? []);
}
