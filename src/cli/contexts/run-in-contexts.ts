import { limitInFlight } from '../../async/in-flight.ts';
import { worstOf } from '../../command/worst-of.ts';
import { createProgress } from '../../commands/progress.ts';
import { ExitCode } from '../../errors.ts';
import { escapeText } from '../../text/escape.ts';
import type { CliHost } from '../cli-host.ts';
import { contextPatterns } from '../context-patterns.ts';
import { toConnectionOptions } from '../options.ts';
import type { Run } from '../run.ts';
import { answerOf, type ContextAnswer, type ForOneContext, isMisuse } from './one-context.ts';
import { printAnswers } from './print.ts';
import { checkCombination } from './refused.ts';
import { contextNames, selectContexts } from './select-contexts.ts';

/** Contexts that are asked at a time. */
const IN_FLIGHT = 16;

/** Names of those that are waited for. */
const MOST_NAMES = 16;

/** Milliseconds after which somebody at a terminal wants to know what takes so long. */
const PATIENCE = 1000;

/**
 * Runs a command once in each context that `--contexts` selects, all at once, and prints one answer. What fails in one of them stands beside the others;
 * a command line or a file that is wrong in all of them rejects with that error.
 */
export async function runInContexts(run: Run, host: CliHost, forOne: ForOneContext): Promise<ExitCode> {
  checkCombination(run);
  const [{ loadKubeconfig }, { sharePlugins }] = await Promise.all([
    import('../../cluster/kubeconfig/kubeconfig.ts'),
    import('../../cluster/credentials/shared-plugins.ts'),
  ]);
  const loaded = await loadKubeconfig(toConnectionOptions(run.values), host);
  const contexts = selectContexts(contextPatterns(run.values), contextNames(loaded));
  const plugins = sharePlugins();
  const { errOut } = host.streams;
  const shared = { loaded, plugins, stderr: errOut.isTTY ? ('inherit' as const) : errOut.write };
  const own: CliHost = {
    ...host,
    streams: { ...host.streams, in: readOnce(host.streams.in) },
    connect: (options, self) => host.connect(options, self, shared),
  };
  const waiting = new Set(contexts);
  const watch = showWaiting(host, { waiting, of: contexts.length, isQuiet: plugins.haveRun });
  const limit = limitInFlight(IN_FLIGHT);
  const answers = await Promise.all(
    contexts.map((context) =>
      limit(async () => {
        host.signal.throwIfAborted();
        const answer = await answerOf(context, run, own, forOne);
        waiting.delete(context);
        watch.update();
        return answer;
      }),
    ),
  ).finally(watch.end);
  if (answers.every(isMisuse)) throw answers[0]?.error;
  const exitCode = codeOf(answers);
  await printAnswers(answers, exitCode, run, host);
  return exitCode === ExitCode.partial && run.values.partialOk === true ? ExitCode.ok : exitCode;
}

/** Where others answered, one that could not be determined makes the answer partial. @internal */
export function codeOf(answers: readonly Pick<ContextAnswer, 'exitCode'>[]): ExitCode {
  const codes = answers.map(({ exitCode }) => exitCode);
  const isPart = codes.some((code) => code !== ExitCode.undetermined);
  return worstOf(codes.map((code) => (isPart && code === ExitCode.undetermined ? ExitCode.partial : code)));
}

/** Stdin ends, and each context wants all of it. */
function readOnce(stream: CliHost['streams']['in']): CliHost['streams']['in'] {
  let read: Promise<Buffer> | undefined;
  return {
    get isTTY() {
      return stream.isTTY;
    },
    readAll: (mostBytes) => {
      read ??= stream.readAll(mostBytes);
      return read;
    },
    lines: stream.lines,
  };
}

interface Waiting {
  readonly waiting: ReadonlySet<string>;
  readonly of: number;
  /** Something else may have written to the terminal. */
  readonly isQuiet: () => boolean;
}

/** On a terminal, says which contexts have not answered yet. */
function showWaiting({ streams, env }: CliHost, { waiting, of, isQuiet }: Waiting) {
  const progress = createProgress({ streams, env }, 'nothing');
  let isLate = false;
  const update = (): void => {
    if (!isLate || isQuiet() || waiting.size === 0) return;
    // A line holds few of thousands.
    const names = [...waiting].slice(0, MOST_NAMES).map(escapeText);
    progress.show(`waiting for ${waiting.size} of ${of} contexts: ${names.join(', ')}${names.length < waiting.size ? ', …' : ''}`);
  };
  const timer = setTimeout(() => {
    isLate = true;
    update();
  }, PATIENCE);
  const end = (): void => {
    clearTimeout(timer);
    // What is above the cursor may be what a plugin said.
    if (!isQuiet()) progress.clear();
  };
  return { update, end };
}
