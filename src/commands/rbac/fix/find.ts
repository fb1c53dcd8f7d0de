import { limitInFlight, REVIEWS_IN_FLIGHT } from '../../../async/in-flight.ts';
import { connectionFlags } from '../../../command/connection-flags.ts';
import type { Context } from '../../../command/context.ts';
import { fixAlternatives } from '../../../domain/rbac/access-fix.ts';
import { editCommands } from '../../../domain/rbac/edit-command.ts';
import { type Holder, mayGrantAll } from '../../../domain/rbac/holders.ts';
import { contradicts } from '../../../domain/rbac/near-miss/explanation.ts';
import type { Asker } from '../../../domain/rbac/near-miss/subject-gap.ts';
import type { AnsweredQuestion } from '../../../domain/rbac/question.ts';
import { rbacGraph } from '../../../domain/rbac/rbac-graph.ts';
import { answerOf } from '../../../domain/rbac/verdict.ts';
import { UsageError } from '../../../errors.ts';
import { askSelf } from '../../../queries/ask-self.ts';
import { impersonationWarning } from '../../../queries/asked-subject.ts';
import { absentNamespaceWarnings, grantNamespaces } from '../../../queries/missing-objects.ts';
import { type ReadableRbac, readReadableRbac } from '../../../queries/readable-rbac.ts';
import { tryTogether } from '../../../queries/try-edits.ts';
import { accountOf, homesOf } from '../question/account.ts';
import { askAll, askerOf } from '../question/ask.ts';
import { grantableRequests, grantOptions } from '../question/grantable.ts';
import { type Inquiry, prepare } from '../question/inquiry.ts';
import type { QuestionRequest } from '../question/request.ts';
import type { FoundFix, TriedAlternative } from './found.ts';
import { harmlessObject } from './nothing.ts';

interface Fixing {
  readonly context: Context;
  readonly inquiry: Inquiry;
  readonly rbac: ReadableRbac;
}

/** Asks all questions and finds what would allow those that are refused, best first. `group` gets it in place of the account. */
export async function findFix(context: Context, request: QuestionRequest, group: string | undefined): Promise<FoundFix> {
  const connection = await context.connection();
  const [inquiry, rbac] = await Promise.all([
    prepare(context, request),
    readReadableRbac(connection.cluster, homesOf(request, connection), limitInFlight(REVIEWS_IN_FLIGHT)),
  ]);
  // What the task can do without is not granted unasked.
  const { limit } = inquiry;
  const needed = inquiry.questions.filter(({ optional }) => optional !== true);
  const questions = await askAll(needed, askerOf(inquiry));
  const { identity, discovery, accountWarning, notes } = inquiry;
  const account = grantee(accountOf(inquiry), group);
  const contradicted = questions.some((question) => contradicts({ question, asker: accountOf(inquiry), objects: rbac.objects }));
  const state = contradicted ? 'impossible' : stateOf(questions, account);
  const alternatives = state === 'fix' && account !== undefined ? await tried(questions, account, { context, inquiry, rbac }) : [];
  const objects = alternatives.flatMap(({ edits }) => edits.map(({ object }) => object));
  const warnings = [
    impersonationWarning(context.connectionOptions),
    identity.warning,
    discovery.warning,
    accountWarning,
    ...(await absentNamespaceWarnings(connection.cluster, grantNamespaces({ objects }), limit)),
  ];
  const isApplicable = alternatives.some(({ applicable }) => applicable !== 'no');
  return {
    state,
    contradicted,
    identity: identity.identity,
    subject: request.subject,
    grantee: account?.subject,
    contextName: connection.contextName,
    questions,
    alternatives,
    harmless:
      state === 'nothing'
        ? await harmlessObject(questions, { cluster: connection.cluster, askSelf: askSelf(connection.cluster, limit) })
        : undefined,
    couldApply: isApplicable || alternatives.length === 0 ? undefined : administrators(rbac),
    unread: rbac.unread,
    warnings: warnings.filter((warning) => warning !== undefined),
    notes,
  };
}

/** @throws UsageError for a group that would not give it to the account */
function grantee(account: Asker | undefined, group: string | undefined): Asker | undefined {
  if (account === undefined || group === undefined) return account;
  const { identity } = account;
  if (!identity.groups.includes(group))
    throw new UsageError(
      `${identity.user || 'the account'} is not known to be in the group ${JSON.stringify(group)}: its groups are ${identity.groups.join(', ')}`,
    );
  return { identity, subject: { kind: 'Group', name: group } };
}

function stateOf(questions: readonly AnsweredQuestion[], account: Asker | undefined): FoundFix['state'] {
  const answers = questions.map(({ verdict }) => answerOf(verdict));
  if (answers.includes('unknown')) return 'unknown';
  const refused = questions.filter(({ verdict }) => answerOf(verdict) === 'no');
  if (refused.length === 0) return questions.some(({ installed }) => installed === 'no') ? 'impossible' : 'nothing';
  if (refused.some(({ verdict, installed }) => verdict.state !== 'noOpinion' || installed === 'no')) return 'impossible';
  return account === undefined ? 'unknown' : 'fix';
}

/** Alternatives that are tried on the server: the others are shown without. */
const MOST = 5;

async function tried(
  questions: readonly AnsweredQuestion[],
  asker: Asker,
  { context, inquiry, rbac }: Fixing,
): Promise<readonly TriedAlternative[]> {
  const { limit, connection } = inquiry;
  const { cluster } = connection;
  const flags = connectionFlags(context.connectionOptions);
  const { asked } = inquiry.request;
  const { unresolved, ...named } = grantOptions(questions, asked.kind === 'needs' ? asked.task : undefined);
  const alternatives = fixAlternatives(rbac.objects, {
    requests: grantableRequests(questions),
    asker,
    ...named,
    discovery: inquiry.discovery.discovery,
    read: rbac.read,
  });
  const tools = { cluster, askSelf: askSelf(cluster, limit), limit, by: 'apply' as const };
  return Promise.all(
    alternatives.slice(0, MOST).map(async (alternative): Promise<TriedAlternative> => {
      const trials = alternative.edits.map(({ object, action }) => ({ object, isNew: action === 'create' }));
      const tried = await tryTogether(trials, tools);
      // Whoever can apply what the caller cannot has a context of their own.
      const options = { flags: tried.applicable === 'no' ? [] : flags, unresolved };
      return { ...alternative, ...tried, commands: alternative.edits.flatMap((edit) => editCommands(edit, options)) };
    }),
  );
}

/** Those who may write roles whatever is in them. */
function administrators({ objects }: ReadableRbac): readonly Holder[] {
  return mayGrantAll(rbacGraph(objects)).filter(
    ({ subject }) => subject.kind !== 'ServiceAccount' || !subject.namespace.startsWith('kube-'),
  );
}
