import type { Evidence, Finding } from '../../finding.ts';
import { fieldOf, textOf } from '../../kubernetes/json-value.ts';
import { isNewerThan } from '../age.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf, found, quoted, sentence } from '../check.ts';
import { at, conditionOf, isPresent, refOf } from '../service.ts';
import { claimProblem } from './claims.ts';
import type { PodFacts, Unscheduled } from './problem.ts';
import { fits, mostOf, requestText } from './requests.ts';
import { isForModels, namedTaints, tainted, untolerated } from './taints.ts';

const FIELD = 'status.conditions[PodScheduled]';

/** Why the scheduler has not placed a Pod, from its message; taints and free resources from the Nodes where they were read. */
export function schedulingProblem(context: PodFacts): Finding<Code> | undefined {
  const condition = conditionOf(context.pod, 'PodScheduled');
  if (condition === undefined) return notLookedAt(context);
  if (condition.status !== 'False') return undefined;
  const evidence = [evidenceOf(refOf(context.pod), FIELD, condition.message || condition.reason)];
  return unscheduledFinding(context, { text: condition.message, reason: condition.reason, evidence, field: FIELD });
}

/** What a scheduler's text comes to; `pod` may be what Pods are made from. */
export function unscheduledFinding(context: PodFacts, said: Omit<Unscheduled, 'context'>): Finding<Code> {
  const unscheduled = { ...said, context, text: withoutPreemption(said.text) };
  return claimProblem(unscheduled) ?? resourceProblem(unscheduled) ?? unschedulable(unscheduled);
}

/** What preemption would change repeats the rest. */
function withoutPreemption(message: string): string {
  const start = message.indexOf('preemption: ');
  return start < 0 ? message : message.slice(0, start).trimEnd();
}

/** Milliseconds in which a scheduler that runs has looked at a Pod. */
const FIRST_LOOK = 30_000;

/** A Pod names its scheduler; where nobody runs that, the Pod waits without a word. */
function notLookedAt({ pod, facts }: PodFacts): Finding<Code> | undefined {
  const isWaiting = fieldOf(pod.status, 'phase') === 'Pending' && !isPresent(at(pod, 'spec', 'nodeName'));
  if (!isWaiting || isNewerThan(FIRST_LOOK, textOf(pod.metadata.creationTimestamp), facts.now)) return undefined;
  const ref = refOf(pod);
  const scheduler = textOf(at(pod, 'spec', 'schedulerName')) ?? 'default-scheduler';
  return found(
    'unschedulable',
    ref,
    `${ref.kind} ${ref.name} cannot be scheduled: no scheduler has looked at it, and spec.schedulerName is ${quoted(scheduler)}`,
    {
      field: 'spec.schedulerName',
      evidence: [evidenceOf(ref, FIELD, '<none>'), evidenceOf(ref, 'spec.schedulerName', scheduler)],
      fix: { text: `see whether the scheduler ${quoted(scheduler)} runs, or leave schedulerName out` },
    },
  );
}

/**
 * The scheduler counts nodes that lack resources and nodes with taints, and names no taint (1.37). Where it counts both, only the Nodes tell
 * whether one that has the taint would have the resources.
 */
function resourceProblem(unscheduled: Unscheduled): Finding<Code> | undefined {
  const { text, context } = unscheduled;
  const lacking = lackingIn(text);
  const isTainted = /\btaint/i.test(text);
  if (lacking.length === 0 && !isTainted) return undefined;
  if (!isTainted) return insufficient(unscheduled, lacking);
  const nodes = context.facts.list('Node').filter((node) => untolerated(node, context.pod).length > 0);
  const fitting = nodes.filter((node) => untolerated(node, context.pod).every(isForModels) && fits(node, context.pod));
  if (lacking.length === 0 || fitting.length > 0) return tainted(unscheduled, fitting.length > 0 ? fitting : nodes);
  if (context.facts.isComplete('Node', undefined)) return insufficient(unscheduled, lacking);
  return withoutNodes(unscheduled, lacking);
}

/** Resources that nodes lack, by name. */
function lackingIn(text: string): readonly string[] {
  const named = [...text.matchAll(/Insufficient ([^\s,.]+(?:\.[^\s,]+)*)/g)].map(([, resource = '']) => resource.replace(/\.$/, ''));
  return [...new Set(/\bToo many pods\b/i.test(text) ? [...named, 'pods'] : named)];
}

/** A taint that has the name of what is lacking is that of the nodes that have it; nodes that are not for models leave the others. */
function withoutNodes(unscheduled: Unscheduled, lacking: readonly string[]): Finding<Code> {
  const named = namedTaints(unscheduled.text);
  if (named.some(({ key }) => lacking.includes(key))) return tainted(unscheduled, []);
  if (named.length > 0 && !named.some(isForModels)) return insufficient(unscheduled, lacking);
  return unschedulable(unscheduled, 'whether a node with a taint would do is not known, because the Nodes could not be read');
}

function insufficient({ context: { pod, facts }, evidence, field }: Unscheduled, lacking: readonly string[]): Finding<Code> {
  const ref = refOf(pod);
  const texts = lacking.filter((resource) => resource !== 'pods').map((resource) => `${requestText(pod, resource)} ${resource}`);
  const most = lacking.flatMap((resource) => mostOf(facts.list('Node'), resource));
  const rest = most.length === 0 ? '' : `; the largest node has ${most.join(' and ')} in all`;
  const why = texts.length === 0 ? 'every node has too many Pods' : `no node has ${texts.join(' and ')} free`;
  return found('insufficient-resources', ref, `${ref.kind} ${ref.name} cannot be scheduled: ${why}${rest}`, {
    field,
    evidence,
    fix: { text: 'request less in the resources of the component, or add nodes' },
  });
}

function unschedulable({ context: { pod }, text, reason, evidence, field }: Unscheduled, unknown?: string): Finding<Code> {
  const ref = refOf(pod);
  const wanted = /node affinity\/selector|node selector/i.test(text) ? nodesWanted(pod) : [];
  const notes = [
    ...wanted.map((one) => `${one.field.replace('spec.', '')}: ${sentence(one.value)}`),
    ...(unknown === undefined ? [] : [unknown]),
  ];
  const rest = notes.length === 0 ? '' : ` (${notes.join('; ')})`;
  return found('unschedulable', ref, `${ref.kind} ${ref.name} cannot be scheduled: ${sentence(text || reason)}${rest}`, {
    field,
    evidence: [...evidence, ...wanted],
  });
}

/** Which nodes the Pod asks for. */
function nodesWanted(pod: PodFacts['pod']): readonly Evidence[] {
  const ref = refOf(pod);
  const labels = Object.entries((at(pod, 'spec', 'nodeSelector') as object | undefined) ?? {});
  const affinity = at(pod, 'spec', 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution');
  return [
    ...(labels.length === 0 ? [] : [evidenceOf(ref, 'spec.nodeSelector', labels.map(([key, value]) => `${key}=${value}`).join(', '))]),
    ...(isPresent(affinity) ? [evidenceOf(ref, 'spec.affinity.nodeAffinity', JSON.stringify(affinity))] : []),
  ];
}
