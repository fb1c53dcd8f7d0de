import type { ConnectionOptions } from '../../../cluster/connection-options.ts';
import type { Identity, RbacSubject } from '../../../domain/kubernetes/identity.ts';
import { subjectOf } from '../../../domain/kubernetes/identity.ts';
import { type AccessRequest, isUrlRequest } from '../../../domain/rbac/access-review.ts';
import { type GrantedBy, grantedBy } from '../../../domain/rbac/allow-reason.ts';
import { explainScope, type Grant, leastGrant, type RolePlace } from '../../../domain/rbac/grant.ts';
import { type AnsweredQuestion, answerTo, type Outcome } from '../../../domain/rbac/question.ts';
import { type Answer, answerOf } from '../../../domain/rbac/verdict.ts';
import { ExitCode } from '../../../errors.ts';
import type { OtherSubject } from '../../../queries/asked-subject.ts';
import type { ExcessQuestion } from './excess-access.ts';
import type { Trap } from './false-yes.ts';
import type { FoundRole } from './find-grant.ts';
import type { NamedRule } from './named-rules.ts';

export type AnsweredExcess = ExcessQuestion & Outcome;

/** All that was found out, before it is worded. */
export interface Findings {
  readonly identity: Identity | undefined;
  /** Absent: the questions are about the caller. */
  readonly subject: OtherSubject | undefined;
  readonly contextName: string | undefined;
  /** `['']`: all namespaces. */
  readonly namespaces: readonly string[];
  readonly task: string | undefined;
  readonly acceptsUnknown: boolean;
  readonly questions: readonly AnsweredQuestion[];
  /** Rights beyond the task; undefined if they were not asked for. */
  readonly excess: readonly AnsweredExcess[] | undefined;
  readonly traps: readonly Trap[];
  readonly namedRules: readonly NamedRule[];
  readonly grant: Grant | undefined;
  /** Roles that are there already under names of the grant. */
  readonly foundRoles: readonly FoundRole[];
  /** Whether the caller may create the grant; undefined if there is none. */
  readonly canApply: boolean | undefined;
  /** The flags of the connection, for what the caller can paste. */
  readonly connectionOptions: ConnectionOptions;
  /** The time of `--wait` ran out before the answer became yes. */
  readonly isLate: boolean;
  readonly warnings: readonly string[];
}

/** How many questions were answered how; a kind that is not installed is counted by its verdict too. */
export interface Summary {
  readonly answer: Answer;
  readonly total: number;
  readonly allowed: number;
  readonly denied: number;
  readonly unknown: number;
  /** Rights beyond the task. */
  readonly excess: number;
  /** Kinds that are not installed, as `plural.group`. */
  readonly notInstalled: readonly string[];
}

/** Whom a grant would be for; undefined if the server did not say who the caller is. */
function grantSubject(identity: Identity | undefined, subject: OtherSubject | undefined): RbacSubject | undefined {
  if (subject !== undefined) return subject.rbac;
  return identity === undefined ? undefined : subjectOf(identity.user);
}

/** Questions that RBAC could turn into a yes: nobody grants them, nobody forbids them, and the kind may be there. */
export function grantableRequests(questions: readonly AnsweredQuestion[]): readonly AccessRequest[] {
  return questions.filter(({ verdict, installed }) => verdict.state === 'noOpinion' && installed !== 'no').map(({ request }) => request);
}

/** The least grant that lifts the refusals; undefined if there is nothing to grant or nobody to grant it to. */
export function grantFor(
  findings: Pick<Findings, 'identity' | 'subject' | 'questions' | 'task'>,
  rolePlaces?: ReadonlyMap<string, RolePlace>,
): Grant | undefined {
  const requests = grantableRequests(findings.questions);
  const subject = grantSubject(findings.identity, findings.subject);
  if (requests.length === 0 || subject === undefined) return undefined;
  return leastGrant(requests, subject, {
    kinds: kindsOf(findings.questions),
    task: findings.task && `kserve-${findings.task}`,
    rolePlaces,
  });
}

function kindsOf(questions: readonly AnsweredQuestion[]) {
  return questions.map(({ kind }) => kind).filter((kind) => kind !== undefined);
}

/** Why the grant cannot be narrower, as a sentence. */
export function grantScope(questions: readonly AnsweredQuestion[]): string | undefined {
  return explainScope(grantableRequests(questions), kindsOf(questions));
}

function overall(answers: readonly Answer[], hasExcess: boolean): Answer {
  if (answers.includes('unknown')) return 'unknown';
  return answers.includes('no') || hasExcess ? 'no' : 'yes';
}

function missingKinds(questions: readonly AnsweredQuestion[]): readonly string[] {
  const missing = questions.filter(({ installed }) => installed === 'no').map(({ request }) => request);
  const names = missing.map((request) =>
    isUrlRequest(request) ? '' : [request.resource, request.group].filter((part) => part !== '').join('.'),
  );
  return [...new Set(names)];
}

export function summarize({ questions, excess = [], acceptsUnknown }: Pick<Findings, 'questions' | 'excess' | 'acceptsUnknown'>): Summary {
  const verdicts = questions.map(({ verdict }) => answerOf(verdict));
  const beyond = excess.map(({ verdict }) => answerOf(verdict));
  const answers = questions.map((question) => answerTo(question, acceptsUnknown));
  const unknownBeyond = beyond.filter((answer) => answer === 'unknown');
  return {
    answer: overall([...answers, ...unknownBeyond], beyond.includes('yes')),
    total: questions.length,
    allowed: verdicts.filter((answer) => answer === 'yes').length,
    denied: verdicts.filter((answer) => answer === 'no').length,
    unknown: verdicts.filter((answer) => answer === 'unknown').length,
    excess: beyond.filter((answer) => answer === 'yes').length,
    notInstalled: missingKinds(questions),
  };
}

const CODES: Readonly<Record<Answer, ExitCode>> = { yes: ExitCode.ok, no: ExitCode.no, unknown: ExitCode.undetermined };

export function exitCodeOf(findings: Findings): ExitCode {
  return findings.isLate ? ExitCode.timedOut : CODES[summarize(findings).answer];
}

function questionFields(request: AccessRequest): Readonly<Record<string, string>> {
  if (isUrlRequest(request)) return { verb: request.verb, path: request.path };
  const { verb, group, resource, subresource, namespace, name } = request;
  return { verb, group, resource, namespace, ...(subresource !== undefined && { subresource }), ...(name !== undefined && { name }) };
}

function withoutUndefined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function questionReport(question: AnsweredQuestion): object {
  const { request, verdict, installed, neededFor, method, attempts } = question;
  const { state, ...texts } = verdict;
  const by: GrantedBy | undefined = state === 'allowed' ? grantedBy(verdict.reason) : undefined;
  return withoutUndefined({
    ...questionFields(request),
    verdict: state,
    allowed: state === 'allowed',
    ...texts,
    grantedBy: by,
    method,
    attempts: attempts.length === 0 ? undefined : attempts,
    installed,
    neededFor,
  });
}

function excessReport({ request, wildcard, verdict, kind: _, method, installed, attempts, ...rest }: AnsweredExcess): object {
  const fields = questionFields(request);
  return withoutUndefined({
    ...questionReport({ request, verdict, method, installed, attempts, ...rest }),
    ...(wildcard === 'verbs' && { verb: '*' }),
    ...(wildcard === 'resources' && { resource: '*' }),
    ...(wildcard === 'apiGroups' && { resource: '*', group: '*' }),
    namespace: fields.namespace,
    wildcard,
  });
}

function subjectReport(subject: OtherSubject | undefined): object | undefined {
  if (subject === undefined) return undefined;
  const { reviewed, rbac, groupsKnown } = subject;
  return withoutUndefined({ ...rbac, user: reviewed.user, groups: reviewed.groups, groupsKnown });
}

function grantReport(grant: Grant | undefined): object | undefined {
  return grant && { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items: grant.objects };
}

/** The report as data: docs/schema/access-report.schema.json. `explanations` are the sentences that people see too. */
export function accessReport(findings: Findings, explanations: readonly string[]): object {
  const summary = summarize(findings);
  const excess = findings.excess?.filter(({ verdict }) => answerOf(verdict) !== 'no');
  return withoutUndefined({
    apiVersion: 'kubectl-kserve/v1alpha1',
    kind: 'AccessReport',
    identity: findings.identity,
    subject: subjectReport(findings.subject),
    context: findings.contextName,
    namespaces: findings.namespaces.filter((namespace) => namespace !== ''),
    allNamespaces: findings.namespaces.includes(''),
    task: findings.task,
    questions: findings.questions.map(questionReport),
    excess: excess?.map(excessReport),
    summary: { ...summary, exitCode: exitCodeOf(findings) },
    explanations,
    grant: grantReport(findings.grant),
    grantCommands: findings.grant?.commands,
    grantableByCaller: findings.canApply,
    warnings: findings.warnings,
  });
}
