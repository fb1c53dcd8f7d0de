import type { Context } from '../../command/context.ts';
import type { OptionValues } from '../../command/option.ts';
import { CODES, catalogueEntry, isCode } from '../../domain/doctor/catalogue/catalogue.ts';
import { reaches } from '../../domain/doctor/report.ts';
import { ExitCode, UsageError } from '../../errors.ts';
import { didYouMean } from '../../text/did-you-mean.ts';
import type { doctorOptions } from './doctor.command.ts';
import type { Examined } from './examined.ts';
import { explanation } from './explain.ts';
import { examineFiles } from './files.ts';
import { examineCluster } from './live.ts';
import { printReport } from './print.ts';
import { type DoctorRequest, toDoctorRequest } from './request.ts';
import { untilHealthy, type Waited } from './until-healthy.ts';

export async function run(context: Context, options: OptionValues<typeof doctorOptions>, words: readonly string[]): Promise<ExitCode> {
  if (options.explain !== undefined) return explain(context, options.explain);
  const request = toDoctorRequest(options, words, context.connectionOptions);
  const { examined, timedOut } = await examine(context, request);
  const code = timedOut ? ExitCode.timedOut : exitCodeOf(examined, request);
  await printReport(context, request, examined, code);
  return code;
}

async function examine(context: Context, request: DoctorRequest): Promise<Waited> {
  if (request.files.length > 0) return { examined: await examineFiles(context, request), timedOut: false };
  const look = () => examineCluster(context, request);
  return request.wait === undefined ? { examined: await look(), timedOut: false } : untilHealthy(context, request.wait, look);
}

function explain({ streams }: Context, code: string): ExitCode {
  if (!isCode(code)) {
    const near = didYouMean(code, CODES);
    throw new UsageError(`no finding has the code ${JSON.stringify(code)}`, {
      hint: near === undefined ? 'docs/findings.md lists all codes.' : `Did you mean "${near}"?`,
    });
  }
  streams.out.write(explanation(code, catalogueEntry(code)));
  return ExitCode.ok;
}

/** A finding outranks what could not be read; nothing read at all outranks both. */
function exitCodeOf({ report, missing }: Examined, { failOn }: DoctorRequest): ExitCode {
  if (missing.length > 0 || report.findings.some((finding) => reaches(failOn, finding))) return ExitCode.no;
  return report.unread.length > 0 ? ExitCode.partial : ExitCode.ok;
}
