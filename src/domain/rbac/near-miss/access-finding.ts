import type { V1PolicyRule } from '@kubernetes/client-node';
import type { Evidence, Finding, Fix } from '../../finding.ts';
import type { RbacSubject } from '../../kubernetes/identity.ts';
import type { Permission } from '../blast-radius.ts';
import type { Edit, EditedObject } from '../edit.ts';
import type { CauseCode } from './cause.ts';

/** What a field holds, and what it would have to hold. */
export interface AccessEvidence extends Evidence {
  readonly wanted?: string | undefined;
  /** Of the rule in that role, from 0. */
  readonly ruleIndex?: number | undefined;
}

export interface AccessFix extends Fix {
  /** The objects as they are to be, for `kubectl apply -f -`. */
  readonly objects: readonly EditedObject[];
  /** What is newly allowed besides the question, and to whom. */
  readonly alsoGrants: readonly Permission[];
  /** Everybody who is newly allowed something. */
  readonly subjectsAffected: readonly RbacSubject[];
  /** Whether the caller may apply it. */
  readonly applicable: 'yes' | 'no' | 'untested';
  /** Why it is not, or why that is not known. */
  readonly why?: string | undefined;
}

/** A cause of a refusal, as a finding. */
export interface AccessFinding extends Finding<CauseCode> {
  /** From 1. */
  readonly rank: number;
  readonly evidence: readonly AccessEvidence[];
  readonly edits: readonly Edit[];
  /** Of an escalation: what the author of a role or binding would have to hold. */
  readonly missing?: readonly V1PolicyRule[] | undefined;
  /** Of an escalation: who may give away what they do not hold, as far as could be read. */
  readonly couldGrant?: readonly RbacSubject[] | undefined;
  readonly fix?: AccessFix | undefined;
}
