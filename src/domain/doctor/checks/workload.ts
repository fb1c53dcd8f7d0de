import type { Evidence, Finding } from '../../finding.ts';
import { textOf } from '../../kubernetes/json-value.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import { CODES, type Code } from '../catalogue/catalogue.ts';
import { WORKLOAD } from '../catalogue/workload.ts';
import { type Check, evidenceOf, found } from '../check.ts';
import { labelOf, nameOf } from '../facts.ts';
import { podProblem } from '../pods/pods.ts';
import { at, type Condition, componentOf, conditionOf, isReadyPod, refOf, type Service } from '../service.ts';
import { refusalFinding } from './refusal.ts';

/** The Pods and the Deployment of one component. */
export interface Component {
  readonly name: string;
  readonly pods: readonly KubeObject[];
  readonly deployment: KubeObject | undefined;
}

export function componentsOf({ pods, deployments }: Service): readonly Component[] {
  const names = new Set([...deployments, ...pods].map(componentOf));
  // Two Deployments of one component (a canary, prefill and decode) are components of their own.
  return [...names].toSorted().flatMap((name) => {
    const own = deployments.filter((deployment) => componentOf(deployment) === name);
    const ownPods = pods.filter((pod) => componentOf(pod) === name);
    if (own.length < 2) return [{ name, pods: ownPods, deployment: own[0] }];
    return own.map((deployment) => ({ name, deployment, pods: ownPods.filter((pod) => isOf(deployment, pod)) }));
  });
}

/** One Deployment may have the beginning of another's name: what follows in the name of a Pod is the hash. */
function isOf(deployment: KubeObject, pod: KubeObject): boolean {
  return nameOf(pod).startsWith(`${nameOf(deployment)}-${labelOf(pod, 'pod-template-hash') ?? ''}`);
}

const hashOf = (pod: KubeObject): string => labelOf(pod, 'pod-template-hash') ?? labelOf(pod, 'serving.knative.dev/revision') ?? '';

/** The hash of the newest Pods. A Deployment names its newest ReplicaSet in a condition; else the newest Pod decides. */
function newestHash({ deployment, pods }: Component): string {
  const progress = deployment && conditionOf(deployment, 'Progressing')?.message;
  const [, name] = /replica ?set "([^"]+)"/i.exec(progress ?? '') ?? [];
  const named = name?.slice(nameOf(deployment as KubeObject).length + 1);
  return pods.some((pod) => hashOf(pod) === named) ? (named ?? '') : hashOf(pods[0] ?? { metadata: {} });
}

function podsOf(service: Service): readonly Finding<Code>[] {
  return componentsOf(service).flatMap((component) => componentFindings(service, component));
}

function componentFindings(service: Service, component: Component): readonly Finding<Code>[] {
  const newest = newestHash(component);
  const [current, old] = [true, false].map((is) => component.pods.filter((pod) => (hashOf(pod) === newest) === is)) as [
    KubeObject[],
    KubeObject[],
  ];
  // Ended Pods of the same kind were replaced: only those that nobody replaced matter.
  const live = current.filter((pod) => textOf(at(pod, 'status', 'phase')) !== 'Failed');
  const problems = [...(live.length > 0 ? live : current)].flatMap((pod) => podProblem(pod, service.facts) ?? []);
  const refusal = replicaFailure(component);
  const roots = mergeSame([...(refusal === undefined ? [] : [refusal]), ...problems]);
  if (roots.length === 0) return [];
  if (old.some(isReadyPod)) return roots.map((root) => rolloutFailing(service, component, root));
  const serves = current.some((pod) => isReadyPod(pod) && podProblem(pod, service.facts) === undefined);
  // What KServe itself takes for not ready is more than a warning.
  return serves && service.ready?.status === 'True' ? roots.map(asWarning) : roots;
}

/** Some Pods serve: what fails is not the whole. */
function asWarning(finding: Finding<Code>): Finding<Code> {
  return finding.severity === 'error' ? { ...finding, severity: 'warning' } : finding;
}

function rolloutFailing({ ref, ready }: Service, { deployment, name }: Component, root: Finding<Code>): Finding<Code> {
  if (root.severity === 'info') return root;
  const object = deployment === undefined ? ref : refOf(deployment);
  const status = (field: string) => textOf(at(deployment, 'status', field)) ?? '0';
  const evidence: readonly Evidence[] =
    deployment === undefined
      ? root.evidence
      : [
          evidenceOf(object, 'status.updatedReplicas', status('updatedReplicas')),
          evidenceOf(object, 'status.readyReplicas', status('readyReplicas')),
        ];
  return found('rollout-failing', object, `the new Pods of the ${name || 'service'} fail (${root.message}); old Pods still serve`, {
    evidence,
    // Once it has taken too long KServe says that the service is not ready, whatever still serves.
    severity: ready?.status === 'False' ? 'error' : undefined,
    fix: root.fix,
    because: root,
  });
}

/** Several Pods with one fault are one finding: that of the newest. */
function mergeSame(findings: readonly Finding<Code>[]): readonly Finding<Code>[] {
  const groups = Map.groupBy(findings, ({ code, field }) => `${code} ${field ?? ''}`);
  return [...groups.values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    return more.length === 0 ? [first] : [{ ...first, message: `${first.message} (and ${more.length} more like it)` }];
  });
}

const REPLICA_FAILURE = 'status.conditions[ReplicaFailure]';

function replicaFailure({ deployment }: Component): Finding<Code> | undefined {
  const condition = deployment && conditionOf(deployment, 'ReplicaFailure');
  if (condition?.status !== 'True') return undefined;
  const ref = refOf(deployment as KubeObject);
  return refusalFinding({
    text: condition.message,
    object: ref,
    field: REPLICA_FAILURE,
    evidence: [evidenceOf(ref, `${REPLICA_FAILURE}.message`, condition.message)],
    what: `a Pod of ${ref.name}`,
    otherwise: 'pods-rejected',
  });
}

/** KServe copies a Deployment's ReplicaFailure: one request is enough where Deployments may not be read. */
function failedCreate(service: Service): readonly Finding<Code>[] {
  const { ref, conditions, facts } = service;
  if (facts.isComplete('Deployment', ref.namespace) && service.deployments.length > 0) return [];
  const copies = conditions.filter(({ reason, status }) => reason === 'FailedCreate' && status === 'False');
  const texts = new Map(copies.map((condition) => [condition.message, condition]));
  return [...texts.values()].map((condition) => copied(service, condition));
}

function copied({ ref }: Service, { type, message }: Condition): Finding<Code> {
  const field = `status.conditions[${type}]`;
  return refusalFinding({
    text: message,
    object: ref,
    field,
    evidence: [evidenceOf(ref, `${field}.message`, message)],
    what: `a Pod of "${ref.name}"`,
    otherwise: 'pods-rejected',
  });
}

/** What KServe copied from the first Pod that failed, where Pods may not be read. */
function modelLoadFailed({ object, ref, facts, pods }: Service): readonly Finding<Code>[] {
  const status = at(object, 'status', 'modelStatus');
  const transition = textOf(at(status, 'transitionStatus')) ?? '';
  if (transition !== 'BlockedByFailedLoad' || facts.isComplete('Pod', ref.namespace) || pods.length > 0) return [];
  const message = textOf(at(status, 'lastFailureInfo', 'message')) ?? '';
  const field = 'status.modelStatus.lastFailureInfo';
  const evidence = [
    evidenceOf(ref, `${field}.message`, message),
    evidenceOf(ref, `${field}.exitCode`, textOf(at(status, 'lastFailureInfo', 'exitCode')) ?? '<unset>'),
  ];
  return [
    found(
      'model-load-failed',
      ref,
      `the model of "${ref.name}" could not be loaded; whether the storage initializer or the model server failed is not known, because the Pods could not be read`,
      { field, evidence },
    ),
  ];
}

const POD_CODES = CODES.filter((code) => Object.hasOwn(WORKLOAD, code) && code !== 'not-ready' && code !== 'model-load-failed');

export const WORKLOAD_CHECKS: readonly Check[] = [
  {
    name: 'pod-creation',
    codes: [
      'pods-rejected',
      'quota-exceeded',
      'limit-range',
      'pod-security',
      'serviceaccount-missing',
      'storage-secret-missing',
      'webhook-unreachable',
    ],
    needs: [],
    run: failedCreate,
  },
  { name: 'pods', codes: [...POD_CODES, 'rollout-failing'], needs: ['Pod', 'Deployment'], run: podsOf },
  { name: 'model-load', codes: ['model-load-failed'], needs: [], run: modelLoadFailed },
];
