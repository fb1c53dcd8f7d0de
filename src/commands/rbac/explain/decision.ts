import { worstOf } from '../../../command/worst-of.ts';
import { answerTo } from '../../../domain/rbac/question.ts';
import type { Answer } from '../../../domain/rbac/verdict.ts';
import { ExitCode } from '../../../errors.ts';
import type { FoundExplanations } from './found.ts';

const CODES: Readonly<Record<Answer, ExitCode>> = { yes: ExitCode.ok, no: ExitCode.no, unknown: ExitCode.undetermined };

/** As those of `rbac check`: what could not be read changes none. */
export function exitCodeFor(answers: readonly Answer[]): ExitCode {
  return worstOf(answers.map((answer) => CODES[answer]));
}

function answersOf({ explained, acceptsUnknown }: FoundExplanations): readonly Answer[] {
  return explained.map(({ question }) => answerTo(question, acceptsUnknown));
}

export function overallAnswer(found: FoundExplanations): Answer {
  const answers = answersOf(found);
  return (['unknown', 'no'] as const).find((answer) => answers.includes(answer)) ?? 'yes';
}
