import { isUrlRequest } from '../../../domain/rbac/access-review.ts';
import { grantedBy } from '../../../domain/rbac/allow-reason.ts';
import type { AnsweredQuestion } from '../../../domain/rbac/question.ts';
import type { ExitCode } from '../../../errors.ts';
import { REPORT_VERSION } from '../../../output/report.ts';
import { matrixRows } from '../check/matrix.ts';
import type { FoundMatrix } from './found.ts';

function withoutUndefined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function verbReport({ request, verdict, method }: AnsweredQuestion): object {
  const by = verdict.state === 'allowed' ? grantedBy(verdict.reason) : undefined;
  return withoutUndefined({
    verb: request.verb,
    verdict: verdict.state,
    allowed: verdict.state === 'allowed',
    grantedBy: by,
    method,
    error: verdict.error ?? verdict.evaluationError,
  });
}

function rowReport(byVerb: ReadonlyMap<string, AnsweredQuestion>): object {
  const questions = [...byVerb.values()];
  const [first] = questions;
  if (first === undefined || isUrlRequest(first.request)) return { verbs: [] };
  const { group, resource, namespace } = first.request;
  return {
    group,
    resource,
    kind: first.kind?.kind ?? resource,
    namespaced: first.kind?.namespaced ?? true,
    namespace,
    verbs: questions.map(verbReport),
  };
}

/** docs/schema/access-matrix.schema.json. */
export function matrixReport({ inquiry, questions, warnings }: FoundMatrix, exitCode: ExitCode): object {
  const { identity, request, connection, namespaces } = inquiry;
  const { subject } = request;
  return withoutUndefined({
    apiVersion: REPORT_VERSION,
    kind: 'AccessMatrix',
    identity: identity.identity,
    subject:
      subject &&
      withoutUndefined({ ...subject.rbac, user: subject.reviewed.user, groups: subject.reviewed.groups, groupsKnown: subject.groupsKnown }),
    context: connection.contextName,
    namespaces: namespaces.filter((namespace) => namespace !== ''),
    allNamespaces: namespaces.includes(''),
    methods: [...new Set(questions.flatMap(({ method }) => (method === undefined ? [] : [method])))],
    rows: matrixRows(questions).map(({ byVerb }) => rowReport(byVerb)),
    warnings,
    summary: { exitCode },
  });
}
