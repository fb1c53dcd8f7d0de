import { secretFlags } from '../../../command/connection-flags.ts';
import type { Finding } from '../../../domain/finding.ts';
import { grantedBy } from '../../../domain/rbac/allow-reason.ts';
import { administratorLead, layOutCommands } from '../../../domain/rbac/grant.ts';
import { sortVerbs } from '../../../domain/rbac/grant-rule.ts';
import { type AnsweredQuestion, answerTo, questionResource, scopeClause } from '../../../domain/rbac/question.ts';
import { answerOf, type Verdict } from '../../../domain/rbac/verdict.ts';
import { renderTable, type Table, type TableOptions } from '../../../output/table.ts';
import { identityText, subjectLabel } from '../../../queries/asked-subject.ts';
import { escapeText } from '../../../text/escape.ts';
import { grantorText, stop } from '../question/verdict-text.ts';
import type { CheckCode } from './causes.ts';
import { summarize } from './decision.ts';
import { excessLines } from './excess-text.ts';
import { explanations, findingsOf } from './explanation.ts';
import type { FoundAccess } from './found.ts';
import { type MatrixRow, matrixRows, matrixView } from './matrix.ts';

/** The subject of a sentence about the answers. */
function whoText({ identity, subject }: FoundAccess): string {
  if (subject !== undefined) return subjectLabel(subject);
  return identity?.user ?? 'You';
}

function placeText(namespaces: readonly string[]): string {
  if (namespaces.includes('')) return 'all namespaces';
  return `${namespaces.length > 1 ? 'namespaces' : 'namespace'} ${namespaces.join(', ')}`;
}

function methodsOf(questions: readonly AnsweredQuestion[]): string {
  return [...new Set(questions.map(({ method }) => method ?? 'none'))].join(', ');
}

function headLines(found: FoundAccess): readonly string[] {
  const { identity, subject, contextName, namespaces, questions } = found;
  const { reviewed } = subject ?? {};
  const place = [contextName, placeText(namespaces)].filter((part) => part !== undefined).join(', ');
  return [
    `Identity   ${identity === undefined ? '<unknown>' : identityText(identity)}`,
    ...(subject === undefined || reviewed === undefined
      ? []
      : [`Subject    ${identityText({ user: subjectLabel(subject), groups: reviewed.groups })}`, `Method     ${methodsOf(questions)}`]),
    `Context    ${place}`,
  ];
}

/** Lines about the same resource, place and words, with their verbs together: `ana cannot get, list pods in …`. */
function sentences(
  questions: readonly AnsweredQuestion[],
  words: { readonly who: string; readonly predicate: string; readonly tail: (verdict: Verdict) => string },
): readonly string[] {
  const ending = (question: AnsweredQuestion): string => {
    const name = 'name' in question.request && question.request.name ? ` ${JSON.stringify(question.request.name)}` : '';
    return `${[`${questionResource(question.request)}${name}`, scopeClause(question)].filter((part) => part !== '').join(' ')}${words.tail(question.verdict)}`;
  };
  return [...Map.groupBy(questions, ending)].map(([end, same]) => {
    return `${words.who} ${words.predicate} ${sortVerbs(same.map(({ request }) => request.verb)).join(', ')} ${end}`;
  });
}

/** One sentence goes on the line of its count, several go below it. */
function counted(count: string, lines: readonly string[]): readonly string[] {
  return lines.length === 1 ? [`${count}: ${stop(lines[0] ?? '')}`] : [`${count}:`, ...lines.map((line) => `  ${stop(line)}`)];
}

function unknownTail({ error, evaluationError, reason }: Verdict): string {
  return `: ${error ?? [reason, evaluationError].filter((part) => part !== undefined).join('; ')}`;
}

function deniedLines(found: FoundAccess): readonly string[] {
  const denied = found.questions.filter(({ verdict }) => answerOf(verdict) === 'no');
  if (denied.length === 0) return [];
  const lines = sentences(denied, { who: whoText(found), predicate: 'cannot', tail: () => '' });
  return counted(`${denied.length} of ${found.questions.length} denied`, lines);
}

/** A cause that all share is said once, without repeating what was asked. */
function unknownLines(found: FoundAccess): readonly string[] {
  const unknown = found.questions.filter(({ verdict }) => verdict.state === 'unknown');
  const [tail, ...otherTails] = new Set(unknown.map(({ verdict }) => unknownTail(verdict)));
  if (tail === undefined) return [];
  const count = `${unknown.length} of ${found.questions.length} could not be determined`;
  const lines = sentences(unknown, { who: `whether ${whoText(found)}`, predicate: 'can', tail: unknownTail });
  return [...(otherTails.length === 0 ? [stop(`${count}${tail}`)] : counted(count, lines)), ...attemptLines(unknown)];
}

function attemptLines(questions: readonly AnsweredQuestion[]): readonly string[] {
  const attempts = questions.filter(({ method }) => method === undefined).flatMap((question) => question.attempts);
  const lines = new Set(attempts.map(({ method, message }) => `  ${method}: ${message}`));
  return lines.size < 2 ? [] : ['Tried and refused:', ...lines];
}

/** The grant once, as commands, and who may run them. */
function grantLines({ grant, canApply, identity, connectionOptions }: FoundAccess): readonly string[] {
  if (grant === undefined) return [];
  const secrets = secretFlags(connectionOptions);
  const more = secrets.length === 0 ? '' : ` (add your ${secrets.join(' and ')})`;
  const lead = canApply ? `${identity?.user ?? 'You'} may create this grant${more}:` : administratorLead(connectionOptions.context);
  return [lead, ...layOutCommands(grant.commands).flatMap((command) => command.split('\n'))];
}

function allowedLine(found: FoundAccess): readonly string[] {
  const { total, allowed } = summarize(found);
  return allowed === total ? [`${allowed} of ${total} allowed.`] : [];
}

/** How a table is fitted and marked. */
type Look = Pick<TableOptions, 'terminalWidth' | 'style'>;

async function table(found: FoundAccess, wide: boolean, look: Look): Promise<string> {
  const { rows, viewOf } = answerTable(found, wide);
  return [...(await renderTable(viewOf(rows), rows, { headers: true, ...look }))].join('');
}

/** The answers, one line per resource and place. */
export function answerTable(found: FoundAccess, wide = false): Table<MatrixRow> {
  return {
    rows: matrixRows([...found.questions, ...found.optional]),
    viewOf: (rows) => matrixView(rows, wide),
    wideShows: found.grant && 'the smallest grant that allows it',
  };
}

function block(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** Lines of any origin for the terminal. A suggested command is not changed by it: `shellCommand` quotes more than this escapes. */
function escaped(lines: readonly string[]): readonly string[] {
  return lines.map(escapeText);
}

/** How far rights beyond the task were looked for is said with them. */
function isExplained({ code }: Finding<CheckCode>): boolean {
  return code !== 'excess-limits';
}

/** Without the kind no permission helps: that comes first. */
function isAboutKind({ code }: Finding<CheckCode>): boolean {
  return code === 'kind-not-served' || code === 'kind-not-determined';
}

/** The report for people, for more than one question. Blocks are separated by an empty line. */
export async function textReport(found: FoundAccess, wide: boolean, look: Look): Promise<string> {
  const blocks = [
    block(escaped(headLines(found))),
    await table(found, wide, look),
    block(escaped([...deniedLines(found), ...unknownLines(found), ...allowedLine(found)])),
    block(escaped(explanations(findingsOf(found).filter(isExplained)))),
    block(escaped(excessLines(found, whoText(found)))),
    block(escaped(grantLines(found))),
  ];
  return blocks.filter((text) => text !== '').join('\n');
}

/** Why the answer is not yes, for stderr; nothing if it is. */
export function reasonText(found: FoundAccess): string {
  const about = explanations(findingsOf(found).filter(isAboutKind));
  const lines = [...about, ...deniedLines(found), ...unknownLines(found), ...excessLines(found, whoText(found))];
  return block(escaped(found.questions.length === 1 ? lines.map(withoutCount) : lines));
}

/** The one line on stdout for a single question: `yes`, `no` or `unknown`, then the authorizer's reason for a no. */
export function answerLine(question: AnsweredQuestion, acceptsUnknown: boolean): string {
  const answer = answerTo(question, acceptsUnknown);
  const { reason, evaluationError } = question.verdict;
  const texts = answer === 'yes' || answerOf(question.verdict) === 'yes' ? [] : [reason, evaluationError];
  const given = texts.filter((text) => text !== undefined).map((text) => text.split('\n').join('; '));
  return escapeText([answer, ...given].join(' - '));
}

/** What goes beside that line, on stderr. */
export function answerDetails(found: FoundAccess): string {
  const [question] = found.questions as readonly [AnsweredQuestion];
  const isAllowed = question.verdict.state === 'allowed';
  const findings = findingsOf(found).filter(isExplained);
  return [
    block(escaped(explanations(findings.filter(isAboutKind)))),
    block(escaped(isAllowed ? [allowedText(question, found.acceptsUnknown)] : [])),
    block(escaped([...unknownLines(found), ...deniedLines(found)].map(withoutCount))),
    block(escaped(found.subject !== undefined && question.method !== undefined ? [`Asked by ${question.method}`] : [])),
    block(escaped(explanations(findings.filter((finding) => !isAboutKind(finding))))),
    block(escaped(excessLines(found, whoText(found)))),
    block(escaped(grantLines(found))),
  ].join('');
}

/** Beside an answer that is not yes for want of the kind, it says that the permission is there. */
function allowedText(question: AnsweredQuestion, acceptsUnknown: boolean): string {
  const isYes = answerTo(question, acceptsUnknown) === 'yes';
  return isYes ? capitalised(permissionText(question)) : `Permission is not what is missing: ${permissionText(question)}`;
}

function permissionText(question: AnsweredQuestion): string {
  const { reason } = question.verdict;
  if (reason === undefined) return 'allowed; the authorizer gave no reason, as for members of system:masters';
  return grantedBy(reason) === undefined ? `allowed: ${reason}` : `granted by ${grantorText(question)}`;
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function withoutCount(line: string): string {
  return line.replace(/^1 of 1 denied: /, '').replace(/^1 of 1 could/, 'Could');
}
