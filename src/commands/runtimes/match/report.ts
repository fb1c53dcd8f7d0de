import type { ModelRequest } from '../../../domain/kserve/model.ts';
import { effectivePriority } from '../../../domain/kserve/runtime-selection.ts';
import type { Fix } from '../../../domain/kserve/selection/fix.ts';
import type { JudgedReason, JudgedRuntime, Match } from '../../../domain/kserve/selection/match.ts';
import type { SelectionWarning } from '../../../domain/kserve/selection/warnings.ts';
import { failureWords, kindOf, reasonText } from '../../../domain/kserve/selection/words.ts';
import type { ServingRuntime } from '../../../domain/kserve/serving-runtime.ts';
import type { ExitCode } from '../../../errors.ts';
import { REPORT_VERSION } from '../../../output/report.ts';
import type { PredictorMatch } from './decide.ts';
import type { Facts, UnreadService } from './facts.ts';
import { differenceText, notApplicableText, warningText } from './messages.ts';
import { overviewOf } from './overview.ts';

/** What is printed. */
export interface Answer {
  readonly facts: Facts;
  readonly matches: readonly PredictorMatch[];
  readonly exitCode: ExitCode;
}

/** `RuntimeMatchReport` of `docs/schema`. */
export function toReport({ facts, matches, exitCode }: Answer): object {
  return {
    apiVersion: REPORT_VERSION,
    kind: 'RuntimeMatchReport',
    matches: matches.map(toMatchEntry),
    unread: [...facts.reading.errors, ...facts.unreadServices.map(toUnreadEntry), ...facts.missingInFiles.map(toMissingEntry)],
    ...(facts.unreadFiles.length > 0 && { unreadFiles: facts.unreadFiles.map(({ message }) => ({ message })) }),
    summary: { ...overviewOf(matches), exitCode },
  };
}

function toMatchEntry({ subject, predictor, match, warnings, recorded }: PredictorMatch): object {
  const { namespace, name, source } = subject;
  return {
    inferenceService: { kind: subject.kind, namespace, name, source },
    predictor,
    ...(typeof match === 'string'
      ? { mode: 'noModel', decision: 'notApplicable', message: notApplicableText(match), candidates: [], rejected: [], omitted: 0 }
      : decided(match)),
    ...(recorded !== undefined && { recorded: toRecordedEntry(recorded) }),
    warnings: warnings.map(toWarningEntry),
  };
}

function decided(match: Match): object {
  const { mode, request, decision, chosen, candidates, rejected, others, nearName, nameFixes, failure, decidedBy, unknownScopes } = match;
  return {
    mode,
    modelFormat: request.format,
    version: request.version,
    protocolVersion: request.protocol,
    runtime: request.runtime,
    multiNode: request.multiNode,
    decision,
    ...(chosen !== undefined && { [decision === 'chosen' ? 'chosen' : 'chosenUnlessOther']: toRuntimeRef(chosen) }),
    candidates: candidates.map((judged) => toJudgedEntry(judged, request)),
    rejected: rejected.map((judged) => toJudgedEntry(judged, request)),
    omitted: others,
    ...(failure !== undefined && {
      failure: { reason: failure.reason, ...('check' in failure && { check: failure.check }), ...failureWords(failure, request) },
    }),
    nearName,
    ...(nameFixes.length > 0 && {
      nameFixes: nameFixes.map(({ fix, runtime }) => ({ ...toFixEntry(fix), runtime: toRuntimeRef(runtime) })),
    }),
    decidedBy,
    ...(unknownScopes.length > 0 && { unknownScopes }),
  };
}

function toRuntimeRef(runtime: ServingRuntime): object {
  return { kind: kindOf(runtime), namespace: runtime.namespace, name: runtime.name };
}

function toJudgedEntry({ runtime, reasons }: JudgedRuntime, request: ModelRequest): object {
  return {
    ...toRuntimeRef(runtime),
    priority: effectivePriority(request.format, runtime),
    reasons: reasons.map((judged) => toReasonEntry(judged, runtime, request)),
  };
}

function toReasonEntry({ reason, fix }: JudgedReason, runtime: ServingRuntime, request: ModelRequest): object {
  return {
    reason: reason.reason,
    message: reasonText(reason, runtime, request),
    ...(reason.reason === 'Outranked' && { decidedBy: reason.decidedBy, by: toRuntimeRef(reason.by) }),
    ...(fix !== undefined && { fix: toFixEntry(fix) }),
  };
}

function toFixEntry({ target, field, value, chosen }: Fix): object {
  return { target, field, value, chosen };
}

function toWarningEntry(warning: SelectionWarning): object {
  return { code: warning.code, message: warningText(warning) };
}

function toRecordedEntry({ answer, difference }: NonNullable<PredictorMatch['recorded']>): object {
  const { runtime, failure, deploymentMode } = answer;
  return {
    ...(runtime !== undefined && { chosen: { kind: kindOf(runtime), name: runtime.name } }),
    failure,
    deploymentMode,
    ...(difference !== undefined && { difference: { cause: difference, message: differenceText(difference) } }),
  };
}

function toUnreadEntry({ name, namespace, error, hint }: UnreadService): object {
  return {
    resource: 'inferenceservices.serving.kserve.io',
    scope: 'namespace',
    namespace,
    name,
    reason: error.reason,
    message: error.message,
    hint: hint ?? error.hint,
  };
}

function toMissingEntry({ name }: Facts['missingInFiles'][number]): object {
  return {
    resource: 'inferenceservices.serving.kserve.io',
    scope: 'namespace',
    name,
    reason: 'NotFound',
    message: `${name} is not in the files`,
  };
}
