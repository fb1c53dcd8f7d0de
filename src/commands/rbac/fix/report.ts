import type { ExitCode } from '../../../errors.ts';
import { REPORT_VERSION } from '../../../output/report.ts';
import { placeOf } from '../question/names.ts';
import { questionFields } from '../question/question-fields.ts';
import type { FoundFix, TriedAlternative } from './found.ts';
import { manifest, objectsOf } from './print.ts';

function withoutUndefined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function alternativeReport(alternative: TriedAlternative): object {
  const { kind, cause, edits, radius, applicable, why, missing, commands } = alternative;
  return withoutUndefined({
    kind,
    cause,
    edits,
    objects: objectsOf(alternative),
    commands,
    rights: radius.rights,
    alsoGrants: radius.alsoGrants,
    subjectsAffected: radius.subjects,
    applicable,
    why,
    missing: missing.length === 0 ? undefined : missing,
  });
}

/** docs/schema/access-fix.schema.json. */
export function fixReport(found: FoundFix & { readonly chosen: number }, exitCode: ExitCode): object {
  const { state, identity, subject, grantee, contextName, questions, alternatives, chosen, couldApply, unread, warnings } = found;
  const alternative = alternatives[chosen];
  return withoutUndefined({
    apiVersion: REPORT_VERSION,
    kind: 'AccessFix',
    identity,
    subject: subject?.rbac,
    grantee,
    context: contextName,
    questions: questions
      .map(
        ({ request, verdict, installed }) =>
          ({ ...questionFields(request), installed, verdict: verdict.state, reason: verdict.reason }) as object,
      )
      .map(withoutUndefined),
    result: state,
    chosen: alternative === undefined ? undefined : chosen + 1,
    fix: state === 'fix' || state === 'nothing' ? manifest(found) : undefined,
    alternatives: alternatives.map(alternativeReport),
    couldApply: couldApply?.map(({ subject: who }) => placeOf(who)),
    unread: unread.map(({ kind, except, reason, message }) => withoutUndefined({ kind, except, reason, message })),
    warnings,
    summary: { exitCode },
  });
}
