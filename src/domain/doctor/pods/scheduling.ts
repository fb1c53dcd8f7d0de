import type { Evidence, Finding } from '../../finding.ts';
import { fieldOf, listOf, textOf } from '../../kubernetes/json-value.ts';
import { parseQuantity } from '../../kubernetes/quantity.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf, found, sentence } from '../check.ts';
import { nameOf, namespaceOf } from '../facts.ts';
import { at, conditionOf, refOf } from '../service.ts';
import type { PodFacts } from './problem.ts';

const FIELD = 'status.conditions[PodScheduled]';

/** Why the scheduler has not placed a Pod, from its message; taints and free resources from the Nodes where they were read. */
export function schedulingProblem(context: PodFacts): Finding<Code> | undefined {
  const condition = conditionOf(context.pod, 'PodScheduled');
  if (condition?.status !== 'False') return undefined;
  const ref = refOf(context.pod);
  const evidence = [evidenceOf(ref, FIELD, condition.message || condition.reason)];
  const shared = { context, text: withoutPreemption(condition.message), reason: condition.reason, evidence };
  return claimProblem(shared) ?? resourceProblem(shared) ?? unschedulable(shared);
}

interface Unscheduled {
  readonly context: PodFacts;
  readonly text: string;
  readonly reason: string;
  readonly evidence: readonly Evidence[];
}

/** What preemption would change repeats the rest. */
function withoutPreemption(message: string): string {
  const start = message.indexOf('preemption: ');
  return start < 0 ? message : message.slice(0, start).trimEnd();
}

function claimProblem({ context: { pod, facts }, text, evidence }: Unscheduled): Finding<Code> | undefined {
  const ref = refOf(pod);
  const [, missing] = /persistentvolumeclaim "([^"]+)" not found/i.exec(text) ?? [];
  if (missing !== undefined) {
    return found(
      'volume-claim-missing',
      ref,
      `Pod ${ref.name} cannot be scheduled: the PersistentVolumeClaim "${missing}" does not exist`,
      {
        field: FIELD,
        evidence,
        fix: { text: `create the PersistentVolumeClaim "${missing}" in the namespace "${ref.namespace}", or correct the storageUri` },
      },
    );
  }
  if (
    !/unbound immediate PersistentVolumeClaims|didn't find available persistent volumes|persistentvolumeclaim "[^"]*" (?:bound to non-existent|is being deleted)|volume node affinity conflict/i.test(
      text,
    )
  ) {
    return undefined;
  }
  const claims = claimsOf(pod).flatMap((name) => facts.find('PersistentVolumeClaim', namespaceOf(pod), name) ?? []);
  const unbound = claims.filter((claim) => at(claim, 'status', 'phase') !== 'Bound');
  const names = (unbound.length > 0 ? unbound.map(nameOf) : claimsOf(pod)).map((name) => `"${name}"`).join(', ');
  return found('volume-claim-unbound', ref, `Pod ${ref.name} cannot be scheduled: the PersistentVolumeClaim ${names} has no volume`, {
    field: FIELD,
    evidence: [...evidence, ...unbound.flatMap((claim) => claimEvidence(claim, facts))],
  });
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

/**
 * The scheduler counts nodes that lack resources and nodes with taints, and names no taint (1.37). Where it counts both, only the Nodes tell
 * whether one that has the taint would have the resources.
 */
function resourceProblem(unscheduled: Unscheduled): Finding<Code> | undefined {
  const { text, context } = unscheduled;
  const lacking = [...text.matchAll(/Insufficient ([^\s,.]+(?:\.[^\s,]+)*)/g)].map(([, resource = '']) => resource.replace(/\.$/, ''));
  const isTainted = /taint/i.test(text);
  if (lacking.length === 0 && !isTainted) return undefined;
  if (!isTainted) return insufficient(unscheduled, lacking);
  const nodes = context.facts.list('Node').filter((node) => untolerated(node, context.pod).length > 0);
  const fitting = nodes.filter((node) => fits(node, context.pod));
  if (lacking.length === 0 || fitting.length > 0) return tainted(unscheduled, fitting.length > 0 ? fitting : nodes);
  if (context.facts.isComplete('Node', undefined)) return insufficient(unscheduled, lacking);
  return unschedulable(unscheduled, 'whether a node with a taint would do is not known, because the Nodes could not be read');
}

function insufficient({ context: { pod, facts }, evidence }: Unscheduled, lacking: readonly string[]): Finding<Code> {
  const ref = refOf(pod);
  const resources = [...new Set(lacking)];
  const wanted = resources.map((resource) => `${requestText(pod, resource)} ${resource}`.trim()).join(' and ');
  const most = resources.flatMap((resource) => mostOf(facts.list('Node'), resource));
  const rest = most.length === 0 ? '' : `; the largest node has ${most.join(' and ')} in all`;
  return found('insufficient-resources', ref, `Pod ${ref.name} cannot be scheduled: no node has ${wanted} free${rest}`, {
    field: FIELD,
    evidence,
    fix: { text: 'ask for less in the resources of the component, or add nodes' },
  });
}

function mostOf(nodes: readonly KubeObject[], resource: string): readonly string[] {
  const amounts = nodes.flatMap((node) => textOf(fieldOf(at(node, 'status', 'allocatable'), resource)) ?? []);
  const [most] = amounts.toSorted((a, b) => (parseQuantity(b) ?? 0) - (parseQuantity(a) ?? 0));
  return most === undefined ? [] : [`${most} ${resource}`];
}

function tainted({ context: { pod }, evidence }: Unscheduled, nodes: readonly KubeObject[]): Finding<Code> {
  const ref = refOf(pod);
  const taints = [...new Set(nodes.flatMap((node) => untolerated(node, pod)).map(taintText))].slice(0, 5);
  const named =
    taints.length === 0 ? 'a taint (the Nodes could not be read, so it is not known which)' : `the taint ${taints.join(' or ')}`;
  const [node] = nodes;
  const [first] = node === undefined ? [] : untolerated(node, pod);
  return found(
    'untolerated-taint',
    ref,
    `Pod ${ref.name} cannot be scheduled: otherwise suitable nodes have ${named}, which it does not tolerate`,
    {
      field: FIELD,
      evidence: [
        ...evidence,
        ...nodes.slice(0, 5).map((one) => evidenceOf(refOf(one), 'spec.taints', untolerated(one, pod).map(taintText).join(', '))),
      ],
      fix: first && {
        text: `add the toleration to spec.predictor.tolerations: ${JSON.stringify(tolerationOf(first))}`,
        patch: { spec: { predictor: { tolerations: [tolerationOf(first)] } } },
      },
    },
  );
}

interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

function taintText({ key, value, effect }: Taint): string {
  return `${key}${value === '' ? '' : `=${value}`}:${effect}`;
}

function tolerationOf({ key, value, effect }: Taint): object {
  return value === '' ? { key, operator: 'Exists', effect } : { key, operator: 'Equal', value, effect };
}

/** Taints of a node that keep the Pod away: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
function untolerated(node: KubeObject, pod: KubeObject): readonly Taint[] {
  const tolerations = listOf(at(pod, 'spec', 'tolerations'));
  const taints = listOf(at(node, 'spec', 'taints')).map((taint) => ({
    key: textOf(fieldOf(taint, 'key')) ?? '',
    value: textOf(fieldOf(taint, 'value')) ?? '',
    effect: textOf(fieldOf(taint, 'effect')) ?? '',
  }));
  return taints.filter((taint) => taint.effect !== 'PreferNoSchedule' && !tolerations.some((toleration) => tolerates(toleration, taint)));
}

function tolerates(toleration: unknown, taint: Taint): boolean {
  const [key, operator, value, effect] = ['key', 'operator', 'value', 'effect'].map((field) => textOf(fieldOf(toleration, field)) ?? '');
  if (effect !== '' && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  return operator === 'Exists' || (key !== '' && (value ?? '') === taint.value);
}

/** Whether an empty node could hold the Pod, as far as requests go. */
function fits(node: KubeObject, pod: KubeObject): boolean {
  const allocatable = at(node, 'status', 'allocatable');
  return [...requestsOf(pod)].every(([resource, wanted]) => (parseQuantity(textOf(fieldOf(allocatable, resource)) ?? '0') ?? 0) >= wanted);
}

function requestsOf(pod: KubeObject): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const container of listOf(at(pod, 'spec', 'containers'))) {
    const requests = at(container, 'resources', 'requests');
    for (const resource of Object.keys((requests as object | undefined) ?? {})) {
      sums.set(resource, (sums.get(resource) ?? 0) + (parseQuantity(textOf(fieldOf(requests, resource)) ?? '') ?? 0));
    }
  }
  return sums;
}

function requestText(pod: KubeObject, resource: string): string {
  const texts = listOf(at(pod, 'spec', 'containers')).flatMap(
    (container) => textOf(fieldOf(at(container, 'resources', 'requests'), resource)) ?? [],
  );
  return texts.length === 1 ? (texts[0] ?? '') : texts.join(' + ') || 'enough';
}

function unschedulable({ context: { pod }, text, reason, evidence }: Unscheduled, unknown?: string): Finding<Code> {
  const ref = refOf(pod);
  const rest = unknown === undefined ? '' : ` (${unknown})`;
  return found('unschedulable', ref, `Pod ${ref.name} cannot be scheduled: ${sentence(text || reason)}${rest}`, { field: FIELD, evidence });
}
