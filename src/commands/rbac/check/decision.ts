import { isUrlRequest } from '../../../domain/rbac/access-review.ts';
import { type AnsweredQuestion, answerTo } from '../../../domain/rbac/question.ts';
import { type Answer, answerOf } from '../../../domain/rbac/verdict.ts';
import { ExitCode } from '../../../errors.ts';
import type { FoundAccess } from './found.ts';

/** How many questions were answered how; a kind that is not installed is counted by its verdict too. */
export interface Summary {
  readonly answer: Answer;
  readonly total: number;
  readonly allowed: number;
  readonly denied: number;
  readonly unknown: number;
  /** Rights beyond the task. */
  readonly excess: number;
  /** Kinds that are not installed, as `plural.group`. */
  readonly notInstalled: readonly string[];
}

function overall(answers: readonly Answer[], hasExcess: boolean): Answer {
  if (answers.includes('unknown')) return 'unknown';
  return answers.includes('no') || hasExcess ? 'no' : 'yes';
}

function missingKinds(questions: readonly AnsweredQuestion[]): readonly string[] {
  const missing = questions.filter(({ installed }) => installed === 'no').map(({ request }) => request);
  const names = missing.map((request) =>
    isUrlRequest(request) ? '' : [request.resource, request.group].filter((part) => part !== '').join('.'),
  );
  return [...new Set(names)];
}

export function summarize({
  questions,
  excess = [],
  acceptsUnknown,
}: Pick<FoundAccess, 'questions' | 'excess' | 'acceptsUnknown'>): Summary {
  const verdicts = questions.map(({ verdict }) => answerOf(verdict));
  const beyond = excess.map(({ verdict }) => answerOf(verdict));
  const answers = questions.map((question) => answerTo(question, acceptsUnknown));
  const unknownBeyond = beyond.filter((answer) => answer === 'unknown');
  return {
    answer: overall([...answers, ...unknownBeyond], beyond.includes('yes')),
    total: questions.length,
    allowed: verdicts.filter((answer) => answer === 'yes').length,
    denied: verdicts.filter((answer) => answer === 'no').length,
    unknown: verdicts.filter((answer) => answer === 'unknown').length,
    excess: beyond.filter((answer) => answer === 'yes').length,
    notInstalled: missingKinds(questions),
  };
}

const CODES: Readonly<Record<Answer, ExitCode>> = { yes: ExitCode.ok, no: ExitCode.no, unknown: ExitCode.undetermined };

export function exitCodeOf(found: FoundAccess): ExitCode {
  return found.isLate ? ExitCode.timedOut : CODES[summarize(found).answer];
}
