import { shellCommand } from '../../text/shell.ts';
import type { Finding, Severity } from '../finding.ts';
import { isNewerThan } from './age.ts';
import type { Code } from './catalogue/catalogue.ts';
import { type Check, evidenceOf, found, sentence } from './check.ts';
import { KNATIVE_CHECKS } from './checks/knative.ts';
import { RECONCILE_CHECKS } from './checks/reconcile.ts';
import { REPLICA_CHECKS } from './checks/replicas.ts';
import { ROUTE_CHECKS } from './checks/route.ts';
import { SELECTION_CHECKS } from './checks/selection.ts';
import { controllerEvent, SILENCE_CHECKS } from './checks/silence.ts';
import { STATUS_CHECKS } from './checks/status.ts';
import { WORKLOAD_CHECKS } from './checks/workload.ts';
import { type Condition, conditionText, isPresent, type Service } from './service.ts';

/** Checks of one service, roots before what follows from them. */
export const SERVICE_CHECKS: readonly Check[] = [
  ...SELECTION_CHECKS,
  ...STATUS_CHECKS,
  ...RECONCILE_CHECKS,
  ...SILENCE_CHECKS,
  ...WORKLOAD_CHECKS,
  ...REPLICA_CHECKS,
  ...ROUTE_CHECKS,
];

const RANK: readonly Severity[] = ['error', 'warning', 'info'];

/** The findings about a service, worst first and then in the order of the checks. */
export function diagnose(service: Service): readonly Finding<Code>[] {
  // Of what is on its way out nothing else is a fault.
  if (isPresent(service.object.metadata.deletionTimestamp)) return STATUS_CHECKS.flatMap((check) => check.run(service));
  const direct = SERVICE_CHECKS.flatMap((check) => check.run(service));
  // Knative's words repeat what a Pod says.
  const findings = direct.some(isWorthWaitingFor) ? direct : [...direct, ...KNATIVE_CHECKS.flatMap((check) => check.run(service))];
  return bySeverity([...findings, ...unexplained(service, findings)].map((finding) => withCommand(finding, service)));
}

/** What is found of a Pod is waited for by the name of its service. */
function withCommand(finding: Finding<Code>, { ref }: Service): Finding<Code> {
  if (finding.code !== 'loading') return finding;
  const kind = ref.kind === 'InferenceService' ? 'isvc' : 'llmisvc';
  const words = ['kubectl', 'kserve', 'doctor', `${kind}/${ref.name}`, '-n', ref.namespace, '--wait=10m'];
  return { ...finding, fix: { text: 'Wait until it is ready.', commands: [shellCommand(words)] } };
}

function isWorthWaitingFor({ severity }: Finding): boolean {
  return severity !== 'info';
}

export function bySeverity<F extends Finding>(findings: readonly F[]): readonly F[] {
  return findings.toSorted((a, b) => RANK.indexOf(a.severity) - RANK.indexOf(b.severity));
}

/** Milliseconds in which what KServe has not settled is no fault yet. */
const SETTLING = 15_000;

/** Not ready, and nothing says why: the condition itself is all there is to show. */
function unexplained(service: Service, findings: readonly Finding<Code>[]): readonly Finding<Code>[] {
  const { ready, ref, facts, conditions } = service;
  if (ready?.status === 'True' || service.stopped || findings.some(explains)) return [];
  const event = controllerEvent(service);
  if (event !== undefined) return [event];
  if (ready === undefined)
    return [
      found('not-ready', ref, `KServe has not said whether "${ref.name}" is ready`, {
        evidence: [evidenceOf(ref, 'status.conditions', '<none>')],
      }),
    ];
  const condition = deepest(conditions) ?? ready;
  const field = `status.conditions[${condition.type}]`;
  const evidence = [
    evidenceOf(ref, field, [condition.status, condition.reason, condition.message].filter((text) => text !== '').join(': ')),
  ];
  const text = sentence(conditionText(condition)) || `${condition.type} is ${condition.status}`;
  if (facts.clockIsExact && isNewerThan(SETTLING, condition.since, facts.now)) {
    return [found('loading', ref, `"${ref.name}" is not ready yet: ${text}`, { field, evidence })];
  }
  const hidden = ['Pod', 'Deployment', 'Event'].filter((kind) => !facts.isComplete(kind, ref.namespace));
  const unread = hidden.length === 0 ? '' : `; ${hidden.map((kind) => `${kind}s`).join(', ')} could not be read`;
  return [
    found('not-ready', ref, `"${ref.name}" is not ready: ${unread === '' ? text : text.replace(/\.$/, '')}${unread}`, { field, evidence }),
  ];
}

/** A warning about something else leaves it open why a service is not ready. */
function explains({ severity, code }: Finding<Code>): boolean {
  return (
    severity === 'error' || code === 'loading' || (severity === 'warning' && code !== 'min-replicas-ignored' && code !== 'update-disabled')
  );
}

const DEPTH = [
  'PredictorReady',
  'TransformerReady',
  'ExplainerReady',
  'PresetsCombined',
  'MainWorkloadReady',
  'WorkerWorkloadReady',
  'PrefillWorkloadReady',
  'PrefillWorkerWorkloadReady',
  'ScalingReady',
  'PrefillScalingReady',
  'WorkloadsReady',
  'IngressReady',
  'GatewaysReady',
  'HTTPRoutesReady',
  'InferencePoolReady',
  'SchedulerWorkloadReady',
  'RouterReady',
  'CanaryPredictorReady',
  'Ready',
];

function deepest(conditions: readonly Condition[]): Condition | undefined {
  const unready = conditions.filter(({ status, type }) => status !== 'True' && DEPTH.includes(type));
  const byDepth = unready.toSorted((a, b) => DEPTH.indexOf(a.type) - DEPTH.indexOf(b.type));
  return byDepth.find((condition) => conditionText(condition) !== '') ?? byDepth[0];
}
