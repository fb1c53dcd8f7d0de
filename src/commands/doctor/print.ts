import type { Context } from '../../command/context.ts';
import { reaches } from '../../domain/doctor/report.ts';
import type { ExitCode } from '../../errors.ts';
import { reportText } from '../../output/report.ts';
import { escapeText } from '../../text/escape.ts';
import { absentText, emptyText } from './absent-text.ts';
import type { Examined } from './examined.ts';
import { toJsonReport } from './json-report.ts';
import { textReport } from './report-text.ts';
import type { DoctorRequest } from './request.ts';
import { unreadSummary, unreadText } from './unread-text.ts';

/** Writes what was found: data on stdout; what could not be read on stderr, where the format has no place for it. */
export async function printReport(context: Context, request: DoctorRequest, examined: Examined, code: ExitCode): Promise<void> {
  const { out, errOut } = context.streams;
  if (request.quiet) reasonLines(examined, request).forEach((line) => void errOut.write(`${line}\n`));
  else if (context.table !== undefined && isOverview(request)) {
    const { overviewTable } = await import('./overview-table.ts');
    context.table(overviewTable(examined.report));
  } else out.write(await formatted(context, request, examined, code));
  const unread = context.table !== undefined && request.format !== 'wide' ? unreadSummary : unreadText;
  const isForPrograms = request.format === 'json' || request.format === 'yaml';
  const forPeople = isForPrograms ? [] : [...emptyText(examined), ...(examined.notes ?? []), ...unread(examined.report.unread, context)];
  const notes = [...absentText(examined).map(({ message }) => `error: ${message}`), ...forPeople];
  if (notes.length > 0) errOut.write(`${notes.join('\n')}\n`);
}

/** For `-q`: the findings that decide the exit code, a line each. */
function reasonLines({ report }: Examined, { failOn }: DoctorRequest): readonly string[] {
  return report.findings
    .filter((finding) => reaches(failOn, finding))
    .map(({ severity, object, message, code }) => {
      const place = object.namespace === undefined ? '' : `${object.namespace}/`;
      return escapeText(`${severity}: ${object.kind} ${place}${object.name}: ${message} (${code})`);
    });
}

/** What was named is worth the whole report. */
function isOverview({ format, targets, files }: DoctorRequest): boolean {
  return format === 'text' && targets.length === 0 && files.length === 0;
}

/** Each format is loaded only where it is asked for. */
async function formatted(context: Context, request: DoctorRequest, examined: Examined, code: ExitCode): Promise<string> {
  const { style, build } = context;
  const { report } = examined;
  switch (request.format) {
    case 'json':
    case 'yaml':
      return reportText(toJsonReport(examined, code), request.format);
    case 'github':
    case 'junit':
    case 'sarif': {
      const { toCiReport } = await import('./ci-report.ts');
      const { ciText } = await import('../../output/ci/report.ts');
      return ciText(toCiReport(examined, request, { version: build.version, exitCode: code }), request.format);
    }
    case 'mermaid': {
      const { mermaidReport } = await import('./mermaid.ts');
      return mermaidReport(report.services);
    }
    case 'name':
      return names(examined, request);
    case 'wide':
    case 'text':
      return context.wrap(textReport(examined, { style, showChain: request.showChain }, context));
  }
}

/** Services with a finding that counts, as kubectl takes them back. */
function names({ report }: Examined, { failOn }: DoctorRequest): string {
  const services = report.services.filter(({ findings }) => findings.some((finding) => reaches(failOn, finding)));
  return services.map(({ kind, name }) => `${escapeText(`${kind.toLowerCase()}.serving.kserve.io/${name}`)}\n`).join('');
}
