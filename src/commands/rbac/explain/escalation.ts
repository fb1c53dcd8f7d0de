import type { V1PolicyRule } from '@kubernetes/client-node';
import type { FindingObject } from '../../../domain/finding.ts';
import type { RbacSubject } from '../../../domain/kubernetes/identity.ts';
import { missingText } from '../../../domain/rbac/escalation.ts';
import type { AccessFinding } from '../../../domain/rbac/near-miss/access-finding.ts';
import { objectText, subjectText } from '../question/names.ts';

interface RefusedWrite {
  /** What was to be written; undefined if that is not known. */
  readonly object: FindingObject | undefined;
  readonly who: string;
  readonly missing: readonly V1PolicyRule[];
  /** Who could grant it; undefined if nobody looked. */
  readonly couldGrant?: readonly RbacSubject[] | undefined;
}

/**
 * A refusal to give away by a role or binding what its author does not hold.
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
 */
export function escalationFinding({ object, who, missing, couldGrant }: RefusedWrite): AccessFinding {
  const written = object ?? { kind: 'Role', name: '' };
  return {
    code: 'escalation',
    severity: 'error',
    rank: 1,
    object: written,
    message: `${who} may write ${object === undefined ? 'the role or binding' : objectText(object)}, but not grant by it what ${who} does not hold`,
    evidence: missing.map((rule) => ({ object: written, field: 'rules', value: missingText(rule), wanted: `held by ${who}` })),
    edits: [],
    missing,
    ...(couldGrant !== undefined && { couldGrant }),
    fix: {
      text: `hold them, be allowed "bind" on the role or "escalate" on roles, or ask somebody who is${whoElse(couldGrant)}`,
      objects: [],
      alsoGrants: [],
      subjectsAffected: [],
      applicable: 'no',
      why: 'nobody can grant by a role or binding what they do not hold',
    },
  };
}

function whoElse(couldGrant: readonly RbacSubject[] | undefined): string {
  if (couldGrant === undefined) return ' ("rbac who-can escalate clusterroles")';
  return couldGrant.length === 0 ? '' : `: ${couldGrant.map(subjectText).join(', ')}`;
}

/** The finding for people, without the answer before it. */
export function escalationLines({ message, code, missing = [], fix }: AccessFinding): readonly string[] {
  return [`${message}: ${code}`, 'Missing:', ...missing.map((rule) => `  ${missingText(rule)}`), `Fix: ${fix?.text}.`];
}
