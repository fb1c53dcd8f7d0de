import type { Context } from '../../../command/context.ts';
import type { OptionValues } from '../../../command/option.ts';
import { ExitCode, UsageError } from '../../../errors.ts';
import { reportText } from '../../../output/report.ts';
import { escapeText } from '../../../text/escape.ts';
import { warningLine } from '../../../text/warning.ts';
import { parseQuestion } from '../question/request.ts';
import { findFix } from './find.ts';
import type { fixOptions } from './fix.command.ts';
import type { FoundFix } from './found.ts';
import { emptyLine, fixLines, manifest } from './print.ts';
import { fixReport } from './report.ts';

type FixOptions = OptionValues<typeof fixOptions>;

export async function run(context: Context, options: FixOptions, words: readonly string[]): Promise<ExitCode> {
  const request = parseQuestion('rbac fix', { options, words, connection: context.connectionOptions });
  const found = await findFix(context, request, options.subjectGroup || undefined);
  const chosen = chosenIndex(found, options.alternative);
  await print(context, { ...found, chosen }, options.output);
  return exitCodeOf(found);
}

/** The alternative that was asked for, else the first that is not refused to the caller, else the first. */
function chosenIndex({ alternatives }: FoundFix, wanted: number | undefined): number {
  if (wanted === undefined)
    return Math.max(
      0,
      alternatives.findIndex(({ applicable }) => applicable !== 'no'),
    );
  if (wanted > alternatives.length && alternatives.length > 0)
    throw new UsageError(`invalid argument "${wanted}" for "--alternative" flag: there are ${alternatives.length} alternatives`);
  return wanted - 1;
}

const CODES = { fix: ExitCode.ok, nothing: ExitCode.ok, impossible: ExitCode.no, unknown: ExitCode.undetermined } as const;

function exitCodeOf({ state }: FoundFix): ExitCode {
  return CODES[state];
}

async function print(
  { streams: { out, errOut } }: Context,
  found: FoundFix & { readonly chosen: number },
  format: string | undefined,
): Promise<void> {
  for (const note of found.notes) errOut.write(`note: ${escapeText(note)}\n`);
  for (const warning of found.warnings) errOut.write(warningLine(warning));
  for (const line of fixLines(found)) errOut.write(`${escapeText(line)}\n`);
  if (found.state === 'nothing' && format !== 'commands') errOut.write(`${emptyLine(found)}\n`);
  out.write(await dataText(found, format));
}

async function dataText(found: FoundFix & { readonly chosen: number }, format: string | undefined): Promise<string> {
  if (format === 'json') return reportText(fixReport(found, exitCodeOf(found)), 'json');
  const chosen = found.alternatives[found.chosen];
  if (format === 'commands') return (chosen?.commands ?? []).map((command) => `${command}\n`).join('');
  if (chosen === undefined && found.state !== 'nothing') return '';
  const { yamlText } = await import('../../../output/yaml.ts');
  return yamlText(manifest(found));
}
