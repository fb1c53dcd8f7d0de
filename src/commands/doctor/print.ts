import type { Context } from '../../command/context.ts';
import type { ExitCode } from '../../errors.ts';
import { reportText } from '../../output/report.ts';
import type { Examined } from './examined.ts';
import { toJsonReport } from './json-report.ts';
import { missingText, textReport, unreadText } from './messages.ts';
import type { DoctorRequest } from './request.ts';

/** Writes what was found: data on stdout, what could not be read on stderr as well. */
export async function printReport({ streams, style }: Context, request: DoctorRequest, examined: Examined, code: ExitCode): Promise<void> {
  const { out, errOut } = streams;
  switch (request.format) {
    case 'json':
    case 'yaml':
      out.write(await reportText(toJsonReport(examined, code), request.format));
      break;
    case 'text':
      out.write(textReport(examined, { style, showChain: request.showChain, columns: out.isTTY ? (out.columns ?? 80) : undefined }));
      break;
  }
  const notes = [...missingText(examined.missing), ...(request.format === 'text' ? unreadText(examined.report.unread) : [])];
  if (notes.length > 0) errOut.write(`${notes.join('\n')}\n`);
}
