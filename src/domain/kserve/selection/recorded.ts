import { fieldOf, listOf, textOf } from '../../kubernetes/json-value.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import type { RuntimeScope } from '../serving-runtime.ts';
import type { Match } from './match.ts';

/** What KServe itself wrote into the status of an InferenceService. */
export interface RecordedAnswer {
  /** Since KServe 0.16. */
  readonly runtime?: { readonly scope: RuntimeScope; readonly name: string };
  /** Only if it still counts: KServe never clears it. */
  readonly failure?: { readonly reason: string; readonly message: string };
  readonly deploymentMode?: string;
  /** KServe leaves it alone as long as it is ready. */
  readonly isHeldBack: boolean;
}

/** Undefined if the status says nothing about a runtime. */
export function recordedAnswer(object: KubeObject): RecordedAnswer | undefined {
  const status = fieldOf(object, 'status');
  const model = fieldOf(status, 'modelStatus');
  const isInvalid = ['InvalidSpec', 'BlockedByFailedLoad'].includes(textOf(fieldOf(model, 'transitionStatus')) ?? '');
  const failure = isInvalid ? fieldOf(model, 'lastFailureInfo') : undefined;
  const [reason, message] = [textOf(fieldOf(failure, 'reason')), textOf(fieldOf(failure, 'message'))];
  const runtime = recordedRuntime(status);
  const isOfSelection = reason !== undefined && SELECTION_REASONS.has(reason);
  if (runtime === undefined && !isOfSelection) return undefined;
  const deploymentMode = textOf(fieldOf(status, 'deploymentMode'));
  return {
    ...(isOfSelection ? { failure: { reason, message: message ?? '' } } : runtime && { runtime }),
    ...(deploymentMode !== undefined && { deploymentMode }),
    isHeldBack: isReady(status) && fieldOf(object.metadata.annotations, 'serving.kserve.io/disable-auto-update') === 'true',
  };
}

/** Other reasons are of the model or its server, which was chosen. */
const SELECTION_REASONS: ReadonlySet<string> = new Set(['RuntimeNotRecognized', 'RuntimeDisabled', 'NoSupportingRuntime']);

function recordedRuntime(status: unknown): RecordedAnswer['runtime'] {
  const [namespaced, cluster] = [textOf(fieldOf(status, 'servingRuntimeName')), textOf(fieldOf(status, 'clusterServingRuntimeName'))];
  if (namespaced) return { scope: 'namespace', name: namespaced };
  return cluster ? { scope: 'cluster', name: cluster } : undefined;
}

function isReady(status: unknown): boolean {
  return listOf(fieldOf(status, 'conditions')).some((one) => fieldOf(one, 'type') === 'Ready' && fieldOf(one, 'status') === 'True');
}

/**
 * Why KServe's answer and that of the selection differ; undefined if they do not, or cannot be compared. `namedWrongly`: the status names the
 * ServingRuntime of the chosen one's name. `heldBack`: KServe does not select anew. `changed`: a runtime or the service changed since.
 */
export type Difference = 'namedWrongly' | 'heldBack' | 'changed';

export function differenceFrom(
  recorded: RecordedAnswer,
  match: Pick<Match, 'decision' | 'chosen' | 'failure' | 'warnings'>,
): Difference | undefined {
  if (match.decision === 'undecided' || agrees(recorded, match)) return undefined;
  const { runtime } = recorded;
  const isNamesake = runtime?.scope === 'namespace' && match.chosen?.scope === 'cluster' && match.chosen.name === runtime.name;
  if (isNamesake && match.warnings.some(({ code }) => code === 'NamedWrongly')) return 'namedWrongly';
  return recorded.isHeldBack ? 'heldBack' : 'changed';
}

function agrees({ runtime, failure }: RecordedAnswer, match: Pick<Match, 'decision' | 'chosen' | 'failure'>): boolean {
  if (failure !== undefined) return match.failure?.reason === failure.reason;
  return match.decision === 'chosen' && match.chosen?.name === runtime?.name && match.chosen?.scope === runtime?.scope;
}
