import type { Identity, RbacSubject } from '../../../domain/kubernetes/identity.ts';
import type { Alternative } from '../../../domain/rbac/access-fix.ts';
import type { Holder } from '../../../domain/rbac/holders.ts';
import type { AnsweredQuestion } from '../../../domain/rbac/question.ts';
import type { OtherSubject } from '../../../queries/asked-subject.ts';
import type { UnreadObjects } from '../../../queries/readable-rbac.ts';
import type { Applicability } from '../../../queries/try-edits.ts';
import type { HarmlessObject } from './nothing.ts';

export interface TriedAlternative extends Alternative, Applicability {
  readonly commands: readonly string[];
}

/** All that was found out, before it is worded. */
export interface FoundFix {
  /** A fix was found, nothing is refused, no change of RBAC helps, or it is not known what is refused. */
  readonly state: 'fix' | 'nothing' | 'impossible' | 'unknown';
  /** The RBAC objects allow what the server refuses. */
  readonly contradicted: boolean;
  readonly identity: Identity | undefined;
  /** Absent: the questions are about the caller. */
  readonly subject: OtherSubject | undefined;
  /** Who gets it. */
  readonly grantee: RbacSubject | undefined;
  readonly contextName: string | undefined;
  readonly questions: readonly AnsweredQuestion[];
  /** What gives least first. */
  readonly alternatives: readonly TriedAlternative[];
  /** Set where nothing is to be fixed and kubectl can apply it as the caller. */
  readonly harmless: HarmlessObject | undefined;
  /** Who may write any role and binding, as far as could be read; undefined if the caller may apply a fix. */
  readonly couldApply: readonly Holder[] | undefined;
  readonly unread: readonly UnreadObjects[];
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
}
