import type { ConnectionOptions } from '../../../cluster/connection-options.ts';
import type { Identity } from '../../../domain/kubernetes/identity.ts';
import type { ExcessQuestion } from '../../../domain/rbac/excess-access.ts';
import type { Grant } from '../../../domain/rbac/grant.ts';
import type { AnsweredQuestion, Outcome } from '../../../domain/rbac/question.ts';
import type { OtherSubject } from '../../../queries/asked-subject.ts';
import type { FoundRole } from '../../../queries/role-places.ts';
import type { Trap } from './false-yes.ts';
import type { NamedRule } from './named-rules.ts';

export type AnsweredExcess = ExcessQuestion & Outcome;

/** All that was found out, before it is worded. */
export interface FoundAccess {
  readonly identity: Identity | undefined;
  /** Absent: the questions are about the caller. */
  readonly subject: OtherSubject | undefined;
  readonly contextName: string | undefined;
  /** `['']`: all namespaces. */
  readonly namespaces: readonly string[];
  /** That namespace was not named: it is the one of the ServiceAccount that is asked about. */
  readonly isAccountsNamespace: boolean;
  readonly task: string | undefined;
  /** Kinds of the task that are not served, and that it can do without: `plural.group`. */
  readonly leftOut: readonly string[];
  readonly acceptsUnknown: boolean;
  /** Those that count. */
  readonly questions: readonly AnsweredQuestion[];
  /** About what the task can do without: for information, unless it was wanted that they count. */
  readonly optional: readonly AnsweredQuestion[];
  /** Rights beyond the task that are there or could not be determined, but for those that others of them hold; undefined if they were not asked for. */
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
