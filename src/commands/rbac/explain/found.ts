import type { Identity } from '../../../domain/kubernetes/identity.ts';
import type { EditedObject } from '../../../domain/rbac/edit.ts';
import type { GrantPath } from '../../../domain/rbac/grant-paths.ts';
import type { AccessFinding } from '../../../domain/rbac/near-miss/access-finding.ts';
import type { NearMiss } from '../../../domain/rbac/near-miss/cause.ts';
import type { ReviewHint } from '../../../domain/rbac/near-miss/own-rules.ts';
import type { PastedErrors, PastedEscalation } from '../../../domain/rbac/pasted-errors.ts';
import type { AnsweredQuestion } from '../../../domain/rbac/question.ts';
import type { OtherSubject } from '../../../queries/asked-subject.ts';
import type { UnreadObjects } from '../../../queries/readable-rbac.ts';
import type { Applicability } from '../../../queries/try-edits.ts';
import type { SourcePlace } from '../../../text/source-place.ts';

/** One answer with all that explains it. */
export interface ExplainedQuestion {
  readonly question: AnsweredQuestion;
  readonly grants: readonly GrantPath[];
  readonly causes: readonly AccessFinding[];
  /** What a cause was made of, by its rank, where it is a near miss. */
  readonly misses: ReadonlyMap<number, NearMiss>;
  /** Near misses that are not shown. */
  readonly more: number;
  /** What reviews tell where RBAC objects could not be read. */
  readonly hints: readonly ReviewHint[];
}

/** All that was found out, before it is worded. */
export interface FoundExplanations {
  readonly identity: Identity | undefined;
  /** Absent: the questions are about the caller. */
  readonly subject: OtherSubject | undefined;
  readonly contextName: string | undefined;
  readonly acceptsUnknown: boolean;
  readonly explained: readonly ExplainedQuestion[];
  readonly unread: readonly UnreadObjects[];
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
}

/** A refusal to give away what is not held, as it was pasted. */
export interface FoundEscalation {
  readonly pasted: PastedEscalation;
  readonly cause: AccessFinding;
}

/** What was pasted, with what explains it. */
export interface FoundPasted {
  readonly errors: PastedErrors;
  /** One for each account that was refused something. */
  readonly accounts: readonly FoundExplanations[];
  readonly escalations: readonly FoundEscalation[];
}

/** A role or binding of a file, tried on the server. */
export interface TriedManifest extends Applicability {
  readonly object: EditedObject;
  readonly source: SourcePlace;
}
