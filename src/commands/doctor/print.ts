import type { Context } from '../../command/context.ts';
import { reaches } from '../../domain/doctor/report.ts';
import type { ExitCode } from '../../errors.ts';
import { reportText } from '../../output/report.ts';
import { escapeText } from '../../text/escape.ts';
import type { Examined } from './examined.ts';
import { toJsonReport } from './json-report.ts';
import { emptyText, missingText, textReport, unreadText } from './messages.ts';
import type { DoctorRequest } from './request.ts';

/** Writes what was found: data on stdout; what could not be read on stderr, where the format has no place for it. */
export async function printReport(context: Context, request: DoctorRequest, examined: Examined, code: ExitCode): Promise<void> {
  const { out, errOut } = context.streams;
  out.write(await formatted(context, request, examined, code));
  const isForPrograms = request.format === 'json' || request.format === 'yaml';
  const forPeople = isForPrograms ? [] : [...emptyText(examined), ...unreadText(examined.report.unread, context)];
  const notes = [...missingText(examined), ...forPeople];
  if (notes.length > 0) errOut.write(`${notes.join('\n')}\n`);
}

/** Each format is loaded only where it is asked for. */
async function formatted(context: Context, request: DoctorRequest, examined: Examined, code: ExitCode): Promise<string> {
  const { style, build } = context;
  const { report } = examined;
  switch (request.format) {
    case 'json':
    case 'yaml':
      return reportText(toJsonReport(examined, code), request.format);
    case 'junit': {
      const { junitReport } = await import('./formats/junit.ts');
      return junitReport(examined, request.failOn);
    }
    case 'sarif': {
      const { sarifReport } = await import('./formats/sarif.ts');
      return sarifReport(report.findings, build.version);
    }
    case 'github': {
      const { githubReport } = await import('./formats/github.ts');
      return githubReport(report.findings);
    }
    case 'mermaid': {
      const { mermaidReport } = await import('./formats/mermaid.ts');
      return mermaidReport(report.services);
    }
    case 'name':
      return names(examined, request);
    case 'wide':
    case 'text':
      return textReport(examined, { style, showChain: request.showChain });
  }
}

/** Services with a finding that counts, as kubectl takes them back. */
function names({ report }: Examined, { failOn }: DoctorRequest): string {
  const services = report.services.filter(({ findings }) => findings.some((finding) => reaches(failOn, finding)));
  return services.map(({ kind, name }) => `${escapeText(`${kind.toLowerCase()}.serving.kserve.io/${name}`)}\n`).join('');
}
