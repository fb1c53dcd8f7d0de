import type { Context } from '../../../command/context.ts';
import type { OptionValues } from '../../../command/option.ts';
import { ExitCode, UsageError } from '../../../errors.ts';
import { failureText } from '../../../output/failure.ts';
import { REPORT_VERSION, reportText, toReportFormat } from '../../../output/report.ts';
import { escapeLines, escapeText } from '../../../text/escape.ts';
import { type NamedRuntime, notFoundText, parseRuntime } from '../reading/named-runtime.ts';
import type { Missing, Outcome, Unread } from './decide.ts';
import type { runtimesDescribeOptions } from './describe.command.ts';

type Options = OptionValues<typeof runtimesDescribeOptions>;

export async function run(context: Context, options: Options, words: readonly string[]): Promise<ExitCode> {
  const names = words.flatMap((word) => word.split(',')).map(parseRuntime);
  if (names.length > 0 === options.filename.length > 0) throw new UsageError('name runtimes, or files with -f');
  if (options.recursive && options.filename.length === 0) throw new UsageError('-R can only be used with -f');
  const { outcome, messages } = await find(names, options, context);
  const { out, errOut } = context.streams;
  const text = await outputText(outcome, options.output, context);
  if (text !== '') out.write(text);
  if (messages.length > 0) errOut.write(`${messages.join('\n')}\n`);
  return outcome.exitCode;
}

interface Found {
  readonly outcome: Outcome;
  /** For stderr, escaped. */
  readonly messages: readonly string[];
}

async function find(names: readonly NamedRuntime[], { filename, recursive }: Options, context: Context): Promise<Found> {
  if (filename.length > 0) {
    const { describeFiles } = await import('./files.ts');
    return { outcome: await describeFiles(filename, recursive, context), messages: [] };
  }
  const [{ askRuntime }, { decide }, { installationMessages }] = await Promise.all([
    import('./ask.ts'),
    import('./decide.ts'),
    import('../reading/messages.ts'),
  ]);
  const answers = await askRuntime(names, context);
  const { state, absent, listed } = answers.reading;
  const outcome = decide(names, answers);
  const isInstalled = state !== 'notInstalled' && state !== 'legacy';
  const installation =
    listed.length === 0 || absent.some(({ scope }) => scope === 'namespace') ? installationMessages(answers.reading) : [];
  if (!isInstalled) return { outcome: { ...outcome, missing: [], exitCode: ExitCode.undetermined }, messages: installation };
  return { outcome, messages: [...outcome.missing.map(missingText), ...outcome.unread.map(unreadText), ...installation] };
}

function missingText({ named, otherScope, near }: Missing): string {
  if (otherScope !== undefined) {
    const other = otherScope === 'cluster' ? 'ClusterServingRuntime' : 'ServingRuntime';
    return `${notFoundText(named)}\nhint: There is a ${other} of that name: describe ${other.toLowerCase()}/${escapeText(named.name)}`;
  }
  return notFoundText(named, near);
}

function unreadText({ error, hint, hides }: Unread): string {
  return `${failureText(error)}\nnote: not known: ${escapeText(hides)}${hint === undefined ? '' : `\nhint: ${escapeLines(hint)}`}`;
}

async function outputText({ runtimes, unread, missing, exitCode }: Outcome, output: string | undefined, context: Context): Promise<string> {
  const format = toReportFormat(output);
  if (format === undefined) {
    if (runtimes.length === 0) return '';
    const { descriptionText } = await import('./text.ts');
    const look = { style: context.style, terminalWidth: context.streams.out.columns };
    const texts = await Promise.all(runtimes.map((runtime) => descriptionText(runtime, context.now(), look)));
    return context.wrap(texts.join('\n\n'));
  }
  const report = {
    apiVersion: REPORT_VERSION,
    kind: 'RuntimeDescription',
    runtimes,
    unread: [...unread.map(toUnreadEntry), ...missing.map(toMissingEntry)],
    summary: { exitCode },
  };
  // YAML cannot say that a field is absent.
  return reportText(JSON.parse(JSON.stringify(report)), format);
}

function toUnreadEntry({ resource, namespace, name, hides, error, hint }: Unread): object {
  return { resource, namespace, name, hides, reason: error.reason, message: error.message, hint: hint ?? error.hint };
}

function toMissingEntry({ named }: Missing): object {
  return { resource: 'runtimes', name: named.name, hides: 'the runtime', reason: 'NotFound', message: `there is no runtime ${named.name}` };
}
