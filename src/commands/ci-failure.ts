import type { Context } from '../command/context.ts';
import { ExitCode, KserveError, messageOf, UsageError } from '../errors.ts';
import { type CiReport, ciText, isCiFormat } from '../output/ci/report.ts';
import { failureText, withoutLabel } from '../output/failure.ts';

/** Does the work of a command. What ends it is in a report for a CI system too: who reads only that would take an empty file for success. */
export async function reportingFailure(
  { streams, signal, build }: Pick<Context, 'streams' | 'signal' | 'build'>,
  { command, format }: { readonly command: string; readonly format: string },
  work: () => Promise<ExitCode>,
): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    if (isCiFormat(format) && !signal.aborted && !(error instanceof UsageError)) {
      streams.out.write(await ciText(failureReport(error, command, build.version), format));
    }
    throw error;
  }
}

function failureReport(error: unknown, command: string, version: string): CiReport {
  const exitCode = error instanceof KserveError ? error.exitCode : ExitCode.undetermined;
  return {
    command,
    version,
    exitCode,
    suites: [],
    findings: [],
    problems: [{ name: command, code: 'failed', message: textOf(error), severity: 'error' }],
  };
}

/** As on stderr; the label is told by the format. */
function textOf(error: unknown): string {
  return error instanceof KserveError ? withoutLabel(failureText(error)) : `internal error: ${messageOf(error)}`;
}
