import { type Limit, limitInFlight, REVIEWS_IN_FLIGHT } from '../../../async/in-flight.ts';
import type { Connection } from '../../../cluster/cluster.ts';
import type { Context } from '../../../command/context.ts';
import { namespaceOf } from '../../../command/namespace.ts';
import type { OptionValues } from '../../../command/option.ts';
import { parseServiceAccountUser } from '../../../domain/kubernetes/identity.ts';
import type { Discovery } from '../../../domain/kubernetes/resource.ts';
import { type Ask, type Outcome, type Question, questionKey } from '../../../domain/rbac/question.ts';
import { type ExitCode, KserveError, UsageError } from '../../../errors.ts';
import { askOther } from '../../../queries/ask-other.ts';
import { askSelf } from '../../../queries/ask-self.ts';
import { impersonationWarning } from '../../../queries/asked-subject.ts';
import { type AskedDiscovery, askDiscovery } from '../../../queries/discovery.ts';
import { type AskedIdentity, askIdentity } from '../../../queries/identity.ts';
import { absentAccountWarning, absentNamespaceWarnings } from '../../../queries/missing-objects.ts';
import { escapeText } from '../../../text/escape.ts';
import { questionsFromNeeds } from '../question/needs.ts';
import { needsCore, type Questions, questionsFromWords } from '../question/words.ts';
import { accessReport } from './access-report.ts';
import type { checkOptions } from './check.command.ts';
import { exitCodeOf, summarize } from './decision.ts';
import { excessQuestions } from './excess-access.ts';
import { explanations, verdictWarnings } from './explanation.ts';
import { findTraps } from './false-yes.ts';
import { findGrant } from './find-grant.ts';
import type { Findings } from './findings.ts';
import { findNamedRules } from './named-rules.ts';
import { answerDetails, answerLine, reportText } from './print-report.ts';
import { type CheckRequest, parseCheck } from './request.ts';
import { ASK_AGAIN_AFTER, firstInTime, pause, within } from './wait.ts';

export async function run(context: Context, options: OptionValues<typeof checkOptions>, words: readonly string[]): Promise<ExitCode> {
  const request = parseCheck(options, words, context.connectionOptions);
  switch (request.mode) {
    case 'dry-run': {
      const { printNeeds } = await import('./print-needs.ts');
      return printNeeds(context, request);
    }
    case 'list': {
      const { listRules } = await import('./list-rules.ts');
      return listRules(context, request);
    }
    case 'ask':
      return check(context, request);
  }
}

async function check(context: Context, request: CheckRequest): Promise<ExitCode> {
  // Not the wall clock: it may be set while we wait.
  const started = performance.now();
  const { inquiry, first } = await firstInTime(askFirst(context, request), request.wait);
  const findings = await untilAllowed(inquiry, first, started + (request.wait ?? 0));
  await print(context, request, findings, inquiry.notes);
  const { hint } = inquiry.identity;
  if (hint !== undefined) context.streams.errOut.write(`hint: ${escapeText(hint)}\n`);
  return exitCodeOf(findings);
}

async function askFirst(context: Context, request: CheckRequest): Promise<{ readonly inquiry: Inquiry; readonly first: Findings }> {
  const inquiry = await prepare(context, request);
  return { inquiry, first: await find(inquiry) };
}

async function prepare(context: Context, request: CheckRequest): Promise<Inquiry> {
  const connection = await context.connection();
  const namespaces = request.namespaces ?? [namespaceOf(connection)];
  const { cluster } = connection;
  const [identity, discovery, accountWarning] = await Promise.all([
    askIdentity(cluster),
    askDiscovery(cluster, wantsCore(request)),
    absentAccountWarning(cluster, request.subject),
  ]);
  const { questions, notes } = whereKnown(() => toQuestions(request, namespaces, discovery.discovery), discovery.warning);
  return {
    context,
    connection,
    request,
    namespaces,
    questions: bounded(unique(questions)),
    notes,
    identity,
    discovery,
    accountWarning,
  };
}

/** Without discovery words may have no meaning: then why it failed is the cause. */
function whereKnown<T>(read: () => T, discoveryWarning: string | undefined): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof KserveError) || error instanceof UsageError || discoveryWarning === undefined) throw error;
    throw new KserveError(`${error.message}: ${discoveryWarning}`, { hint: error.hint, cause: error });
  }
}

function wantsCore({ asked }: CheckRequest): boolean {
  return asked.kind === 'words' ? needsCore(asked.words) : asked.needs.some(({ group }) => group === '');
}

function toQuestions(request: CheckRequest, namespaces: readonly string[], discovery: Discovery | undefined): Questions {
  const { asked, subresource, acceptsUnknown } = request;
  if (asked.kind === 'needs') return { questions: questionsFromNeeds(asked.needs, namespaces, discovery), notes: [] };
  return questionsFromWords({ ...asked.words, subresource, namespaces, acceptsUnknown }, discovery);
}

function unique(questions: readonly Question[]): readonly Question[] {
  return [...new Map(questions.map((question) => [questionKey(question.request), question])).values()];
}

/** A server with a hundred thousand kinds would be busy for hours. */
const MOST_QUESTIONS = 1000;

function bounded(questions: readonly Question[]): readonly Question[] {
  // A verb may be `*`, and a kind may have none.
  if (questions.length === 0) throw new KserveError('there is nothing to ask: the server names no verbs of what was asked about');
  if (questions.length <= MOST_QUESTIONS) return questions;
  throw new UsageError(
    `these are ${questions.length} questions, and at most ${MOST_QUESTIONS} are asked at once: name fewer kinds, verbs or namespaces`,
  );
}

/** One run of the command, as far as it is known before the questions are asked. */
interface Inquiry {
  readonly context: Context;
  readonly connection: Connection;
  readonly request: CheckRequest;
  readonly namespaces: readonly string[];
  readonly questions: readonly Question[];
  readonly notes: readonly string[];
  readonly identity: AskedIdentity;
  readonly discovery: AskedDiscovery;
  readonly accountWarning: string | undefined;
}

/** Asks again until nothing is denied any more, if that is wanted; unlike a no, an unknown is not waited for. */
async function untilAllowed(inquiry: Inquiry, first: Findings, deadline: number): Promise<Findings> {
  const { context, request } = inquiry;
  let findings = first;
  for (;;) {
    const mayImprove = request.wait !== undefined && summarize(findings).answer === 'no' && summarize(findings).denied > 0;
    if (!mayImprove || context.signal.aborted) return findings;
    const rest = deadline - performance.now();
    if (rest <= 0) return { ...findings, isLate: true };
    await pause(Math.min(ASK_AGAIN_AFTER, rest), context.signal);
    const left = deadline - performance.now();
    if (left > 0) findings = (await within(left, find(inquiry))) ?? findings;
  }
}

async function find(inquiry: Inquiry): Promise<Findings> {
  const { context, connection, request, namespaces, identity, discovery } = inquiry;
  const { cluster } = connection;
  const limit = limitInFlight(REVIEWS_IN_FLIGHT);
  const self = askSelf(cluster, limit);
  const ask = request.subject === undefined || isCaller(inquiry) ? self : otherAsk(inquiry, limit);
  const [questions, excess] = await Promise.all([
    askAll(inquiry.questions, ask),
    request.reportExcess ? askAll(excessQuestions(inquiry.questions), ask) : undefined,
  ]);
  const task = request.asked.kind === 'needs' ? request.asked.task : undefined;
  const { connectionOptions } = context;
  const asked = { identity: identity.identity, subject: request.subject, questions, task, connectionOptions };
  const [traps, namedRules, found] = await Promise.all([
    findTraps(questions, trapNamespaces(inquiry), ask),
    request.subject === undefined ? findNamedRules(questions, { cluster, limit }) : [],
    findGrant(asked, { cluster, askSelf: self, limit }),
  ]);
  const warnings = [
    impersonationWarning(context.connectionOptions),
    identity.warning,
    discovery.warning,
    inquiry.accountWarning,
    ...(await absentNamespaceWarnings(cluster, found.grant, limit)),
    ...verdictWarnings(questions),
  ];
  return {
    ...asked,
    ...found,
    contextName: connection.contextName,
    namespaces,
    acceptsUnknown: request.acceptsUnknown,
    excess,
    traps,
    namedRules,
    isLate: false,
    warnings: warnings.filter((warning) => warning !== undefined),
  };
}

/** A ServiceAccount that is asked about by itself, and by nobody of its name with other groups. */
function isCaller({ request: { subject }, identity: { identity } }: Inquiry): boolean {
  if (subject?.rbac.kind !== 'ServiceAccount' || identity === undefined || identity.user !== subject.reviewed.user) return false;
  return new Set(identity.groups).symmetricDifference(new Set(subject.reviewed.groups)).size === 0;
}

function otherAsk({ context, connection, request }: Inquiry, limit: Limit): Ask {
  const subject = request.subject as NonNullable<CheckRequest['subject']>;
  return askOther(connection.cluster, subject, { limit, mayImpersonate: !context.connectionOptions.as });
}

async function askAll<Q extends Question>(questions: readonly Q[], ask: Ask): Promise<readonly (Q & Outcome)[]> {
  return Promise.all(questions.map(async (question) => ({ ...question, ...(await ask(question.request)) })));
}

/** Where a RoleBinding may pretend to grant a cluster-scoped kind: the namespaces in use, and the ServiceAccount's own. */
function trapNamespaces({ namespaces, request, identity }: Inquiry): readonly string[] {
  const user = request.subject === undefined ? identity.identity?.user : request.subject.reviewed.user;
  const home = parseServiceAccountUser(user ?? '')?.namespace;
  return [...new Set([...namespaces, ...(home === undefined ? [] : [home])])];
}

async function print(context: Context, request: CheckRequest, findings: Findings, notes: readonly string[]): Promise<void> {
  const { out, errOut } = context.streams;
  for (const note of notes) errOut.write(`note: ${escapeText(note)}\n`);
  for (const warning of findings.warnings) errOut.write(`Warning: ${escapeText(warning)}\n`);
  if (findings.isLate) errOut.write('error: timed out waiting for the answer to become yes\n');
  const isSingle = request.asked.kind === 'words' && findings.questions.length === 1;
  if (request.quiet) return;
  out.write(await render(context, request, findings, isSingle));
  if (isSingle && request.format === 'table') errOut.write(answerDetails(findings));
}

async function render(context: Context, request: CheckRequest, findings: Findings, isSingle: boolean): Promise<string> {
  const look = { terminalWidth: context.streams.out.columns, style: context.style };
  switch (request.format) {
    case 'json': {
      const { jsonText } = await import('../../../output/json.ts');
      return `${jsonText(accessReport(findings, explanations(findings)))}\n`;
    }
    case 'yaml': {
      const { yamlText } = await import('../../../output/yaml.ts');
      return yamlText(accessReport(findings, explanations(findings)));
    }
    case 'wide':
      return reportText(findings, true, look);
    case 'table': {
      const [question] = findings.questions;
      if (isSingle && question !== undefined) return `${answerLine(question, request.acceptsUnknown)}\n`;
      return reportText(findings, false, look);
    }
  }
}
