import type { Finding, Fix } from '../../finding.ts';
import { fieldOf, listOf, textOf } from '../../kubernetes/json-value.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf, found } from '../check.ts';
import { at, refOf } from '../service.ts';
import type { Unscheduled } from './problem.ts';

interface Taint {
  readonly key: string;
  readonly value: string;
  /** Unset where only the scheduler named the taint. */
  readonly effect: string;
}

/** Taints that a scheduler names (up to Kubernetes 1.36): `untolerated taint {dedicated: ml}`. */
export function namedTaints(text: string): readonly Taint[] {
  return [...text.matchAll(/taint \{([^:}]{1,300}): ?([^}]{0,300})\}/g)].map(([, key = '', value = '']) => ({ key, value, effect: '' }));
}

/** A taint that Kubernetes sets for the state of a node: it goes with the state. https://kubernetes.io/docs/reference/labels-annotations-taints/ */
function isOfState({ key }: Taint): boolean {
  return /^(?:node\.kubernetes\.io|node\.cloudprovider\.kubernetes\.io)\/|^(?:ToBeDeleted|DeletionCandidate)/.test(key);
}

/** Whether a node with this taint was ever meant for models: a control plane is not, nor is a node that is not well. */
export function isForModels(taint: Taint): boolean {
  return !isOfState(taint) && !/^node-role\.kubernetes\.io\/(?:control-plane|master)$/.test(taint.key);
}

/** Otherwise suitable nodes have a taint; `nodes` are those that were read. */
export function tainted({ context: { pod }, text, evidence, field }: Unscheduled, nodes: readonly KubeObject[]): Finding<Code> {
  const ref = refOf(pod);
  const read = nodes.flatMap((node) => untolerated(node, pod));
  const taints = read.length > 0 ? read : namedTaints(text);
  const names = [...new Set(taints.map(taintText))].slice(0, MOST_NAMED);
  const named = names.length === 0 ? 'a taint (the Nodes could not be read, so it is not known which)' : `the taint ${names.join(' or ')}`;
  return found(
    'untolerated-taint',
    ref,
    `${ref.kind} ${ref.name} cannot be scheduled: otherwise suitable nodes have ${named}, which it does not tolerate`,
    {
      field,
      evidence: [
        ...evidence,
        ...nodes
          .slice(0, MOST_NAMED)
          .map((node) => evidenceOf(refOf(node), 'spec.taints', untolerated(node, pod).map(taintText).join(', '))),
      ],
      fix: taints[0] && fixFor(taints[0]),
    },
  );
}

const MOST_NAMED = 5;

/** Who tolerates a node that is not ready gets a Pod that does not start. */
function fixFor(taint: Taint): Fix {
  if (isOfState(taint)) return { text: `wait until the nodes are healthy: ${taint.key} is set by Kubernetes; look at the Nodes` };
  return {
    text: `add the toleration to spec.predictor.tolerations: ${JSON.stringify(tolerationOf(taint))}`,
    patch: { spec: { predictor: { tolerations: [tolerationOf(taint)] } } },
  };
}

function taintText({ key, value, effect }: Taint): string {
  return `${key}${value === '' ? '' : `=${value}`}${effect === '' ? '' : `:${effect}`}`;
}

function tolerationOf({ key, value, effect }: Taint): object {
  const of = { ...(effect !== '' && { effect }) };
  return value === '' ? { key, operator: 'Exists', ...of } : { key, operator: 'Equal', value, ...of };
}

/** Taints of a node that keep the Pod away: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
export function untolerated(node: KubeObject, pod: KubeObject): readonly Taint[] {
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
