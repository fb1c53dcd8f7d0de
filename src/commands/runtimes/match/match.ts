import type { Context } from '../../../command/context.ts';
import type { OptionValues } from '../../../command/option.ts';
import type { ExitCode } from '../../../errors.ts';
import { reportingFailure } from '../../ci-failure.ts';
import { decide } from './decide.ts';
import type { Facts } from './facts.ts';
import type { runtimesMatchOptions } from './match.command.ts';
import { exitCodeOf, print } from './print.ts';
import { type MatchRequest, toMatchRequest } from './request.ts';

export async function run(
  context: Context,
  options: OptionValues<typeof runtimesMatchOptions>,
  words: readonly string[],
): Promise<ExitCode> {
  const request = toMatchRequest(options, words, context.connectionOptions);
  return reportingFailure(context, { command: 'runtimes match', format: request.format }, () => askAndPrint(context, request));
}

async function askAndPrint(context: Context, request: MatchRequest): Promise<ExitCode> {
  const facts = await ask(request, context);
  const matches = decide(facts, request.showsAll);
  const exitCode = exitCodeOf(facts, matches);
  await print(context, request, { facts, matches, exitCode });
  return exitCode;
}

/** Only what is needed is loaded: a run without a cluster is a matter of milliseconds. */
async function ask(request: MatchRequest, context: Context): Promise<Facts> {
  if (request.offline) return (await import('./ask-files.ts')).askFiles(request, context);
  return (await import('./ask-cluster.ts')).askCluster(request, context);
}
