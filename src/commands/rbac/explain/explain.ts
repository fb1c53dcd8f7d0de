import type { Context } from '../../../command/context.ts';
import type { OptionValues } from '../../../command/option.ts';
import { type ExitCode, UsageError } from '../../../errors.ts';
import { reportText } from '../../../output/report.ts';
import { parseQuestion } from '../question/request.ts';
import { exitCodeFor, overallAnswer } from './decision.ts';
import type { explainOptions } from './explain.command.ts';
import { findExplanations } from './find.ts';
import type { FoundExplanations } from './found.ts';

type ExplainOptions = OptionValues<typeof explainOptions>;

/** In place of words: errors come from stdin. */
const PASTED = '-';

/** @throws UsageError */
function refuseBesidePasted(options: ExplainOptions, words: readonly string[]): void {
  const { sa, forUser, forGroup, subresource, for: task, allNamespaces } = options;
  const isMore = [sa, forUser, subresource, task].some((value) => value !== undefined) || forGroup.length > 0 || allNamespaces;
  if (words.length > 1 || isMore)
    throw new UsageError('"-" reads errors from stdin, which name their own accounts and requests: nothing else can be asked with it');
}

export async function run(context: Context, options: ExplainOptions, words: readonly string[]): Promise<ExitCode> {
  const all = options.all || (context.connectionOptions.verbosity ?? 0) > 0;
  if (words[0] === PASTED) {
    refuseBesidePasted(options, words);
    const { explainPasted } = await import('./pasted.ts');
    return explainPasted(context, all, options.output);
  }
  const request = parseQuestion('rbac explain', { options, words, connection: context.connectionOptions });
  const found = await findExplanations(context, request, all);
  await print(context, found, options.output);
  return exitCodeFor([overallAnswer(found)]);
}

async function print({ streams, style }: Context, found: FoundExplanations, format: string | undefined): Promise<void> {
  const { out, errOut } = streams;
  const { explanationText, stderrLines } = await import('./print.ts');
  for (const line of stderrLines(found)) errOut.write(line);
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
