import type { Cluster, ListResult } from '../../../cluster/cluster.ts';
import type { Context } from '../../../command/context.ts';
import { ClusterError, type ExitCode } from '../../../errors.ts';
import { printListing } from '../../../output/printer.ts';
import { type NamespaceState, namespaceState } from '../../../queries/namespace-state.ts';
import type { RuntimeAnswers } from '../../../queries/runtimes.ts';
import { toReading } from '../reading/reading.ts';
import { decide, type ListOutcome } from './outcome.ts';
import { asksNamespace, type ListRequest, namespaceAsked } from './request.ts';
import { type RuntimeRow, runtimesView } from './view.ts';

/** A request, and what was answered. */
export interface ListInput {
  readonly context: Context;
  readonly request: ListRequest;
  readonly cluster: Cluster;
  /** The one in use. */
  readonly namespace: string;
  readonly answers: RuntimeAnswers<RuntimeRow>;
}

/** Prints what the answers mean. Rejects with a ClusterError if nothing can be said but why. */
export async function report(input: ListInput): Promise<ExitCode> {
  const { context, request, namespace, answers } = input;
  const { programName, connectionOptions } = context;
  const reader = { programName, connectionOptions, words: ['runtimes', 'list'] };
  const reading = toReading(answers, (scope) => namespaceAsked(request, scope, namespace), reader);
  const outcome = decide({ request, reading, namespace, namespaceState: await stateOfNamespace(input) });
  await print(context, request, outcome);
  return outcome.exitCode;
}

/** An absent namespace is answered with an empty list: whether it exists is worth a request only then. */
async function stateOfNamespace({ request, cluster, namespace, answers }: ListInput): Promise<NamespaceState> {
  const isWorthIt = asksNamespace(request) && answers.answers.every(({ result }) => isEmpty(result));
  return isWorthIt ? namespaceState(cluster, namespace) : 'unverified';
}

function isEmpty(result: ListResult<RuntimeRow> | ClusterError): boolean {
  return result instanceof ClusterError ? result.reason === 'NotFound' : result.items.length === 0 && result.failure === undefined;
}

async function print(context: Context, request: ListRequest, outcome: ListOutcome): Promise<void> {
  const { out, errOut } = context.streams;
  const listing = {
    rows: outcome.rows,
    errors: outcome.errors,
    view: runtimesView(outcome.rows, request, context.now()),
    typeOf: (row: RuntimeRow) => row.type,
    nameOf: (row: RuntimeRow) => row.runtime.name,
    objectOf: (row: RuntimeRow) => row.object ?? { metadata: {} },
  };
  if (outcome.hasAnswer) {
    const terminalWidth = out.isTTY ? out.columns : undefined;
    await printListing(out.write, listing, { format: request.format, headers: request.headers, terminalWidth, style: context.style });
  }
  if (outcome.messages.length > 0) errOut.write(`${outcome.messages.join('\n')}\n`);
}
