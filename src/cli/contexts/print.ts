import type { ExitCode } from '../../errors.ts';
import { reportText, toReportFormat } from '../../output/report.ts';
import { escapeText } from '../../text/escape.ts';
import type { CliHost } from '../cli-host.ts';
import { colorChoice, styleOn } from '../context.ts';
import type { Run } from '../run.ts';
import { contextLabel, withContext } from './messages.ts';
import type { ContextAnswer } from './one-context.ts';

/** Writes the answers as one, in the order of the contexts, and behind it what they have for stderr. */
export async function printAnswers(answers: readonly ContextAnswer[], exitCode: ExitCode, run: Run, host: CliHost): Promise<void> {
  const { out, errOut } = host.streams;
  const text = await outputText(answers, exitCode, run, host);
  if (text !== '') out.write(text);
  for (const answer of answers) {
    for (const message of isSilent(answer) && !run.values.quiet ? NOTHING : answer.messages)
      errOut.write(withContext(message, answer.context));
  }
  for (const more of new Set(answers.flatMap(({ tables }) => tables.flatMap(({ wideShows }) => wideShows ?? [])))) {
    errOut.write(`note: -o wide shows ${more}\n`);
  }
}

/** No context is without a word. */
const NOTHING: readonly string[] = ['nothing to show\n'];

function isSilent({ messages, output, tables }: ContextAnswer): boolean {
  return messages.length === 0 && output === '' && tables.every(({ rows }) => rows.length === 0);
}

async function outputText(answers: readonly ContextAnswer[], exitCode: ExitCode, { values }: Run, host: CliHost): Promise<string> {
  const format = toReportFormat(String(values.output));
  if (format !== undefined) return reportText((await import('./report.ts')).toReport(answers, exitCode), format);
  if (values.output === 'name') return answers.map(nameLines).join('');
  const tables = answers.flatMap(({ context, tables }) => tables.map((table) => ({ context, table })));
  const texts = answers.filter(({ output }) => output !== '').map(({ context, output }) => `${contextLabel(context)}:\n${output}`);
  return [...(tables.length === 0 ? [] : [await tableText(tables, values, host)]), ...texts].filter((text) => text !== '').join('\n');
}

async function tableText(
  tables: readonly { readonly context: string; readonly table: ContextAnswer['tables'][number] }[],
  values: Run['values'],
  { streams: { out }, env }: CliHost,
): Promise<string> {
  const { renderContexts } = await import('./table.ts');
  return renderContexts(tables, {
    headers: values.noHeaders !== true,
    terminalWidth: out.isTTY ? out.columns : undefined,
    style: styleOn(out, colorChoice(values), env),
  });
}

/** With the context before a tab, as a script reads it. */
function nameLines({ context, output }: ContextAnswer): string {
  const lines = output.split('\n').filter((line) => line !== '');
  return lines.map((line) => `${escapeText(context)}\t${line}\n`).join('');
}
