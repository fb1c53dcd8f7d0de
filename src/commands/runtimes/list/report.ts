import type { Cluster, ListResult } from '../../../cluster/cluster.ts';
import type { Context } from '../../../command/context.ts';
import { NAMESPACES } from '../../../domain/kubernetes/core-kinds.ts';
import type { Discovery } from '../../../domain/kubernetes/resource.ts';
import { ClusterError, type ExitCode, LOCAL_REASONS } from '../../../errors.ts';
import { printListing } from '../../../output/printer.ts';
import type { RuntimeAnswers } from '../../../queries/runtimes.ts';
import { foreignAnswer, isForeign, isRefusedImpersonation } from './hints.ts';
import { decide, type ListOutcome, type NamespaceState } from './outcome.ts';
import { asksNamespace, type ListRequest, namespaceAsked } from './request.ts';
import { type RuntimeRow, runtimesView } from './view.ts';

/** A request, and what was answered. */
export interface Listed {
  readonly context: Context;
  readonly request: ListRequest;
  readonly cluster: Cluster;
  /** The one in use. */
  readonly namespace: string;
  readonly answers: RuntimeAnswers<RuntimeRow>;
}

/** Prints what the answers mean. Rejects with a ClusterError if nothing can be said but why. */
export async function report(listed: Listed): Promise<ExitCode> {
  const { context, request, namespace } = listed;
  const { answers, apis, discovery } = listed.answers;
  const results = answers.map(({ result }) => result);
  failForAll(discovery === undefined ? results : [...results, discovery]);
  const refused = results.filter(isRefusedImpersonation);
  if (refused[0] !== undefined && refused.length === results.length) throw refused[0];
  const outcome = decide({
    request,
    state: apis.state,
    discoveryFailure: discovery instanceof ClusterError ? discovery : undefined,
    answers: answers.map((answer) => ({ ...answer, namespace: namespaceAsked(request, answer.scope, namespace) })),
    namespace,
    namespaceState: await namespaceState(listed),
    programName: context.programName,
    connectionOptions: context.connectionOptions,
  });
  await print(context, request, outcome);
  return outcome.exitCode;
}

/** Failures of more than one request; a limit of time or an odd answer concerns that request alone. */
const CONCERNS_CONNECTION: ReadonlySet<string> = new Set(['Unauthorized', ...LOCAL_REASONS]).difference(
  new Set(['RequestTimedOut', 'UnexpectedResponse']),
);

/** Throws what all requests met alike, and any other would meet too, so that one message says it all. */
function failForAll(results: readonly (ListResult<RuntimeRow> | Discovery | ClusterError)[]): void {
  const failures = results.filter((result) => result instanceof ClusterError);
  const [failure] = failures;
  if (failure === undefined || failures.length < results.length) return;
  if (failures.every(isForeign)) throw foreignAnswer(failure);
  if (CONCERNS_CONNECTION.has(failure.reason) && failures.every(({ message }) => message === failure.message)) throw failure;
}

/** An absent namespace is answered with an empty list: whether it exists is worth a request only then. */
async function namespaceState({ request, cluster, namespace, answers }: Listed): Promise<NamespaceState> {
  if (!asksNamespace(request) || !answers.answers.every(({ result }) => isEmpty(result))) return 'unverified';
  try {
    await cluster.get(NAMESPACES, namespace, {});
    return 'exists';
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return error.reason === 'NotFound' && error.fromStatus ? 'absent' : 'unverified';
  }
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
