import type { AnyCommand } from '../command/command.ts';
import { isTemplateFormat } from '../command/list-options.ts';
import { worstOf } from '../command/worst-of.ts';
import { ExitCode, KserveError, messageOf, UsageError } from '../errors.ts';
import { failureText } from '../output/failure.ts';
import { escapeLines } from '../text/escape.ts';
import { ISSUES_URL } from '../version.ts';
import type { CliHost } from './cli-host.ts';
import { CATALOGUE } from './commands.ts';
import { colorChoice, createContext, type GivenContext, type OwnedContext, withPaintedLabels } from './context.ts';
import { contextPatterns } from './context-patterns.ts';
import { type Invocation, parseCommandLine } from './parse/parse.ts';
import type { Catalogue } from './parse/tree.ts';
import type { Values } from './parse/values.ts';
import { programName } from './program-name.ts';
import { quieted } from './quiet.ts';
import { withoutSecrets } from './without-secrets.ts';
import { withWrappedMessages, wrapFor } from './wrapping.ts';

export type Run = Extract<Invocation, { kind: 'run' }>;
type Misuse = Extract<Invocation, { kind: 'misuse' }>;
type Print = Extract<Invocation, { kind: 'print' }>;

/** Runs one command line. Never throws: every failure becomes text on stderr and a code, here and nowhere else. */
export async function runCli(given: CliHost, catalogue: Catalogue = CATALOGUE): Promise<ExitCode> {
  const invocation = parseCommandLine(given.argv, catalogue);
  const painted = withPaintedLabels(given, invocation.kind === 'print' ? 'auto' : colorChoice(invocation.values));
  // A secret may hold blanks: it must be found before a line is broken there.
  const host = withoutSecrets(withWrappedMessages(painted, await wrapFor(given.streams.errOut)));
  const quiet = quieted(host, invocation.kind === 'run' ? invocation.values : {});
  try {
    switch (invocation.kind) {
      case 'misuse':
        return reportMisuse(invocation, host);
      case 'print':
        return await printHelp(invocation, host, catalogue);
      case 'run':
        return await runCommand(invocation, quiet);
    }
  } catch (error) {
    // What is wrong with the command line is said however quiet it is to be.
    return reportFailure(error, invocation, error instanceof UsageError ? host : quiet);
  }
}

function reportMisuse({ message, place, see }: Pick<Misuse, 'message' | 'place' | 'see'>, host: CliHost): ExitCode {
  const words = [programName(host), ...place.path].join(' ');
  const next = see === 'usage' ? `See '${words} --help' for usage.` : `See '${words} -h' for help and examples`;
  host.streams.errOut.write(`${escapeLines(`error: ${message}`)}\n${next}\n`);
  return ExitCode.misuse;
}

async function printHelp({ place, exitCode }: Print, host: CliHost, catalogue: Catalogue): Promise<ExitCode> {
  const { helpText } = await import('./help/help.ts');
  const out = exitCode === ExitCode.ok ? host.streams.out : host.streams.errOut;
  out.write(await helpText({ place, catalogue, programName: programName(host), columns: out.columns }));
  return exitCode;
}

async function runCommand(run: Run, host: CliHost): Promise<ExitCode> {
  const isInContexts = contextPatterns(run.values).length > 0;
  const work = isInContexts ? executeInContexts : execute;
  if (!isTemplateFormat(run.values.output)) return work(run, host);
  const { executeWithTemplate } = await import('./with-template.ts');
  return executeWithTemplate(run, host, work, run.command.appliesTemplate === true && !isInContexts);
}

async function executeInContexts(run: Run, host: CliHost): Promise<ExitCode> {
  const { runInContexts } = await import('./contexts/run-in-contexts.ts');
  return runInContexts(run, host, { execute, bugText: (error) => bugText(error, host, verbosityOf(run)) });
}

async function execute({ command, values, words }: Run, host: CliHost, given: GivenContext = {}): Promise<ExitCode> {
  const wrap = await wrapFor(host.streams.out);
  const owned = createContext({ ...host, commandName: ['kubectl kserve', ...command.path].join(' ') }, values, wrap, given);
  try {
    const code = await untilAborted(host.signal, start(command, owned, values, words));
    const accepted = code === ExitCode.partial && values.partialOk === true ? ExitCode.ok : code;
    return worstOf([accepted, warningsCode(values, owned, host)]);
  } finally {
    owned.connected()?.close();
  }
}

async function start(command: AnyCommand, { context }: OwnedContext, values: Values, words: readonly string[]): Promise<ExitCode> {
  const { run } = await command.load();
  return run(context, values as never, words);
}

/** Ctrl-C ends at once, whether the command listens to the signal or not. A command whose reader went away may have its answer: that comes first. */
function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => {
    if (signal.reason === 'EPIPE') setImmediate(() => reject(signal.reason));
    else reject(signal.reason);
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', abort));
}

function warningsCode(values: Values, owned: OwnedContext, host: CliHost): ExitCode {
  const count = values.warningsAsErrors === true ? (owned.connected()?.warningCount() ?? 0) : 0;
  if (count === 0) return ExitCode.ok;
  host.streams.errOut.write(`error: ${count} warning${count === 1 ? '' : 's'} received\n`);
  return ExitCode.no;
}

function reportFailure(error: unknown, invocation: Invocation, host: CliHost): ExitCode {
  if (host.signal.aborted) return abortedCode(host.signal.reason);
  if (error instanceof UsageError && error.hint === undefined && invocation.kind === 'run') {
    return reportMisuse(
      { message: error.message, place: { path: invocation.command.path, command: invocation.command }, see: 'usage' },
      host,
    );
  }
  if (error instanceof KserveError) {
    host.streams.errOut.write(`${failureText(error)}\n`);
    return error.exitCode;
  }
  host.streams.errOut.write(bugText(error, host, invocation.kind === 'run' ? verbosityOf(invocation) : 0));
  return ExitCode.undetermined;
}

function verbosityOf({ values }: Run): number {
  return Number(values.v ?? 0);
}

function abortedCode(reason: unknown): ExitCode {
  if (reason === 'EPIPE') return ExitCode.ok;
  return reason === 'SIGTERM' ? ExitCode.terminated : ExitCode.interrupted;
}

/** The places of a stack, without the message that it begins with. */
function framesOf({ stack = '' }: Error): string {
  return (stack.match(/^ {4}at .*$/gm) ?? []).join('\n');
}

/** An error that nobody foresaw. The stack may show values of the user's cluster, so it is for `-v=8` only. */
function bugText(error: unknown, { build }: Pick<CliHost, 'build'>, verbosity: number): string {
  const message = error instanceof Error ? `${error.name}: ${messageOf(error)}` : 'unknown error';
  const stack = verbosity >= 8 && error instanceof Error ? `\n${framesOf(error)}` : '';
  const text = `error: internal error: ${message}\nhint: This is a bug in kubectl-kserve ${build.version}. Please report it at ${ISSUES_URL} with the output of the same command and -v=8.${stack}`;
  return `${escapeLines(text)}\n`;
}
