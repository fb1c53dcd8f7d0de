import type { Holder } from '../../../domain/rbac/holders.ts';
import type { ExitCode } from '../../../errors.ts';
import { REPORT_VERSION } from '../../../output/report.ts';
import { findingObject, placeOf } from '../question/names.ts';
import { questionFields } from '../question/question-fields.ts';
import type { FoundHolders } from './found.ts';
import { scopesOf } from './table.ts';

/** They may do everything, whatever RBAC says. */
export function isMasters({ subject }: Holder): boolean {
  return subject.kind === 'Group' && subject.name === 'system:masters';
}

function holderReport(holder: Holder): object {
  const namespaces = scopesOf(holder);
  return {
    ...placeOf(holder.subject),
    isGroup: holder.subject.kind === 'Group',
    scope: namespaces.length === 0 ? 'cluster-wide' : 'namespaces',
    ...(namespaces.length > 0 && { namespaces }),
    grants: holder.grants.map(({ binding, role, ruleIndex }) => ({
      binding: findingObject(binding),
      role: findingObject(role),
      ruleIndex,
    })),
  };
}

/** docs/schema/access-subjects.schema.json. */
export function holdersReport({ question, anywhere, holders, reading, unread, warnings }: FoundHolders, exitCode: ExitCode): object {
  return {
    apiVersion: REPORT_VERSION,
    kind: 'AccessSubjects',
    question: { ...questionFields(question.request), installed: question.installed, anyNamespace: anywhere },
    subjects: holders.map(holderReport),
    complete: reading === 'whole',
    unread: unread.map(({ kind, except, reason, message }) => ({ kind, ...(except !== undefined && { except }), reason, message })),
    warnings,
    summary: { subjects: holders.length, exitCode },
  };
}
