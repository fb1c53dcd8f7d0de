import type { Holder } from '../../../domain/rbac/holders.ts';
import type { Question } from '../../../domain/rbac/question.ts';
import type { UnreadObjects } from '../../../queries/readable-rbac.ts';

export interface FoundHolders {
  readonly question: Question;
  /** In any namespace. */
  readonly anywhere: boolean;
  readonly holders: readonly Holder[];
  /** All that counts was read, some of it, or too little to tell of anybody. */
  readonly reading: 'whole' | 'partial' | 'nothing';
  /** What counts and could not be read. */
  readonly unread: readonly UnreadObjects[];
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
}
