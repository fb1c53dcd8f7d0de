import type { Finding } from '../../finding.ts';
import { fieldOf, listOf, textOf } from '../../kubernetes/json-value.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { type Check, evidenceOf, found, quoted } from '../check.ts';
import type { Warning } from '../facts.ts';
import { annotationOf, nameOf } from '../facts.ts';
import { at, type Condition, isPresent, type Service, storageUris } from '../service.ts';
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

/** Whether the status says nothing: then only Events know. */
function isSilent({ conditions, object, stopped }: Service): boolean {
  const says = conditions.some(({ status, type }) => status !== 'Unknown' && type !== 'Stopped' && type !== 'LatestDeploymentReady');
  const transition = textOf(at(object, 'status', 'modelStatus', 'transitionStatus'));
  return conditions.length > 0 && !says && transition !== 'InvalidSpec' && !stopped;
}

function knativeMissing(service: Service): readonly Finding<Code>[] {
  const { ref, facts, object } = service;
  if (ref.kind !== 'InferenceService' || !isSilent(service)) return [];
  const event = facts.warningsOf(object).find(({ reason }) => reason === 'ServerlessModeRejected');
  const isWanted = service.deploymentMode === 'Knative' && facts.serves('serving.knative.dev') === 'no';
  if (event === undefined && !isWanted) return [];
  const annotation = annotationOf(object, 'serving.kserve.io/deploymentMode');
  return [
    found('knative-missing', ref, `InferenceService "${ref.name}" asks for Knative mode, but Knative Serving is not installed`, {
      field: 'metadata.annotations[serving.kserve.io/deploymentMode]',
      evidence: [
        evidenceOf(ref, 'status.deploymentMode', textOf(at(object, 'status', 'deploymentMode')) ?? '<unset>'),
        evidenceOf(ref, 'metadata.annotations[serving.kserve.io/deploymentMode]', annotation ?? '<unset>'),
        ...eventEvidence(ref, event),
      ],
    }),
  ];
}

function eventEvidence(ref: Service['ref'], event: Warning | undefined) {
  return event === undefined ? [] : [evidenceOf(ref, `Event ${event.reason}`, event.message)];
}

// https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1beta1/inferenceservice/utils/utils.go
const BUILT_IN = [
  'gs://',
  's3://',
  'pvc://',
  'file://',
  'https://',
  'http://',
  'hdfs://',
  'webhdfs://',
  'oci://',
  'oci+native://',
  'hf://',
];
const AZURE = 'blob.core.windows.net';

/** Whether KServe fetches from a URI; undefined where only the storage containers could tell. */
export function isSupportedUri(uri: string, service: Pick<Service, 'facts'>): boolean | undefined {
  if (!/\w:\/\//.test(uri)) return true;
  const isBuiltIn = uri.includes(AZURE) ? isAzure(uri) : BUILT_IN.some((prefix) => uri.startsWith(prefix));
  if (isBuiltIn) return true;
  const containers = service.facts.list('ClusterStorageContainer').filter(({ disabled }) => disabled !== true);
  const formats = containers.flatMap((container) => listOf(at(container, 'spec', 'supportedUriFormats')));
  if (formats.some((format) => fitsFormat(uri, format))) return true;
  return service.facts.isComplete('ClusterStorageContainer', undefined) ? false : undefined;
}

/** `https://ACCOUNT.blob.core.windows.net/PATH` anywhere; an expression for it would take the square of a long text's time. */
function isAzure(uri: string): boolean {
  const scheme = 'https://';
  const host = `.${AZURE}/`;
  const start = uri.indexOf(scheme);
  const end = start < 0 ? -1 : uri.indexOf(host, start + scheme.length + 1);
  return end >= 0 && end + host.length < uri.length;
}

function fitsFormat(uri: string, format: unknown): boolean {
  const prefix = textOf(fieldOf(format, 'prefix'));
  const regex = textOf(fieldOf(format, 'regex'));
  if (prefix !== undefined && prefix !== '') return uri.startsWith(prefix);
  // A regular expression of Go that we cannot run proves nothing against the URI.
  return regex !== undefined && regex !== '' && (tested(regex, uri) ?? true);
}

/** Characters of a URI and of an expression that are tried. */
const MOST_TRIED = 2048;

function tested(regex: string, text: string): boolean | undefined {
  if (!isQuick(regex) || text.length > MOST_TRIED) return undefined;
  try {
    return new RegExp(`^(?:${regex})`).test(text);
  } catch {
    return undefined;
  }
}

/**
 * Whether an expression ends soon here too, where it may try all ways that repeats and choices leave; Go tries none twice. Repeated groups could take
 * for ever, a third repeat minutes. `(?` and `\1` mean other things in Go.
 */
function isQuick(regex: string): boolean {
  const repeats = regex.match(/[*+{]/g)?.length ?? 0;
  const choices = regex.match(/[|?]/g)?.length ?? 0;
  return regex.length <= MOST_TRIED && repeats <= 2 && choices <= 4 && !/\)[*+{]|\(\?|\\\d/.test(regex);
}

function storageUnsupported(service: Service): readonly Finding<Code>[] {
  const { ref, facts, object } = service;
  if (ref.kind !== 'InferenceService' || !isSilent(service)) return [];
  const event = facts.warningsOf(object).find(({ message }) => message.includes('StorageURI not supported'));
  const uris = storageUris(service);
  const wrong = uris.find(({ uri }) => event?.message.includes(uri)) ?? uris.find(({ uri }) => isSupportedUri(uri, service) === false);
  if (event === undefined && wrong === undefined) return [];
  const scheme = wrong?.uri.split('://')[0] ?? '';
  return [
    found('storage-uri-unsupported', ref, `KServe cannot fetch from ${quoted(wrong?.uri ?? '')}: no storage container knows ${scheme}://`, {
      field: wrong?.field ?? 'spec.predictor.model.storageUri',
      evidence: [...(wrong === undefined ? [] : [evidenceOf(ref, wrong.field, wrong.uri)]), ...eventEvidence(ref, event)],
    }),
  ];
}

/** An error of the controller that only an Event holds. */
function eventOnly(service: Service): readonly Finding<Code>[] {
  const { ref, facts, object } = service;
  if (!isSilent(service) || knativeMissing(service).length > 0 || storageUnsupported(service).length > 0) return [];
  const event = facts.warningsOf(object).find(({ reason }) => reason === 'InternalError' || reason === 'Error');
  if (event === undefined) return [];
  return [
    refusalFinding({
      text: event.message,
      object: ref,
      field: 'status.conditions',
      evidence: eventEvidence(ref, event),
      what: `what "${ref.name}" needs`,
      otherwise: 'reconcile-failed',
    }),
  ];
}

const LLM_PRESET = /^kserve-config-llm-/;

function llmPresets({ ref, conditions, facts }: Service): readonly Finding<Code>[] {
  const condition = conditions.find(({ type, status }) => type === 'PresetsCombined' && status === 'False');
  if (condition === undefined || condition.reason === 'Stopped') return [];
  const field = 'status.conditions[PresetsCombined]';
  const evidence = [evidenceOf(ref, `${field}.reason`, condition.reason), evidenceOf(ref, `${field}.message`, condition.message)];
  const [, name] = /LLMInferenceServiceConfig "([^"]*)" not found/.exec(condition.message) ?? [];
  if (condition.reason !== 'ConfigNotFound' || name === undefined) {
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
  { name: 'deployment-mode', codes: ['knative-missing'], needs: ['Event'], run: knativeMissing },
  { name: 'storage-uri', codes: ['storage-uri-unsupported'], needs: ['Event'], run: storageUnsupported },
  { name: 'reconcile', codes: ['reconcile-failed', 'name-too-long', 'ingress-config'], needs: [], run: reconcileFailed },
  { name: 'controller-events', codes: ['reconcile-failed'], needs: ['Event'], run: eventOnly },
];
