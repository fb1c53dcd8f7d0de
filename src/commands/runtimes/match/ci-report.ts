import type { Code } from '../../../domain/doctor/catalogue/catalogue.ts';
import type { Evidence, Finding, FindingObject, Severity } from '../../../domain/finding.ts';
import type { JudgedRuntime, Match } from '../../../domain/kserve/selection/match.ts';
import type { SelectionWarning } from '../../../domain/kserve/selection/warnings.ts';
import { kindOf, reasonText } from '../../../domain/kserve/selection/words.ts';
import type { CiCase, CiProblem, CiReport, CiSuite } from '../../../output/ci/report.ts';
import { failureText, withoutLabel } from '../../../output/failure.ts';
import { isRefused, type PredictorMatch } from './decide.ts';
import type { Facts } from './facts.ts';
import { fixTexts } from './fix-text.ts';
import { decisionText, missingText, notApplicableText, requestText, warningText } from './messages.ts';
import type { Answer } from './report.ts';
import { nothingText } from './text.ts';

/** The report for CI systems: a suite an InferenceService, a case a predictor. */
export function toCiReport({ facts, matches, exitCode }: Answer, version: string): CiReport {
  const judged = matches.map((match) => ({ match, findings: findingsOf(match) }));
  const bySubject = Map.groupBy(judged, ({ match: { subject } }) => subject);
  const problems = [...problemsOf(facts), ...matches.flatMap(openQuestion)];
  return {
    command: 'runtimes match',
    version,
    exitCode,
    suites: [...bySubject.values()].map(toSuite),
    findings: [...new Map(judged.flatMap(({ findings }) => findings).map((finding) => [JSON.stringify(finding), finding])).values()],
    problems,
    empty: matches.length + problems.length === 0 ? 'No InferenceServices found.' : undefined,
  };
}

interface Judged {
  readonly match: PredictorMatch;
  readonly findings: readonly Finding<Code>[];
}

function toSuite(judged: readonly Judged[]): CiSuite {
  return { name: judged[0] === undefined ? '' : suiteName(judged[0].match), cases: judged.map(toCase) };
}

function suiteName({ subject }: PredictorMatch): string {
  const { kind, namespace, name } = objectOf(subject);
  return `${namespace ?? ''}.${kind}.${name}`;
}

/** The exit code is that of the choice: a warning is told, and is no failure. */
function toCase({ match: { predictor, match }, findings }: Judged): CiCase {
  const warnings = findings.filter(({ severity }) => severity !== 'error');
  const isOpen = typeof match !== 'string' && match.decision === 'undecided';
  const said = typeof match === 'string' ? notApplicableText(match) : decisionText(match);
  return {
    name: predictor === 'stable' ? 'runtime' : `runtime of canary ${predictor}`,
    findings: findings.filter(({ severity }) => severity === 'error'),
    unknown: isOpen ? said : undefined,
    notes: isOpen || findings.length > warnings.length ? [] : [said, ...warnings.map(({ message }) => `warning: ${message}`)],
  };
}

function findingsOf(answer: PredictorMatch): readonly Finding<Code>[] {
  const { match, warnings } = answer;
  const of = (code: Code, severity: Severity, message: string, more: Partial<Finding<Code>> = {}) =>
    toFinding(answer, { code, severity, message, ...more });
  const failed = isRefused(match)
    ? [of('invalid-manifest', 'error', notApplicableText(match))]
    : typeof match === 'string' || match.decision !== 'none'
      ? []
      : [of(failureCode(match), 'error', [decisionText(match), nothingText(match) ?? []].flat().join('; '), failureMore(answer, match))];
  return [...failed, ...warnings.map((warning) => of(WARNING_CODES[warning.code], 'warning', warningText(warning)))];
}

const WARNING_CODES: Readonly<Record<SelectionWarning['code'], Code>> = {
  DecidedByTime: 'runtime-same-rank',
  DecidedByName: 'runtime-same-rank',
  ManyCandidates: 'runtime-same-rank',
  DifferentVersions: 'model-version-unset',
  NamedWrongly: 'runtime-same-name',
  WorkersMissing: 'multi-node-mismatch',
  WorkersIgnored: 'multi-node-mismatch',
  NoServingContainer: 'runtime-without-container',
  Malformed: 'runtime-malformed',
  FieldIgnored: 'invalid-manifest',
  FieldRefused: 'invalid-manifest',
  FieldMisspelt: 'invalid-manifest',
  CanaryNeedsStandard: 'invalid-manifest',
};

/** KServe says the same of several reasons: the nearest runtime tells them apart. */
function failureCode({ failure, rejected }: Match): Code {
  if (failure?.reason === 'RuntimeNotRecognized') return 'runtime-not-found';
  if (failure?.reason === 'RuntimeDisabled') return 'runtime-disabled';
  if (failure?.check === 'protocol') return 'runtime-protocol';
  if (failure?.check === 'format') return 'runtime-format';
  if (rejected.some(isOnlyFor('ProtocolMismatch'))) return 'no-runtime-for-protocol';
  return rejected.some(isOnlyFor('NotAutoSelectable')) ? 'runtime-not-auto-selectable' : 'no-runtime';
}

function isOnlyFor(wanted: string): (judged: JudgedRuntime) => boolean {
  return ({ reasons }) => reasons.length > 0 && reasons.every(({ reason: { reason } }) => reason === wanted);
}

const MOST_EVIDENCE = 20;

function failureMore({ subject }: PredictorMatch, match: Match): Partial<Finding<Code>> {
  const { request, rejected } = match;
  const against = rejected.slice(0, MOST_EVIDENCE).map(
    ({ runtime, reasons }): Evidence => ({
      object: { kind: kindOf(runtime), namespace: runtime.namespace, name: runtime.name },
      field: 'spec',
      value: reasons.map(({ reason }) => reasonText(reason, runtime, request)).join('; '),
    }),
  );
  const fixes = fixTexts(match);
  return {
    evidence: [{ object: objectOf(subject), field: 'spec.predictor', value: requestText(request) }, ...against],
    ...(fixes.length > 0 && { fix: { text: fixes.join('; or ') } }),
  };
}

function toFinding(
  { subject, predictor }: PredictorMatch,
  own: Pick<Finding<Code>, 'code' | 'severity' | 'message'> & Partial<Finding<Code>>,
): Finding<Code> {
  const { source } = subject;
  return {
    object: objectOf(subject),
    field: 'spec.predictor',
    evidence: [],
    ...own,
    message: predictor === 'stable' ? own.message : `canary ${predictor}: ${own.message}`,
    ...(source.from === 'file' && { source: { file: source.file, line: source.line, column: source.column } }),
  };
}

function objectOf({ kind, namespace, name = 'model' }: PredictorMatch['subject']): FindingObject {
  return { kind, namespace, name };
}

function openQuestion(answer: PredictorMatch): readonly CiProblem[] {
  const { match } = answer;
  if (typeof match === 'string' || match.decision !== 'undecided') return [];
  return [{ name: suiteName(answer), code: 'undecided', message: decisionText(match), severity: 'error' }];
}

/** What could not be read and changes nothing is no problem. */
function problemsOf({ unreadServices, missingInFiles, unreadFiles, reading }: Facts): readonly CiProblem[] {
  const notRead = (name: string, message: string): CiProblem => ({ name, code: 'not-read', message, severity: 'error' });
  return [
    ...unreadServices.map(({ name = 'InferenceServices', error, isMissing }): CiProblem => {
      const message = withoutLabel(failureText(error));
      return isMissing ? { ...notRead(name, message), code: 'not-found' } : notRead(name, message);
    }),
    ...missingInFiles.map((one): CiProblem => ({ ...notRead(one.name, missingText(one)), code: 'not-found' })),
    ...unreadFiles.map(({ message }) => notRead('Files', message)),
    ...(reading.isInstalled ? [] : reading.installation.map((text) => notRead('KServe', withoutLabel(text)))),
  ];
}
