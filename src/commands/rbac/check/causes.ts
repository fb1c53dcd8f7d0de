import type { RbacSubject } from '../../../domain/kubernetes/identity.ts';
import { type AccessRequest, isUrlRequest } from '../../../domain/rbac/access-review.ts';
import { type MissingRole, parseReason } from '../../../domain/rbac/allow-reason.ts';
import type { CauseCode } from '../../../domain/rbac/near-miss/cause.ts';
import { type AnsweredQuestion, questionResource } from '../../../domain/rbac/question.ts';
import { answerOf } from '../../../domain/rbac/verdict.ts';
import type { OtherSubject } from '../../../queries/asked-subject.ts';
import type { FoundRole } from '../../../queries/role-places.ts';
import { grantableRequests } from '../question/grantable.ts';
import type { Trap } from './false-yes.ts';
import type { FoundAccess } from './found.ts';
import type { NamedRule } from './named-rules.ts';
import { grantScope } from './needed-grant.ts';

/** A fault that `rbac explain` reports under the same code. */
type Fault =
  | { readonly code: 'kind-not-served'; readonly request: AccessRequest; readonly isAccepted: boolean }
  /** `isFinal`: it forbids the request. Otherwise an authorizer besides RBAC says why it does not allow it. */
  | {
      readonly code: 'denied-by-authorizer';
      readonly request: AccessRequest;
      readonly reason: string | undefined;
      readonly isFinal: boolean;
    }
  | { readonly code: 'dangling-role-ref'; readonly role: MissingRole; readonly reason: string }
  | { readonly code: 'rolebinding-for-cluster-scope'; readonly trap: Trap }
  | { readonly code: 'resource-names'; readonly rule: NamedRule };

/** What else must be known to read the answers and the grant. */
type Remark =
  | { readonly code: 'kind-not-determined'; readonly request: AccessRequest }
  | { readonly code: 'conditional-decision'; readonly request: AccessRequest; readonly condition: string | undefined }
  /** The sentence is that of hints: `explainScope`. */
  | { readonly code: 'cluster-wide-grant'; readonly sentence: string; readonly binding: string }
  | { readonly code: 'account-namespace'; readonly namespace: string }
  /** `kinds`: `plural.group`. */
  | { readonly code: 'optional-rights'; readonly task: string; readonly kinds: readonly string[] }
  | { readonly code: 'groups-unknown'; readonly subject: OtherSubject }
  | { readonly code: 'identity-unknown' }
  | { readonly code: 'rbac-only'; readonly subject: RbacSubject | undefined }
  | { readonly code: 'role-exists' | 'role-name-taken'; readonly role: FoundRole }
  | { readonly code: 'excess-limits'; readonly task: string };

/** What explains the answers, before it is worded. */
export type CheckCause = (Fault & { readonly code: CauseCode }) | Remark;
export type CheckCode = CheckCause['code'];

/** Everything that is worth a sentence, most certain first. */
export function causesOf(found: FoundAccess): readonly CheckCause[] {
  return [
    ...found.questions.flatMap((question) => installationCauses(question, found.acceptsUnknown)),
    ...found.questions.flatMap(verdictCauses),
    ...scopeCauses(found),
    ...found.traps.map((trap): CheckCause => ({ code: 'rolebinding-for-cluster-scope', trap })),
    ...found.namedRules.map((rule): CheckCause => ({ code: 'resource-names', rule })),
    ...accountCauses(found),
    ...optionalCauses(found),
    ...groupCauses(found),
    ...identityCauses(found),
    ...methodCauses(found),
    ...found.foundRoles.map(roleCause),
    ...(found.excess === undefined ? [] : [{ code: 'excess-limits' as const, task: taskOf(found) }]),
  ];
}

/** That a kind is not there, or may not be: then no permission helps. */
function installationCauses({ request, installed }: AnsweredQuestion, isAccepted: boolean): readonly CheckCause[] {
  if (installed === 'yes') return [];
  return [installed === 'no' ? { code: 'kind-not-served', request, isAccepted } : { code: 'kind-not-determined', request }];
}

function verdictCauses({ request, verdict }: AnsweredQuestion): readonly CheckCause[] {
  switch (verdict.state) {
    case 'denied':
      return [{ code: 'denied-by-authorizer', request, reason: verdict.reason, isFinal: true }];
    case 'conditional':
      return [{ code: 'conditional-decision', request, condition: verdict.condition }];
    case 'noOpinion':
      return reasonCauses(request, verdict.reason ?? '');
    default:
      return [];
  }
}

function reasonCauses(request: AccessRequest, reason: string): readonly CheckCause[] {
  return parseReason(reason).flatMap((part): readonly CheckCause[] => {
    if (part.kind === 'missingRoles') return part.roles.map((role) => ({ code: 'dangling-role-ref', role, reason }));
    return part.kind === 'other' ? [{ code: 'denied-by-authorizer', request, reason: part.text, isFinal: false }] : [];
  });
}

function scopeCauses({ grant, questions }: FoundAccess): readonly CheckCause[] {
  const sentence = grant && grantScope(questions);
  if (grant === undefined || sentence === undefined) return [];
  const binding = grant.objects.find(({ kind }) => kind === 'ClusterRoleBinding');
  return [{ code: 'cluster-wide-grant', sentence, binding: binding?.metadata.name ?? '' }];
}

function accountCauses({ isAccountsNamespace, namespaces, questions }: FoundAccess): readonly CheckCause[] {
  const [namespace = ''] = namespaces;
  const isAsked = questions.some(({ request }) => !isUrlRequest(request) && request.namespace === namespace);
  return isAccountsNamespace && isAsked ? [{ code: 'account-namespace', namespace }] : [];
}

/** Without `--for` the runtimes are asked about. */
function taskOf({ task }: FoundAccess): string {
  return task ?? 'runtimes';
}

function optionalCauses(found: FoundAccess): readonly CheckCause[] {
  const missing = found.optional.filter(({ verdict }) => answerOf(verdict) !== 'yes');
  const kinds = [...new Set(missing.map(({ request }) => questionResource(request)))];
  return kinds.length === 0 ? [] : [{ code: 'optional-rights', task: taskOf(found), kinds }];
}

function groupCauses({ subject, questions }: FoundAccess): readonly CheckCause[] {
  if (subject === undefined || subject.groupsKnown || !questions.some(({ verdict }) => answerOf(verdict) === 'no')) return [];
  return [{ code: 'groups-unknown', subject }];
}

function identityCauses({ identity, subject, questions }: FoundAccess): readonly CheckCause[] {
  if (subject !== undefined || identity !== undefined || grantableRequests(questions).length === 0) return [];
  return [{ code: 'identity-unknown' }];
}

function methodCauses({ subject, questions }: FoundAccess): readonly CheckCause[] {
  return questions.some(({ method }) => method === 'RBACObjects') ? [{ code: 'rbac-only', subject: subject?.rbac }] : [];
}

function roleCause(role: FoundRole): CheckCause {
  return { code: role.exists && role.name === role.usualName ? 'role-exists' : 'role-name-taken', role };
}
