import type { Context } from '../../../command/context.ts';
import { worstOf } from '../../../command/worst-of.ts';
import { unreadFileTexts } from '../../../documents/unread-files.ts';
import { ExitCode } from '../../../errors.ts';
import { failureText } from '../../../output/failure.ts';
import { type ReportFormat, reportText } from '../../../output/report.ts';
import { escapeLines, escapeText } from '../../../text/escape.ts';
import { isRefused, type PredictorMatch } from './decide.ts';
import type { Facts, UnreadService } from './facts.ts';
import { answerText, missingText, titleText, warningText } from './messages.ts';
import type { Answer } from './report.ts';
import type { MatchRequest } from './request.ts';

const CODES = { chosen: ExitCode.ok, notApplicable: ExitCode.ok, none: ExitCode.no, undecided: ExitCode.undetermined } as const;

export function exitCodeOf(facts: Facts, matches: readonly PredictorMatch[]): ExitCode {
  return worstOf([
    ...matches.map(({ match }) => codeOf(match)),
    ...facts.unreadServices.map(({ isMissing }) => (isMissing ? ExitCode.no : ExitCode.undetermined)),
    ...facts.missingInFiles.map(() => ExitCode.no),
    ...facts.unreadFiles.map(() => ExitCode.misuse),
    ...(facts.reading.isInstalled ? [] : [ExitCode.undetermined]),
  ]);
}

/** What the API server would refuse is no answer of "none is needed". */
function codeOf(match: PredictorMatch['match']): ExitCode {
  if (isRefused(match)) return ExitCode.no;
  return CODES[typeof match === 'string' ? 'notApplicable' : match.decision];
}

export async function print(context: Context, request: MatchRequest, answer: Answer): Promise<void> {
  const { out, errOut } = context.streams;
  if (request.quiet) reasonLines(answer).forEach((line) => void errOut.write(`${line}\n`));
  else if (context.table !== undefined && isOverview(request)) {
    const { overviewTable } = await import('./overview-table.ts');
    context.table(overviewTable(answer.matches));
  } else {
    const text = await outputText(context, request, answer);
    if (text !== '') out.write(text);
  }
  const messages = messagesOf(answer, request);
  if (messages.length > 0) errOut.write(`${messages.join('\n')}\n`);
}

/** For `-q`: why the answer is not yes, a line each predictor. */
function reasonLines({ matches }: Answer): readonly string[] {
  return matches.filter(({ match }) => codeOf(match) !== ExitCode.ok).map((one) => escapeText(`${titleText(one)}: ${answerText(one)}`));
}

/** Of one service, people want to see the runtimes too. */
function isOverview({ format, names, model }: MatchRequest): boolean {
  return format === 'table' && names.length !== 1 && model === undefined;
}

async function outputText(context: Context, { format, headers }: MatchRequest, answer: Answer): Promise<string> {
  const { out } = context.streams;
  switch (format) {
    case 'json':
    case 'yaml':
      return structuredText(format, answer);
    case 'github':
    case 'junit':
    case 'sarif': {
      const { toCiReport } = await import('./ci-report.ts');
      const { ciText } = await import('../../../output/ci/report.ts');
      return ciText(toCiReport(answer, context.build.version), format);
    }
    case 'name':
      return (await import('./text.ts')).nameLines(answer.matches);
    case 'table':
    case 'wide': {
      const [{ matchText }, { overviewOf, overviewText, problemsFirst }] = await Promise.all([
        import('./text.ts'),
        import('./overview.ts'),
      ]);
      const options = { wide: format === 'wide', headers, terminalWidth: out.isTTY ? out.columns : undefined, style: context.style };
      const blocks = await Promise.all(problemsFirst(answer.matches).map((match) => matchText(match, options)));
      const overview = overviewText(overviewOf(answer.matches));
      return context.wrap([...(overview === undefined ? [] : [`${overview}\n`]), ...blocks].join('\n'));
    }
  }
}

async function structuredText(format: ReportFormat, answer: Answer): Promise<string> {
  const { toReport } = await import('./report.ts');
  const report = toReport(answer);
  // YAML cannot say that a field is absent.
  return reportText(format === 'yaml' ? JSON.parse(JSON.stringify(report)) : report, format);
}

/** For stderr, escaped. */
function messagesOf({ facts, matches }: Answer, { offline }: MatchRequest): readonly string[] {
  const isWithoutRuntimes = offline && facts.runtimes.length === 0 && matches.some(({ match }) => typeof match !== 'string');
  const isOpen = matches.some(({ match }) => typeof match !== 'string' && match.decision === 'undecided');
  const isUnread = facts.reading.unread.length > 0;
  return [
    ...facts.unreadServices.map(unreadText),
    ...facts.missingInFiles.map((one) => `error: ${missingText(one)}`),
    ...unreadFileLines(facts),
    ...(isOpen ? facts.reading.failures : []),
    ...(isUnread && !isOpen && matches.length > 0 ? [`note: ${unreadKinds(facts)} could not be read; that changes nothing here`] : []),
    ...(isWithoutRuntimes ? ['hint: The files hold no runtimes, and with --offline those of the cluster do not count.'] : []),
    ...facts.reading.installation,
    ...warningLines(matches),
    ...noteLines(facts, matches),
  ];
}

/** What they hold may change the answers. */
function unreadFileLines({ unreadFiles }: Facts): readonly string[] {
  if (unreadFiles.length === 0) return [];
  return [
    ...unreadFileTexts(unreadFiles).map((text) => `error: ${escapeText(text)}`),
    'note: A runtime in a file that could not be read is missing above.',
  ];
}

function unreadText({ error, hint }: UnreadService): string {
  return `${failureText(error)}${hint === undefined ? '' : `\nhint: ${escapeLines(hint)}`}`;
}

function unreadKinds({ reading }: Facts): string {
  return [...new Set(reading.unread.map(({ plural }) => plural))].join(' and ');
}

/** Each warning once, with the names of the InferenceServices that it is about if there are others. */
function warningLines(matches: readonly PredictorMatch[]): readonly string[] {
  const texts = matches.flatMap(({ subject, warnings }) => warnings.map((warning) => ({ subject, text: warningText(warning) })));
  const isSeveral = new Set(matches.map(({ subject }) => subject)).size > 1;
  return [...Map.groupBy(texts, ({ text }) => text)].map(([text, same]) => {
    const names = [...new Set(same.map(({ subject }) => subject.name ?? ''))];
    const isOfAll = !isSeveral || names.length === matches.length;
    return `Warning: ${isOfAll ? '' : `${escapeText(names.join(', '))}: `}${escapeText(text)}`;
  });
}

function noteLines({ skipped, unreadServices, reading }: Facts, matches: readonly PredictorMatch[]): readonly string[] {
  const notes =
    skipped === 0
      ? []
      : [`note: ${skipped} object${skipped === 1 ? '' : 's'} of other kinds in the files ${skipped === 1 ? 'was' : 'were'} skipped`];
  if (matches.length > 0 || unreadServices.length > 0 || !reading.isInstalled) return notes;
  return [...notes, 'No InferenceServices found.'];
}
