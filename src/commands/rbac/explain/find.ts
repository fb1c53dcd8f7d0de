import { limitInFlight, REVIEWS_IN_FLIGHT } from '../../../async/in-flight.ts';
import { connectionFlags } from '../../../command/connection-flags.ts';
import type { Context } from '../../../command/context.ts';
import { contradicts, explain } from '../../../domain/rbac/near-miss/explanation.ts';
import type { AnsweredQuestion, AskAccess } from '../../../domain/rbac/question.ts';
import { answerOf } from '../../../domain/rbac/verdict.ts';
import { impersonationWarning, subjectLabel } from '../../../queries/asked-subject.ts';
import { type ReadableRbac, readReadableRbac } from '../../../queries/readable-rbac.ts';
import { reviewHints } from '../../../queries/refusal-reviews.ts';
import { ANONYMOUS } from '../../../queries/review-failure.ts';
import { accountOf, homesOf } from '../question/account.ts';
import { askAhead } from '../question/ahead.ts';
import { askAll, askerOf, isAboutCaller } from '../question/ask.ts';
import { type Inquiry, prepare } from '../question/inquiry.ts';
import type { QuestionRequest } from '../question/request.ts';
import { verdictWarnings } from '../question/verdict-text.ts';
import { toFinding } from './causes.ts';
import type { ExplainedQuestion, FoundExplanations } from './found.ts';

/** Near misses that are shown unless all are asked for. */
const SHOWN = 3;

/** Asks all questions, reads what RBAC objects may be read, and explains each answer. */
export async function findExplanations(context: Context, request: QuestionRequest, all: boolean): Promise<FoundExplanations> {
  const connection = await context.connection();
  try {
    const reading = readReadableRbac(connection.cluster, homesOf(request, connection), limitInFlight(REVIEWS_IN_FLIGHT));
    // Both fail without a login: who asks is then what is told of, whichever answer came first.
    const [inquiry, rbac] = await Promise.allSettled([prepare(context, request, askAhead), reading]);
    if (inquiry.status === 'rejected') throw inquiry.reason;
    if (rbac.status === 'rejected') throw rbac.reason;
    return await explainInquiry(inquiry.value, rbac.value, { all, isNamed: request.subject !== undefined });
  } catch (error) {
    const { loggedOut } = await import('./logged-out.ts');
    return loggedOut(error, request, connection);
  }
}

interface ExplainOptions {
  /** Every near miss, and not the best alone. */
  readonly all: boolean;
  /** The account was named by the user; else it is that of the credentials with which a request was made. */
  readonly isNamed: boolean;
}

/** The same for an inquiry that is prepared, by objects that are read. */
export async function explainInquiry(inquiry: Inquiry, rbac: ReadableRbac, { all, isNamed }: ExplainOptions): Promise<FoundExplanations> {
  const { context, connection, request } = inquiry;
  const ask = withoutWildcards(askerOf(inquiry));
  const questions = await askAll(inquiry.questions, ask);
  const isAnonymous = !isNamed && accountOf(inquiry)?.identity.user === ANONYMOUS;
  const search: Searched = { context, inquiry, rbac, ask, isAnonymous, most: all ? Number.POSITIVE_INFINITY : SHOWN };
  const explained = await Promise.all(questions.map((question) => explainOne(question, search)));
  const { identity, discovery, accountWarning, notes } = inquiry;
  const warnings = [
    impersonationWarning(context.connectionOptions),
    identity.warning,
    discovery.warning,
    accountWarning,
    ...verdictWarnings(questions),
    groupsWarning(inquiry, questions),
  ];
  return {
    identity: identity.identity,
    subject: request.subject,
    contextName: connection.contextName,
    acceptsUnknown: request.acceptsUnknown,
    explained,
    unread: rbac.unread,
    warnings: warnings.filter((warning) => warning !== undefined),
    notes,
  };
}

// A pasted error may be about one. https://github.com/kubernetes/kubernetes/issues/79958
function withoutWildcards(ask: AskAccess): AskAccess {
  return async (request) => {
    const { verb, group, resource, subresource } = { group: '', resource: '', subresource: '', ...request };
    if (![verb, group, resource, subresource].some((word) => word.includes('*'))) return ask(request);
    return { verdict: { state: 'unknown', error: 'it was not asked, because some authorizers take "*" for any value' }, attempts: [] };
  };
}

interface Searched {
  readonly context: Context;
  readonly inquiry: Inquiry;
  readonly rbac: ReadableRbac;
  readonly ask: AskAccess;
  readonly isAnonymous: boolean;
  readonly most: number;
}

async function explainOne(question: AnsweredQuestion, search: Searched): Promise<ExplainedQuestion> {
  const { context, inquiry, rbac, ask, isAnonymous, most } = search;
  const asker = accountOf(inquiry);
  const shared = { question, asker, objects: rbac.objects, read: rbac.read, discovery: inquiry.discovery.discovery };
  const [isAllowedLater, hints] = await Promise.all([
    contradicts(shared) ? ask(question.request).then(({ verdict }) => answerOf(verdict) === 'yes') : false,
    !isAnonymous && wantsHints(question, rbac) ? reviewHints(question, hintAsker(search)) : [],
  ]);
  const { grants, causes, more } = explain({ ...shared, isAnonymous, isAllowedLater, most });
  const who = inquiry.request.subject === undefined ? (inquiry.identity.identity?.user ?? 'you') : subjectLabel(inquiry.request.subject);
  const told = { question, who, flags: connectionFlags(context.connectionOptions) };
  const misses = new Map(causes.flatMap((cause, index) => (cause.kind === 'near-miss' ? [[index + 1, cause.miss] as const] : [])));
  return { question, grants, causes: causes.map((cause, index) => toFinding(cause, index + 1, told)), misses, more, hints };
}

function wantsHints({ verdict, installed }: AnsweredQuestion, { unread }: ReadableRbac): boolean {
  return verdict.state === 'noOpinion' && installed !== 'no' && unread.length > 0;
}

function hintAsker({ context, inquiry, ask }: Searched) {
  const { connection, request, discovery, namespaces } = inquiry;
  const homes = [...new Set([...namespaces, ...homesOf(request, connection)])].filter((namespace) => namespace !== '');
  return {
    cluster: connection.cluster,
    limit: limitInFlight(REVIEWS_IN_FLIGHT),
    ask,
    now: context.now(),
    discovery: discovery.discovery,
    homes,
    isSelf: isAboutCaller(inquiry),
  };
}

function groupsWarning({ request: { subject } }: Inquiry, questions: readonly AnsweredQuestion[]): string | undefined {
  if (subject === undefined || subject.groupsKnown || !questions.some(({ verdict }) => answerOf(verdict) === 'no')) return undefined;
  return `the groups of ${subjectLabel(subject)} are not all known: one could give more. Name them with --for-group`;
}
