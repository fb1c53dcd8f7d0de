import type { FindingObject } from '../../../domain/finding.ts';
import { isUrlRequest } from '../../../domain/rbac/access-review.ts';
import type { BlastRadius } from '../../../domain/rbac/blast-radius.ts';
import { editCommands } from '../../../domain/rbac/edit-command.ts';
import type { AccessEvidence, AccessFinding, AccessFix } from '../../../domain/rbac/near-miss/access-finding.ts';
import type { CauseCode, Gap, NearMiss } from '../../../domain/rbac/near-miss/cause.ts';
import type { Cause } from '../../../domain/rbac/near-miss/explanation.ts';
import { type AnsweredQuestion, questionResource } from '../../../domain/rbac/question.ts';
import { findingObject, objectText, radiusText } from '../question/names.ts';
import { missText } from './miss-text.ts';

export interface CauseContext {
  readonly question: AnsweredQuestion;
  /** The account, as people know it. */
  readonly who: string;
  /** Of the connection, for commands that can be pasted. */
  readonly flags: readonly string[];
}

/** A cause → the finding that is printed, in every format. `rank` counts from 1. */
export function toFinding(cause: Cause, rank: number, context: CauseContext): AccessFinding {
  return cause.kind === 'near-miss'
    ? missFinding(cause.miss, cause.radius, rank, context)
    : { ...plainFinding(cause, context), rank, edits: [] };
}

function evidenceOf({ at, field, value, wanted }: Gap, { binding, role, ruleIndex }: NearMiss): AccessEvidence {
  const object = at === 'role' ? role : binding;
  const shown = object === undefined ? { kind: 'RoleBinding', name: '' } : findingObject(object);
  return { object: shown, field, value, wanted, ...(at === 'role' && ruleIndex !== undefined && ruleIndex >= 0 && { ruleIndex }) };
}

function missFinding(miss: NearMiss, radius: BlastRadius, rank: number, context: CauseContext): AccessFinding {
  const { code, gaps, binding, role } = miss;
  const isInRole = gaps[0]?.at === 'role';
  const faulty = (isInRole ? role : binding) ?? role;
  // Of a role that is bound to nobody there is nothing else to show.
  const evidence =
    binding === undefined && role !== undefined
      ? [{ object: findingObject(role), field: 'rules', value: JSON.stringify(role.rules[miss.ruleIndex ?? 0]) }]
      : [];
  return {
    code,
    severity: 'error',
    rank,
    object: faulty === undefined ? { kind: 'ClusterRole', name: '' } : findingObject(faulty),
    ...(gaps[0] !== undefined && { field: gaps[0].field }),
    message: missText(miss, context.question, context.who),
    evidence: evidence.length > 0 ? evidence : gaps.map((gap) => evidenceOf(gap, miss)),
    edits: miss.edits,
    fix: fixOf(miss, radius, context),
  };
}

function fixOf(miss: NearMiss, radius: BlastRadius, { flags }: CauseContext): AccessFix {
  return {
    text: radiusText(radius),
    commands: miss.edits.flatMap((edit) => editCommands(edit, { flags })),
    objects: miss.edits.map(({ object }) => object),
    alsoGrants: radius.alsoGrants,
    subjectsAffected: radius.subjects,
    applicable: 'untested',
    why: 'nothing is tried here: "rbac fix" tries it',
  };
}

type Plain = Exclude<Cause, { kind: 'near-miss' }>;

const CODES: Readonly<Record<Plain['kind'], CauseCode>> = {
  'not-served': 'kind-not-served',
  'not-logged-in': 'not-logged-in',
  denied: 'denied-by-authorizer',
  'other-authorizer': 'denied-by-authorizer',
  'missing-role': 'dangling-role-ref',
  'not-propagated': 'not-propagated',
  disagreement: 'denied-by-authorizer',
  'may-not-impersonate': 'may-not-impersonate',
};

function plainFinding(cause: Plain, context: CauseContext): Omit<AccessFinding, 'rank' | 'edits'> {
  const { question } = context;
  const object = faultyObject(cause, question);
  return {
    code: CODES[cause.kind],
    severity: 'error',
    object,
    message: plainText(cause, context),
    evidence: plainEvidence(cause, object, context),
  };
}

function faultyObject(cause: Plain, { request }: AnsweredQuestion): FindingObject {
  if (cause.kind === 'missing-role') return cause.role;
  // The server gives no name to credentials that it does not know.
  if (cause.kind === 'not-logged-in') return { kind: 'User', name: cause.isAnonymous ? 'system:anonymous' : '' };
  return { kind: 'Request', name: questionResource(request) };
}

function plainText(cause: Plain, { question, who }: CauseContext): string {
  switch (cause.kind) {
    case 'not-served':
      return `${cause.resource} is not installed in this cluster, so no permission helps`;
    case 'not-logged-in':
      return cause.isAnonymous
        ? 'no credentials were sent, so the server sees system:anonymous: log in, or name a user of the kubeconfig with --context or --user'
        : 'the server does not accept the credentials: log in again, or name another user of the kubeconfig with --context or --user';
    case 'denied':
      return `an authorizer forbids it${cause.text === undefined ? ' and gives no reason' : `: ${cause.text}`}; RBAC cannot lift that, the policy of that authorizer must change`;
    case 'other-authorizer':
      return `another authorizer says: ${cause.text}; it may require its own permission besides RBAC`;
    case 'missing-role':
      return `a binding names ${objectText(cause.role)}, which does not exist: create it, or bind another role`;
    case 'not-propagated':
      return 'the RBAC objects allow it and the server did so at the second try: a change is not yet known everywhere. Wait with "rbac check --wait=10s"';
    case 'disagreement':
      return `the RBAC objects allow it (${cause.reason}) but the server does not: another authorizer decides before RBAC, or limits the credentials of ${who}. Nothing is suggested`;
    case 'may-not-impersonate':
      return `you may not act as ${who}, so ${questionResource(question.request)} could not be asked about: ${cause.text}`;
  }
}

function plainEvidence(cause: Plain, object: FindingObject, { question }: CauseContext): readonly AccessEvidence[] {
  const { reason = '' } = question.verdict;
  switch (cause.kind) {
    case 'missing-role':
    case 'other-authorizer':
      return [{ object, field: 'status.reason', value: cause.text }];
    case 'not-logged-in':
      return cause.text === undefined ? [] : [{ object, field: 'message', value: cause.text }];
    case 'denied':
      return [{ object, field: 'status.denied', value: cause.text ?? 'true' }];
    case 'disagreement':
      return [
        { object, field: 'status.allowed', value: `false${reason === '' ? '' : `: ${reason}`}` },
        { object, field: 'RBAC objects', value: cause.reason },
      ];
    default:
      return isUrlRequest(question.request) || cause.kind === 'not-propagated'
        ? []
        : [{ object, field: 'resource', value: questionResource(question.request) }];
  }
}
