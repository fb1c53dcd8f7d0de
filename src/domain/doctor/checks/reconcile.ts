import type { Finding } from '../../finding.ts';
import { textOf } from '../../kubernetes/json-value.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { type Check, evidenceOf, found } from '../check.ts';
import { nameOf } from '../facts.ts';
import { at, type Condition, isPresent, type Service } from '../service.ts';
import { refusalFinding } from './refusal.ts';

/** Conditions that repeat what one of a part says. */
const SUMMARIES = ['Ready', 'WorkloadsReady', 'RouterReady'];

// https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1alpha2/llmisvc/workload.go, and router.go beside it
const FAILED =
  /^(?:ReconcileFailed|InvalidGPUAllocation|InvalidWorkerSpecNotSet|Reconcile\w+Error|\w+ReconcileError|ScalingCRDNotFound|GatewayPreconditionNotMet)$/;

/** Whether KServe says by a condition that it failed to create something. */
export function isReconcileFailure({ reason, status }: Condition): boolean {
  return status === 'False' && FAILED.test(reason);
}

/** What KServe could not create for a component. */
function reconcileFailed(service: Service): readonly Finding<Code>[] {
  const failed = service.conditions.filter((condition) => isReconcileFailure(condition) && !SUMMARIES.includes(condition.type));
  return failed.map((condition) => refused(service, condition));
}

function refused({ ref }: Service, { type, reason, message }: Condition): Finding<Code> {
  const field = `status.conditions[${type}]`;
  const component = type
    .replace(/Ready$/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
  return refusalFinding({
    text: message,
    object: ref,
    field,
    evidence: [evidenceOf(ref, `${field}.reason`, reason), evidenceOf(ref, `${field}.message`, message)],
    what: `what the ${component} of "${ref.name}" needs`,
    otherwise: 'reconcile-failed',
  });
}

const LLM_PRESET = /^kserve-config-llm-/;

function llmPresets({ ref, conditions, facts }: Service): readonly Finding<Code>[] {
  const condition = conditions.find(({ type, status }) => type === 'PresetsCombined' && status === 'False');
  if (condition === undefined || condition.reason === 'Stopped') return [];
  const field = 'status.conditions[PresetsCombined]';
  const evidence = [evidenceOf(ref, `${field}.reason`, condition.reason), evidenceOf(ref, `${field}.message`, condition.message)];
  // Before 0.18 the reason is that of any other error.
  const [, name] = /llminferenceserviceconfigs?[.\w]* "([^"]*)" not found/i.exec(condition.message) ?? [];
  if (name === undefined) {
    return [
      found('llm-config-invalid', ref, `the configurations of "${ref.name}" cannot be combined: ${condition.message || condition.reason}`, {
        field,
        evidence,
      }),
    ];
  }
  if (LLM_PRESET.test(name))
    return [found('llm-preset-missing', ref, `the preset "${name}" that ships with KServe is not installed`, { field, evidence })];
  const near = facts
    .list('LLMInferenceServiceConfig')
    .map(nameOf)
    .find((other) => other.includes(name) || name.includes(other));
  return [
    found('llm-config-missing', ref, `spec.baseRefs of "${ref.name}" names the LLMInferenceServiceConfig "${name}", which does not exist`, {
      field: 'spec.baseRefs',
      evidence,
      fix: near === undefined ? undefined : { text: `did you mean "${near}"? Correct spec.baseRefs` },
    }),
  ];
}

export function isInvalidSpec({ object }: Service): boolean {
  return isPresent(object.status) && textOf(at(object, 'status', 'modelStatus', 'transitionStatus')) === 'InvalidSpec';
}

export const RECONCILE_CHECKS: readonly Check[] = [
  { name: 'llm-configs', codes: ['llm-preset-missing', 'llm-config-missing', 'llm-config-invalid'], needs: [], run: llmPresets },
  { name: 'reconcile', codes: ['reconcile-failed', 'name-too-long', 'ingress-config'], needs: [], run: reconcileFailed },
];
