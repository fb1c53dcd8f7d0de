import { type GrantedBy, grantedBy } from '../../../domain/rbac/allow-reason.ts';
import { excessRule } from '../../../domain/rbac/excess-access.ts';
import type { Grant } from '../../../domain/rbac/grant.ts';
import type { AnsweredQuestion } from '../../../domain/rbac/question.ts';
import { REPORT_VERSION } from '../../../output/report.ts';
import type { OtherSubject } from '../../../queries/asked-subject.ts';
import { questionFields } from '../question/question-fields.ts';
import { exitCodeOf, summarize } from './decision.ts';
import { explanations, findingsOf } from './explanation.ts';
import type { AnsweredExcess, FoundAccess } from './found.ts';

function withoutUndefined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function questionReport(question: AnsweredQuestion): object {
  const { request, verdict, installed, neededFor, optional, method, attempts } = question;
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
    optional,
  });
}

function excessReport(question: AnsweredExcess): object {
  return withoutUndefined({ ...questionReport({ ...question, request: excessRule(question) }), wildcard: question.wildcard });
}

function subjectReport(subject: OtherSubject | undefined): object | undefined {
  if (subject === undefined) return undefined;
  const { reviewed, rbac, groupsKnown } = subject;
  return withoutUndefined({ ...rbac, user: reviewed.user, groups: reviewed.groups, groupsKnown });
}

function grantReport(grant: Grant | undefined): object | undefined {
  return grant && { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items: grant.objects };
}

/** The report as data: docs/schema/access-report.schema.json. `explanations` are the findings as people see them. */
export function accessReport(found: FoundAccess): object {
  const findings = findingsOf(found);
  const summary = summarize(found);
  return withoutUndefined({
    apiVersion: REPORT_VERSION,
    kind: 'AccessReport',
    identity: found.identity,
    subject: subjectReport(found.subject),
    context: found.contextName,
    namespaces: found.namespaces.filter((namespace) => namespace !== ''),
    allNamespaces: found.namespaces.includes(''),
    task: found.task,
    questions: [...found.questions, ...found.optional].map(questionReport),
    leftOut: found.leftOut.length === 0 ? undefined : found.leftOut,
    excess: found.excess?.map(excessReport),
    summary: { ...summary, exitCode: exitCodeOf(found) },
    findings,
    explanations: explanations(findings),
    grant: grantReport(found.grant),
    grantCommands: found.grant?.commands,
    grantableByCaller: found.canApply,
    warnings: found.warnings,
  });
}
