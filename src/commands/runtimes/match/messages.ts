import type { ModelRequest } from '../../../domain/kserve/model.ts';
import type { Match } from '../../../domain/kserve/selection/match.ts';
import type { Difference, RecordedAnswer } from '../../../domain/kserve/selection/recorded.ts';
import { prioritiesOf, type SelectionWarning } from '../../../domain/kserve/selection/warnings.ts';
import { failureWords, kindOf, scopeText, some } from '../../../domain/kserve/selection/words.ts';
import { lowestProtocol, type ServingRuntime } from '../../../domain/kserve/serving-runtime.ts';
import { RUNTIMES_OF } from '../scope-words.ts';
import type { NotApplicable, PredictorMatch } from './decide.ts';
import type { NamedService } from './request.ts';

// What `runtimes match` says, from the same data as its JSON. Nothing is escaped here: what prints it does that.

/** `kserve-mlserver (cluster)`, `my-runtime (team-a)`. */
function runtimeText(runtime: ServingRuntime): string {
  return `${runtime.name} (${scopeText(runtime)})`;
}

/** What a model asks for. */
export function requestText({ format, version, protocol, runtime, multiNode }: ModelRequest): string {
  return [
    `model format ${format}`,
    ...(version === undefined ? [] : [`version ${version === '' ? '""' : version}`]),
    protocol === undefined ? 'protocol unset' : `protocol ${protocol === '' ? '""' : protocol}`,
    ...(runtime === undefined ? [] : [`runtime ${runtime === '' ? '""' : runtime}`]),
    ...(multiNode ? ['multi-node'] : []),
  ].join(', ');
}

const NOT_APPLICABLE: Readonly<Record<NotApplicable, string>> = {
  modelMesh: 'it is deployed by ModelMesh, for which KServe selects none',
  containers: 'its predictor has no model: it brings its own containers',
  legacyField: 'its model is in a field from before KServe 0.8, which KServe converts only when the InferenceService is written again',
  noPredictor: 'it has no spec.predictor, and the API server refuses an InferenceService without one',
  emptyPredictor: "its predictor has neither a model nor containers, and KServe's webhook refuses one like that",
  llm: 'an LLMInferenceService uses no ServingRuntimes, but LLMInferenceServiceConfigs',
  stableFirst: 'KServe comes to a canary only once the stable predictor has a runtime',
};

export function notApplicableText(why: NotApplicable): string {
  return `No runtime is selected: ${notApplicableReason(why)}`;
}

export function notApplicableReason(why: NotApplicable): string {
  return NOT_APPLICABLE[why];
}

/** Which predictor it is about. */
export function titleText({ subject, predictor, match }: PredictorMatch): string {
  const { kind, name, namespace, source } = subject;
  if (name === undefined) return typeof match === 'string' ? '' : requestText(match.request);
  const place = source.from === 'file' ? ` (${source.file}:${source.line})` : '';
  const canary = predictor === 'stable' ? '' : `, canary ${predictor}`;
  return `${kind} "${name}"${place}, namespace ${namespace}${canary}`;
}

export function answerText({ match }: PredictorMatch): string {
  return typeof match === 'string' ? notApplicableText(match) : decisionText(match);
}

/** The answer in one line. */
export function decisionText(match: Match): string {
  if (match.decision === 'undecided') return `Undecided: ${whyDecided(match)}`;
  if (match.chosen !== undefined) return `Chosen: ${runtimeText(match.chosen)}, ${whyDecided(match)}`;
  const why = whyDecided(match);
  return why === '' ? 'No runtime' : `No runtime: ${why}`;
}

/** Why it is that answer. */
export function whyDecided(match: Match): string {
  if (match.decision === 'undecided') return undecidedText(match);
  if (match.chosen !== undefined) return whyChosen(match);
  if (match.failure === undefined) return '';
  return `KServe would report "${failureWords(match.failure, match.request).message}" (${match.failure.reason})`;
}

function undecidedText({ chosen, mode, request, unknownScopes }: Match): string {
  const unread = `${unknownScopes.map((scope) => RUNTIMES_OF[scope]).join(' and ')} could not be read`;
  if (mode === 'explicit') {
    return chosen === undefined
      ? `${unread}, and one of them may be ${request.runtime}`
      : `${unread}, and one of them may be in the place of ${runtimeText(chosen)}`;
  }
  if (chosen === undefined) return `none that was read fits, but ${unread}`;
  return `${runtimeText(chosen)} if no other fits: ${unread}`;
}

function whyChosen({ mode, candidates, decidedBy, request, chosen }: Match): string {
  const [first, second] = candidates;
  if (mode === 'explicit') return 'as named';
  if (first === undefined || second === undefined || decidedBy === undefined || chosen === undefined) return 'the only one that fits';
  switch (decidedBy) {
    case 'scope':
      return 'because namespaced runtimes come before cluster-scoped ones';
    case 'priority': {
      const [higher, lower] = prioritiesOf(request, first.runtime, second.runtime);
      return `by priority ${higher ?? 'none'} before ${lower ?? 'none'}`;
    }
    case 'protocol':
      return `by its lowest protocol, ${lowestProtocol(first.runtime) ?? 'none'} before ${lowestProtocol(second.runtime) ?? 'none'}`;
    case 'creationTime':
      return `because it is newer than ${second.runtime.name}`;
    case 'name':
      return `by name before ${second.runtime.name}`;
  }
}

export function warningText(warning: SelectionWarning): string {
  switch (warning.code) {
    case 'DecidedByTime':
      return `${warning.chosen.name} comes before ${warning.second.name} only because it is newer: any newer runtime of the same rank will take over. Set a priority to be sure.`;
    case 'DecidedByName':
      return `${warning.chosen.name} comes before ${warning.second.name} only by name. Set a priority to be sure.`;
    case 'ManyCandidates':
      return `${warning.count} ${RUNTIMES_OF[warning.scope]} fit: up to KServe 0.20, equals among more than 12 are in no fixed order, so another of the same rank may be chosen.`;
    case 'DifferentVersions':
      return `the model names no version, and the runtimes that fit list different ones: ${warning.versions.map(([name, versions]) => `${name} ${some(versions, 'none')}`).join('; ')}.`;
    case 'NamedWrongly':
      return `the ServingRuntime ${warning.namesake.name} in ${scopeText(warning.namesake)} has the name of the chosen cluster-scoped runtime: KServe's status will name it instead, and its annotations will be used.`;
    case 'WorkersMissing':
      return `${warning.runtime.name} has no workerSpec, but the predictor has one: KServe's controller fails on every reconcile, without an event or a status.`;
    case 'WorkersIgnored':
      return `${warning.runtime.name} is for several nodes, but the predictor has no workerSpec: only its head is deployed.`;
    case 'NoServingContainer':
      return `KServe cannot deploy ${warning.runtime.name}: "${warning.message}" (InvalidPredictorSpec).`;
    case 'Malformed':
      return `${kindOf(warning.runtime)} ${warning.runtime.name}: ${warning.field.field} is ${warning.field.value}, not ${warning.field.wanted}: KServe cannot read it, nor the list that it is in.`;
    case 'FieldIgnored':
      return `spec.predictor.${warning.field} is ignored: KServe replaces it by spec.predictor.${warning.legacyField}.`;
    case 'FieldRefused':
      return `KServe will refuse the InferenceService: spec.predictor has both ${warning.legacyField} and ${warning.field}.`;
    case 'FieldMisspelt':
      return `spec.predictor has no field ${warning.field}: did you mean ${warning.meant}?`;
    case 'CanaryNeedsStandard':
      return `KServe refuses canaries in deployment mode ${warning.deploymentMode}: they need Standard.`;
  }
}

/** KServe's own answer. */
export function recordedText({ runtime, failure, deploymentMode }: RecordedAnswer, namespace: string): string {
  const mode = deploymentMode === undefined ? '' : `, deployment mode ${deploymentMode}`;
  if (failure !== undefined) return `KServe reports: "${failure.message}" (${failure.reason})${mode}`;
  return `KServe has chosen: ${runtime?.name ?? ''} (${runtime?.scope === 'cluster' ? 'cluster' : namespace})${mode}`;
}

export function missingText({ kind, name }: NamedService): string {
  return `the files hold no ${kind} ${JSON.stringify(name)}`;
}

const DIFFERENCES: Readonly<Record<Difference, string>> = {
  namedWrongly: "KServe's status names the ServingRuntime of the same name, which was not chosen",
  heldBack: 'serving.kserve.io/disable-auto-update is "true" and it is ready, so KServe does not select again',
  changed:
    'a runtime or the InferenceService probably changed since, or KServe is older than 0.15; KServe selects again when either is written',
};

export function differenceText(difference: Difference): string {
  return `That differs from the selection now: ${DIFFERENCES[difference]}.`;
}
