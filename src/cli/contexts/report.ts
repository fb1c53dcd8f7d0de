import { ClusterError, ExitCode, KserveError, messageOf } from '../../errors.ts';
import { REPORT_VERSION } from '../../output/report.ts';
import { parseExactly } from '../../text/raw-json.ts';
import type { ContextAnswer } from './one-context.ts';

/** Why there is no report of a context. */
interface ContextError {
  readonly reason: string;
  readonly message: string;
  readonly hint?: string;
}

/** `ContextReportList` of `docs/schema`: what the command reports of each context, as it does for one. */
export function toReport(answers: readonly ContextAnswer[], exitCode: ExitCode): object {
  return {
    apiVersion: REPORT_VERSION,
    kind: 'ContextReportList',
    items: answers.map(toItem),
    summary: {
      contexts: answers.length,
      unanswered: answers.filter((answer) => answer.exitCode === ExitCode.undetermined).length,
      exitCode,
    },
  };
}

function toItem({ context, exitCode, output, messages, error }: ContextAnswer): object {
  if (output !== '') return { context, exitCode, report: parseExactly(output) };
  const why = toError(error, messages);
  return { context, exitCode, ...(why && { error: why }) };
}

function toError(error: unknown, messages: readonly string[]): ContextError | undefined {
  if (error instanceof KserveError) return { reason: reasonOf(error), message: error.message, ...(error.hint && { hint: error.hint }) };
  if (error !== undefined) return { reason: 'InternalError', message: messageOf(error) };
  // Such as that KServe is not installed: said on stderr alone.
  return messages.length === 0 ? undefined : { reason: 'Unanswered', message: messages.join('').trimEnd() };
}

function reasonOf(error: KserveError): string {
  return error instanceof ClusterError ? error.reason : error.name;
}
