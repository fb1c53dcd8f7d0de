import { type CanaryPredictor, canaryRequest, type NoModel, type Predictor, toPredictors } from '../../../domain/kserve/model.ts';
import { askedBy } from '../../../domain/kserve/selection/asked.ts';
import type { Asked } from '../../../domain/kserve/selection/fix.ts';
import { type Knowledge, type Match, matchRuntimes } from '../../../domain/kserve/selection/match.ts';
import { type Difference, differenceFrom, type RecordedAnswer, recordedAnswer } from '../../../domain/kserve/selection/recorded.ts';
import { misspeltFields, type SelectionWarning } from '../../../domain/kserve/selection/warnings.ts';
import { textOf } from '../../../domain/kubernetes/json-value.ts';
import { type Facts, knowledgeOf, selectors } from './facts.ts';
import type { Subject } from './subject.ts';

/** Why no runtime is looked for; of some of them nothing is wrong. */
export type NotApplicable = NoModel | 'llm' | 'stableFirst';

/** What the API server or KServe's webhook would not take: no answer of "none is needed". */
export function isRefused(match: PredictorMatch['match']): match is 'noPredictor' | 'emptyPredictor' {
  return match === 'noPredictor' || match === 'emptyPredictor';
}

/** The answer for one predictor of an InferenceService. */
export interface PredictorMatch {
  readonly subject: Subject;
  /** `stable`, or the name of a canary. */
  readonly predictor: string;
  readonly match: Match | NotApplicable;
  /** Also those that the InferenceService itself gives reason to. */
  readonly warnings: readonly SelectionWarning[];
  /** What KServe itself said, of a stored InferenceService. */
  readonly recorded?: { readonly answer: RecordedAnswer; readonly difference: Difference | undefined } | undefined;
}

/** What KServe makes of each predictor. Pure. */
export function decide(facts: Facts, showsAll: boolean): readonly PredictorMatch[] {
  const selectorOf = selectors(facts);
  const known = new Map<string, Knowledge>();
  const knowledge = (namespace: string): Knowledge => {
    const found = known.get(namespace) ?? {
      namespace: knowledgeOf(facts, 'namespace', namespace),
      cluster: knowledgeOf(facts, 'cluster', namespace),
    };
    known.set(namespace, found);
    return found;
  };
  const matches = new Map<string, Match>();
  return facts.subjects.flatMap((subject) => {
    const { namespace } = subject;
    // Many InferenceServices ask for the same, and would with the same change.
    return matchSubject(subject, (asked) => {
      const key = JSON.stringify([namespace, asked.path, asked.legacyField, asked.request, asked.changed('format', '')]);
      const match = matches.get(key) ?? matchRuntimes(asked, selectorOf(namespace), knowledge(namespace), showsAll);
      matches.set(key, match);
      return match;
    });
  });
}

type MatchAsked = (asked: Asked) => Match;

function matchSubject(subject: Subject, matchAsked: MatchAsked): readonly PredictorMatch[] {
  const { kind, object, origin } = subject;
  if (kind === 'LLMInferenceService' || object === undefined) return [{ subject, predictor: 'stable', match: 'llm', warnings: [] }];
  const { stable, canaries } = toPredictors(object, origin);
  if (typeof stable === 'string') {
    return [{ subject, predictor: 'stable', match: stable, warnings: stable === 'emptyPredictor' ? misspeltFields(object) : [] }];
  }
  const match = matchAsked(askedBy(stable));
  const answer = recordedAnswer(object);
  const recorded = origin === 'stored' && answer !== undefined ? { answer, difference: differenceFrom(answer, match) } : undefined;
  return [
    { subject, predictor: 'stable', match, warnings: [...match.warnings, ...fieldWarnings(stable)], recorded },
    ...canaries.map((canary) => matchCanary(subject, canary, stable, match, matchAsked)),
  ];
}

function fieldWarnings({ legacyField, besides }: Predictor): readonly SelectionWarning[] {
  if (legacyField === undefined) return [];
  return besides.map((field) => ({ code: field === 'model' ? 'FieldIgnored' : 'FieldRefused', field, legacyField }));
}

/** KServe comes to the canaries once the stable predictor has a runtime, which they share unless they name their own. */
function matchCanary(
  subject: Subject,
  canary: CanaryPredictor,
  stable: Predictor,
  { decision, chosen }: Match,
  matchAsked: MatchAsked,
): PredictorMatch {
  const named = { subject, predictor: canary.name };
  if (decision === 'none' || chosen === undefined) return { ...named, match: 'stableFirst', warnings: [] };
  const requestOf = (changes: CanaryPredictor['changes']) => canaryRequest(stable.request, chosen, { ...canary, changes });
  const match = matchAsked({
    request: requestOf(canary.changes),
    path: canary.path,
    changed: (key, value) => (key === 'multiNode' || value === undefined ? undefined : requestOf({ ...canary.changes, [key]: value })),
  });
  const warnings = [...match.warnings, ...modeWarnings(subject)];
  // What the stable predictor depends on, the canary depends on as well.
  return { ...named, match: decision === 'undecided' ? { ...match, decision, failure: undefined } : match, warnings };
}

/** Canaries are only for Standard mode. */
function modeWarnings({ object }: Subject): readonly SelectionWarning[] {
  const mode = textOf(object?.metadata.annotations?.['serving.kserve.io/deploymentMode']);
  return mode === 'Knative' || mode === 'Serverless' ? [{ code: 'CanaryNeedsStandard', deploymentMode: mode }] : [];
}
