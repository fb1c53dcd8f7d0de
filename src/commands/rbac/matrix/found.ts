import type { AnsweredQuestion } from '../../../domain/rbac/question.ts';
import type { Inquiry } from '../question/inquiry.ts';

/** All that an account may do, before it is shown. */
export interface FoundMatrix {
  readonly inquiry: Inquiry;
  readonly questions: readonly AnsweredQuestion[];
  readonly warnings: readonly string[];
}
