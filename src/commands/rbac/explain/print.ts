import { layOutCommands } from '../../../domain/rbac/grant.ts';
import type { GrantPath } from '../../../domain/rbac/grant-paths.ts';
import type { AccessEvidence, AccessFinding } from '../../../domain/rbac/near-miss/access-finding.ts';
import { answerTo, questionResource, scopeClause } from '../../../domain/rbac/question.ts';
import { answerOf } from '../../../domain/rbac/verdict.ts';
import type { Style } from '../../../output/style.ts';
import type { UnreadObjects } from '../../../queries/readable-rbac.ts';
import { escapeText } from '../../../text/escape.ts';
import { warningLine } from '../../../text/warning.ts';
import { objectText, subjectText } from '../question/names.ts';
import type { ExplainedQuestion, FoundExplanations } from './found.ts';
import { whoText } from './report.ts';
import { hintText } from './review-hint-text.ts';

/** `ana cannot list servingruntimes.serving.kserve.io in the namespace "team-a".` */
function verdictSentence({ question }: ExplainedQuestion, who: string): string {
  const { request, verdict } = question;
  const name = 'name' in request && request.name ? ` ${JSON.stringify(request.name)}` : '';
  const what = [`${request.verb} ${questionResource(request)}${name}`, scopeClause(question)].filter((part) => part !== '').join(' ');
  switch (answerOf(verdict)) {
    case 'yes':
      return `${who} can ${what}.`;
    case 'no':
      return `${who} cannot ${what}.`;
    case 'unknown':
      return `Whether ${who} can ${what} could not be determined: ${verdict.error ?? verdict.evaluationError ?? verdict.reason ?? 'no answer'}.`;
  }
}

function pathLine({ binding, role, ruleIndex, subject }: GrantPath, index: number): string {
  return `${index + 1}. ${objectText(binding)} binds ${objectText(role)}, whose rule ${ruleIndex} covers it, to ${subjectText(subject)}`;
}

function grantLines({ grants, question }: ExplainedQuestion): readonly string[] {
  if (answerOf(question.verdict) !== 'yes') return [];
  if (grants.length > 0) return ['', `Granted by${grants.length > 1 ? ' (each alone is enough)' : ''}:`, ...grants.map(pathLine)];
  return ['', question.verdict.reason ?? 'The authorizer gave no reason: system:masters, or another authorizer than RBAC.'];
}

function evidenceLine({ field, value, wanted }: AccessEvidence): string {
  return `     ${field}: ${value === '' ? '<none>' : value}${wanted === undefined ? '' : `   (wanted: ${wanted === '' ? '""' : wanted})`}`;
}

function fixLines({ fix }: AccessFinding): readonly string[] {
  if (fix === undefined) return [];
  const [only, ...more] = layOutCommands(fix.commands ?? []);
  if (only === undefined) return [`   fix: ${fix.text}`];
  return [
    `   fix: ${fix.text}`,
    ...[only, ...more].flatMap((command) => command.split('\n')).map((line) => (line.startsWith('  ') ? `   ${line}` : line)),
  ];
}

function causeLines(cause: AccessFinding, style: Style): readonly string[] {
  const head = `${escapeText(`${cause.rank}. ${cause.message}`)}: ${style.bold(cause.code)}`;
  return ['', head, ...[...cause.evidence.map(evidenceLine), ...fixLines(cause)].map(escapeText)];
}

function moreLine({ more }: ExplainedQuestion): readonly string[] {
  return more === 0 ? [] : ['', `${more} more near miss${more > 1 ? 'es' : ''}: --all shows ${more > 1 ? 'them' : 'it'}.`];
}

function nothingLine({ question, causes, hints }: ExplainedQuestion, isWhole: boolean): readonly string[] {
  if (question.verdict.state !== 'noOpinion' || causes.length > 0 || hints.length > 0) return [];
  return [
    '',
    `${isWhole ? 'Nothing' : 'Nothing that could be examined'} comes close to granting it: "rbac fix" prints a new role and its binding.`,
  ];
}

function oneText(explained: ExplainedQuestion, found: FoundExplanations, style: Style): readonly string[] {
  const { question, causes, hints } = explained;
  const who = whoText(found);
  const answer = answerTo(question, found.acceptsUnknown);
  const mark = { yes: style.green, no: style.red, unknown: style.yellow }[answer];
  return [
    mark(answer),
    ...[verdictSentence(explained, who), ...grantLines(explained)].map(escapeText),
    ...causes.flatMap((cause) => causeLines(cause, style)),
    ...moreLine(explained),
    ...nothingLine(explained, found.unread.length === 0),
    ...(hints.length === 0
      ? []
      : ['', 'What access reviews show:', ...hints.map((hint) => escapeText(`  ${hintText(hint, question, who)}`))]),
  ];
}

/** The explanations for people, one block a question; escaped, but for the marks of `style`. */
export function explanationText(found: FoundExplanations, style: Style): string {
  const blocks = found.explained.map((explained) => oneText(explained, found, style).join('\n'));
  return `${blocks.join('\n\n')}\n`;
}

/** What was not examined: one line for all that is refused, and one for each failure. */
function unreadLines({ unread }: FoundExplanations): readonly string[] {
  const named = ({ kind, except }: UnreadObjects): string => `${kind}s${except === undefined ? '' : ` outside ${except.join(', ')}`}`;
  const [refused, failed] = [unread.filter(({ reason }) => reason === 'Forbidden'), unread.filter(({ reason }) => reason !== 'Forbidden')];
  return [
    ...(refused.length === 0 ? [] : [`not examined, because you are not allowed to list them: ${refused.map(named).join(', ')}`]),
    ...failed.map((one) => `not examined: ${named(one)} (${one.message})`),
  ];
}

/** All that goes to stderr, each a whole line. */
export function stderrLines(found: FoundExplanations): readonly string[] {
  const note = (text: string): string => `note: ${escapeText(text)}\n`;
  return [...found.notes.map(note), ...found.warnings.map(warningLine), ...unreadLines(found).map(note)];
}
