import type { ModelRequest } from '../model.ts';
import { effectivePriority, type SelectionFailure } from '../runtime-selection.ts';
import { lowestProtocol, type ServingRuntime } from '../serving-runtime.ts';
import type { Fix } from './fix.ts';
import type { OutrankedReason, Reason } from './reasons.ts';

// What is said of a selection by `runtimes match` and by doctor. Nothing is escaped here: what prints it does that.

export function scopeText({ scope, namespace }: Pick<ServingRuntime, 'scope' | 'namespace'>): string {
  return scope === 'cluster' ? 'cluster' : (namespace ?? '<none>');
}

export function kindOf({ scope }: Pick<ServingRuntime, 'scope'>): 'ServingRuntime' | 'ClusterServingRuntime' {
  return scope === 'cluster' ? 'ClusterServingRuntime' : 'ServingRuntime';
}

/** Why KServe selects nothing, in one word: its reason, or which check failed. */
export type FailureKind = 'RuntimeNotRecognized' | 'RuntimeDisabled' | 'protocol' | 'format' | 'all';

export function failureKind(failure: SelectionFailure): FailureKind {
  return failure.reason === 'NoSupportingRuntime' ? failure.check : failure.reason;
}

/** KServe's own words: https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1beta1/inferenceservice/components/predictor.go */
const MESSAGES: Readonly<Record<FailureKind, string>> = {
  RuntimeNotRecognized: 'Waiting for runtime to become available',
  RuntimeDisabled: 'Specified runtime is disabled',
  protocol: 'Specified runtime does not support specified protocol version',
  format: 'Specified runtime does not support specified framework/version',
  all: 'No runtime found to support specified framework/version',
};

/** What KServe would write into the status, and into an Event. */
export function failureWords(failure: SelectionFailure, request: ModelRequest): { readonly message: string; readonly event: string } {
  const kind = failureKind(failure);
  return { message: MESSAGES[kind], event: eventText(kind, request) };
}

function eventText(kind: FailureKind, { format, version, runtime = '' }: ModelRequest): string {
  if (kind === 'RuntimeNotRecognized') return `No ServingRuntimes or ClusterServingRuntimes with the name: ${runtime}`;
  // KServe prints the address of the version.
  if (kind === 'all')
    return `no runtime found to support predictor with model type: {${format} ${version === undefined ? '<nil>' : '0x…'}}`;
  return MESSAGES[kind].replace('Specified runtime', `specified runtime ${runtime}`);
}

/** The kind of a failure that KServe has written; undefined if it is none of its selection. */
export function recordedKind(
  { reason, message }: { readonly reason: string; readonly message: string },
  { runtime }: Pick<ModelRequest, 'runtime'>,
): FailureKind | undefined {
  if (reason === 'RuntimeNotRecognized' || reason === 'RuntimeDisabled') return reason;
  if (reason !== 'NoSupportingRuntime') return undefined;
  const known = (['protocol', 'format', 'all'] as const).find((kind) => MESSAGES[kind] === message);
  return known ?? (runtime === undefined ? 'all' : 'format');
}

/** What speaks against a runtime, as a clause of which the runtime is the subject. */
export function reasonText(reason: Reason, runtime: ServingRuntime, request: ModelRequest): string {
  switch (reason.reason) {
    case 'Disabled':
      return 'disabled';
    case 'MultiModel':
      return 'for ModelMesh only';
    case 'FormatMissing':
      return reason.near === undefined
        ? `lists ${some(reason.formats, 'no model format')}, not ${request.format}`
        : `lists ${reason.near}, not ${request.format} (did you mean ${reason.near}?)`;
    case 'NotAutoSelectable':
      return 'autoSelect is not set: only an InferenceService that names it gets it';
    case 'VersionMismatch':
      return versionText(reason.versions, request);
    case 'ProtocolMismatch':
      return protocolText(reason.protocols, request);
    case 'NotMultiNode':
      return 'has no workerSpec; the predictor has one';
    case 'MultiNodeOnly':
      return 'multi-node only; the predictor has no workerSpec';
    case 'Shadowed':
      return `hidden by the ServingRuntime ${reason.by.name} in ${scopeText(reason.by)}`;
    case 'Outranked':
      return outrankedText(reason, runtime, request);
  }
}

function versionText(versions: readonly string[], { version }: ModelRequest): string {
  const listed = versions.length === 0 ? 'no version' : `version${versions.length > 1 ? 's' : ''} ${some(versions, '')}`;
  return `lists ${listed}; the model asks for ${quotedIfEmpty(version)}, and versions are compared as text`;
}

function protocolText(protocols: readonly string[], { protocol }: ModelRequest): string {
  if (protocol === undefined) return `speaks ${some(protocols, 'none')}; protocolVersion is unset, which KServe takes for v1`;
  return `speaks ${some(protocols, 'none')} only; the model asks for ${protocol}`;
}

function outrankedText({ by, decidedBy }: OutrankedReason, runtime: ServingRuntime, { format }: ModelRequest): string {
  switch (decidedBy) {
    case 'scope':
      return 'namespaced runtimes come first';
    case 'priority':
      return `priority ${effectivePriority(format, runtime) ?? 'none'} after ${effectivePriority(format, by) ?? 'none'}`;
    case 'protocol':
      return `lowest protocol ${lowestProtocol(runtime) ?? 'none'} after ${lowestProtocol(by) ?? 'none'}`;
    case 'creationTime':
      return `older than ${by.name}`;
    case 'name':
      return `by name after ${by.name}`;
  }
}

const MOST_LISTED = 4;

/** The first of some values, and how many more there are. */
export function some(values: readonly string[], none: string, most: number = MOST_LISTED): string {
  const texts = values.map((value) => quotedIfEmpty(value));
  if (texts.length === 0) return none;
  return texts.length > most ? `${texts.slice(0, most).join(', ')}, +${texts.length - most} more` : texts.join(', ');
}

function quotedIfEmpty(value: string | undefined): string {
  return value === '' || value === undefined ? '""' : value;
}

/** The change, as an imperative. `others`: values that would do as well. */
export function fixText({ target, field, value }: Fix, runtime: ServingRuntime, others: readonly Fix['value'][] = []): string {
  const place = target === 'runtime' ? `${field} of ${kindOf(runtime)} ${runtime.name}` : field;
  if (value === null) return `remove ${place}`;
  return `set ${place} to ${[value, ...others].map((one) => (typeof one === 'string' ? quotedIfEmpty(one) : JSON.stringify(one))).join(' or ')}`;
}
