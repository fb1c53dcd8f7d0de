import type { Context } from '../../../command/context.ts';
import type { OptionValues } from '../../../command/option.ts';
import type { ExitCode } from '../../../errors.ts';
import { reportText } from '../../../output/report.ts';
import { escapeText } from '../../../text/escape.ts';
import { warningLine } from '../../../text/warning.ts';
import { parseQuestion } from '../question/request.ts';
import { exitCodeFor, overallAnswer } from './decision.ts';
import type { explainOptions } from './explain.command.ts';
import { findExplanations } from './find.ts';
import type { FoundExplanations } from './found.ts';

type ExplainOptions = OptionValues<typeof explainOptions>;

export async function run(context: Context, options: ExplainOptions, words: readonly string[]): Promise<ExitCode> {
  const request = parseQuestion('rbac explain', { options, words, connection: context.connectionOptions });
  const all = options.all || (context.connectionOptions.verbosity ?? 0) > 0;
  const found = await findExplanations(context, request, all);
  await print(context, found, options.output);
  return exitCodeFor([overallAnswer(found)]);
}

async function print({ streams, style }: Context, found: FoundExplanations, format: string | undefined): Promise<void> {
  const { out, errOut } = streams;
  const { explanationText, unreadLines } = await import('./print.ts');
  for (const note of found.notes) errOut.write(`note: ${escapeText(note)}\n`);
  for (const warning of found.warnings) errOut.write(warningLine(warning));
  for (const line of unreadLines(found)) errOut.write(`note: ${escapeText(line)}\n`);
  switch (format) {
    case 'json':
    case 'yaml': {
      const { explanationReport } = await import('./report.ts');
      out.write(await reportText(explanationReport(found), format));
      return;
    }
    case 'mermaid': {
      const { explanationDiagram } = await import('./diagram.ts');
      out.write(explanationDiagram(found));
      return;
    }
    default:
      out.write(explanationText(found, style));
  }
}
