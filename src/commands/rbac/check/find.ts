import { limitInFlight, REVIEWS_IN_FLIGHT } from '../../../async/in-flight.ts';
import type { Context } from '../../../command/context.ts';
import { parseServiceAccountUser } from '../../../domain/kubernetes/identity.ts';
import { widestOf } from '../../../domain/rbac/excess-access.ts';
import type { Question } from '../../../domain/rbac/question.ts';
import { type Answer, answerOf } from '../../../domain/rbac/verdict.ts';
import { askSelf } from '../../../queries/ask-self.ts';
import { impersonationWarning } from '../../../queries/asked-subject.ts';
import { absentNamespaceWarnings, grantNamespaces } from '../../../queries/missing-objects.ts';
import { rulesFor } from '../../../queries/subject-rules.ts';
import { askAll, askerOf, isAboutCaller } from '../question/ask.ts';
import type { Inquiry } from '../question/inquiry.ts';
import { verdictWarnings } from '../question/verdict-text.ts';
import { findTraps } from './false-yes.ts';
import { findGrant } from './find-grant.ts';
import type { AnsweredExcess, FoundAccess } from './found.ts';
import { findNamedRules } from './named-rules.ts';
import { grantFor } from './needed-grant.ts';
import type { CheckRequest } from './request.ts';

/** A warning for each namespace of `-n` that does not exist: an authorizer answers for any name. */
export async function namedNamespaceWarnings(context: Context, { namespaces = [] }: CheckRequest): Promise<readonly string[]> {
  const { cluster } = await context.connection();
  const named = namespaces.filter((namespace) => namespace !== '');
  return absentNamespaceWarnings(cluster, named, limitInFlight(REVIEWS_IN_FLIGHT));
}

/** Asks all questions of an inquiry once, and what explains the answers. */
export async function find(inquiry: Inquiry<CheckRequest>, namespaceWarnings: Promise<readonly string[]>): Promise<FoundAccess> {
  const { context, connection, request, namespaces, isAccountsNamespace, leftOut, identity, discovery, limit } = inquiry;
  const { cluster } = connection;
  const self = askSelf(cluster, limit);
  const other = isAboutCaller(inquiry) ? undefined : request.subject;
  const ask = askerOf(inquiry);
  const [answered, excess] = await Promise.all([askAll(inquiry.questions, ask), inquiry.excess && askAll(inquiry.excess, ask)]);
  const isCounted = ({ optional }: Question): boolean => request.countsOptional || !optional;
  const questions = answered.filter(isCounted);
  const task = request.asked.kind === 'needs' ? request.asked.task : undefined;
  const { connectionOptions } = context;
  const asked = { identity: identity.identity, subject: request.subject, questions, task, connectionOptions };
  const usual = grantFor(asked);
  const [aboutNamespaces, aboutGrant, traps, namedRules, found] = await Promise.all([
    namespaceWarnings,
    absentNamespaceWarnings(cluster, unasked(grantNamespaces(usual), request), limit),
    findTraps(questions, trapNamespaces(inquiry), ask),
    findNamedRules(questions, (namespace) => rulesFor(cluster, { subject: other, namespace, now: context.now(), limit })),
    findGrant(asked, usual, { cluster, askSelf: self, limit }),
  ]);
  const warnings = [
    impersonationWarning(context.connectionOptions),
    identity.warning,
    discovery.warning,
    inquiry.accountWarning,
    ...aboutNamespaces,
    ...aboutGrant,
    ...verdictWarnings(questions),
  ];
  return {
    ...asked,
    ...found,
    contextName: connection.contextName,
    namespaces,
    isAccountsNamespace,
    leftOut,
    optional: answered.filter((question) => !isCounted(question)),
    acceptsUnknown: request.acceptsUnknown,
    excess: excess && worthSaying(excess),
    traps,
    namedRules,
    isLate: false,
    warnings: warnings.filter((warning) => warning !== undefined),
  };
}

/** Those of the command line were asked about with the first requests. */
function unasked(names: readonly string[], { namespaces = [] }: CheckRequest): readonly string[] {
  return names.filter((name) => !namespaces.includes(name));
}

/** Rights that are there, the widest of them, and those that may be. */
function worthSaying(excess: readonly AnsweredExcess[]): readonly AnsweredExcess[] {
  const byAnswer = (answer: Answer): readonly AnsweredExcess[] => excess.filter(({ verdict }) => answerOf(verdict) === answer);
  return [...widestOf(byAnswer('yes')), ...byAnswer('unknown')];
}

/** Where a RoleBinding may pretend to grant a cluster-scoped kind: the namespaces in use, and the ServiceAccount's own. */
function trapNamespaces({ namespaces, request, identity }: Inquiry): readonly string[] {
  const user = request.subject === undefined ? identity.identity?.user : request.subject.reviewed.user;
  const home = parseServiceAccountUser(user ?? '')?.namespace;
  return [...new Set([...namespaces, ...(home === undefined ? [] : [home])])];
}
