import type { Context } from '../../command/context.ts';
import type { OptionValues } from '../../command/option.ts';
import { reaches } from '../../domain/doctor/report.ts';
import { ExitCode } from '../../errors.ts';
import { reportingFailure } from '../ci-failure.ts';
import type { doctorOptions } from './doctor.command.ts';
import type { Examined } from './examined.ts';
import { examineCluster } from './live.ts';
import { printReport } from './print.ts';
import { type DoctorRequest, toDoctorRequest } from './request.ts';
import type { Waited } from './until-healthy.ts';
import { withConnection } from './with-connection.ts';

export async function run(context: Context, options: OptionValues<typeof doctorOptions>, words: readonly string[]): Promise<ExitCode> {
  if (options.explain !== undefined) {
    const { explain } = await import('./explain.ts');
    return explain(context, options.explain);
  }
  const request = toDoctorRequest(options, words, context.connectionOptions);
  return reportingFailure(context, { command: 'doctor', format: request.format }, () => examineAndPrint(context, request));
}

async function examineAndPrint(context: Context, request: DoctorRequest): Promise<ExitCode> {
  const { examined: found, timedOut } = await examine(context, request);
  const examined = { ...found, report: withConnection(found.report, context.connectionOptions) };
  const code = timedOut ? ExitCode.timedOut : exitCodeOf(examined, request);
  await printReport(context, request, examined, code);
  return code;
}

/** Code for files and for waiting is loaded only where it is needed. */
async function examine(context: Context, request: DoctorRequest): Promise<Waited> {
  if (request.files.length > 0) {
    const { examineFiles } = await import('./files.ts');
    return { examined: await examineFiles(context, request), timedOut: false };
  }
  const look = () => examineCluster(context, request);
  if (request.wait === undefined) return { examined: await look(), timedOut: false };
  const { untilHealthy } = await import('./until-healthy.ts');
  return untilHealthy(context, request.wait, look);
}

/** A finding outranks what could not be read; a file that is to be applied and cannot be read outranks both. */
function exitCodeOf({ report, missing, searched, lacksFile }: Examined, { failOn }: DoctorRequest): ExitCode {
  if (lacksFile) return ExitCode.misuse;
  if (missing.length > 0 || searched.namespaceState === 'absent' || report.findings.some((finding) => reaches(failOn, finding)))
    return ExitCode.no;
  return report.unread.length > 0 ? ExitCode.partial : ExitCode.ok;
}
