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
function refuseBeside(what: string, options: ExplainOptions, words: readonly string[]): void {
  const { sa, forUser, forGroup, subresource, for: task, allNamespaces } = options;
  const isMore = [sa, forUser, subresource, task].some((value) => value !== undefined) || forGroup.length > 0 || allNamespaces;
  if (words.length > 0 || isMore) throw new UsageError(`${what}: nothing else can be asked with it`);
}

export async function run(context: Context, options: ExplainOptions, words: readonly string[]): Promise<ExitCode> {
  const all = options.all || (context.connectionOptions.verbosity ?? 0) > 0;
  if (options.filename.length > 0) {
    refuseBeside('-f tries the objects of files, for yourself', options, words);
    const { explainFiles } = await import('./files.ts');
    return explainFiles(context, options);
  }
  if (options.recursive) throw new UsageError('-R can only be used with -f');
  if (words[0] === PASTED) {
    refuseBeside('"-" reads errors from stdin, which name their own accounts and requests', options, words.slice(1));
    const { explainPasted } = await import('./pasted.ts');
    return explainPasted(context, all, options.output);
  }
  const request = parseQuestion('rbac explain', { options, words, connection: context.connectionOptions });
  const found = await findExplanations(context, request, all);
  await print(context, found, options.output);
  return exitCodeFor([overallAnswer(found)]);
}

async function print({ streams, style, wrap }: Context, found: FoundExplanations, format: string | undefined): Promise<void> {
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
      out.write(wrap(explanationText(found, style)));
  }
}
