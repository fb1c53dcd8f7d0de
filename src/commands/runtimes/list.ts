import type { Context, OptionValues } from '../../cli/command.ts';
import type { Connection, ListResult } from '../../cluster/cluster.ts';
import { type RuntimeApi, type RuntimeApis, runtimeApis } from '../../domain/kserve-api.ts';
import type { KubeObject, ResourceType } from '../../domain/resource.ts';
import { type RuntimeScope, toServingRuntime } from '../../domain/serving-runtime.ts';
import { ClusterError, type ExitCode, LOCAL_REASONS } from '../../errors.ts';
import { isStructured, printListing } from '../../output/printer.ts';
import { withoutManagedFields } from '../../output/structured.ts';
import { namespaceOf } from '../namespace.ts';
import type { runtimesListOptions } from './list.command.ts';
import { foreignAnswer, isForeign, isRefusedImpersonation } from './list-hints.ts';
import { decide, type KindAnswer, type ListOutcome, type NamespaceState } from './list-outcome.ts';
import { type ListRequest, toListRequest } from './list-request.ts';
import { type RuntimeRow, runtimesView } from './list-view.ts';

const NAMESPACES: ResourceType = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', namespaced: false };

export async function run(context: Context, options: OptionValues<typeof runtimesListOptions>): Promise<ExitCode> {
  const request = toListRequest(options, context.connectionOptions);
  const connection = await context.connection();
  const { cluster } = connection;
  const namespace = isAboutNamespace(request) ? namespaceOf(connection) : connection.namespace;
  const ask = (scope: RuntimeScope, apis: RuntimeApis) => askKind({ cluster, namespace }, request, scope, apis);
  const usual = runtimeApis(undefined);
  // In the one version there ever was, which is the one that `toServingRuntime` reads.
  const first = await Promise.all(request.scopes.map((scope) => ask(scope, usual)));
  const results = first.map(({ result }) => result);
  const discovery = results.some(leavesDoubt) ? await settled(cluster.discover({})) : undefined;
  failForAll(discovery === undefined ? results : [...results, discovery]);
  const apis = runtimeApis(discovery instanceof ClusterError ? undefined : discovery);
  const answers = await Promise.all(first.map((answer) => confirmed(answer, apis) ?? ask(answer.scope, apis)));
  const refused = answers.map(({ result }) => result).filter(isRefusedImpersonation);
  if (refused[0] !== undefined && refused.length === answers.length) throw refused[0];
  const outcome = decide({
    request,
    state: apis.state,
    discoveryFailure: discovery instanceof ClusterError ? discovery : undefined,
    answers,
    namespace,
    namespaceState: await namespaceState({ cluster, namespace }, request, answers),
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
function failForAll(results: readonly unknown[]): void {
  const failures = results.filter((result) => result instanceof ClusterError);
  const [failure] = failures;
  if (failure === undefined || failures.length < results.length) return;
  if (failures.every(isForeign)) throw foreignAnswer(failures.at(-1) ?? failure);
  if (CONCERNS_CONNECTION.has(failure.reason) && failures.every(({ message }) => message === failure.message)) throw failure;
}

/** Whether only discovery can tell if the kind is there, perhaps in another version: the server refuses before it looks. */
function leavesDoubt(result: KindAnswer['result']): boolean {
  return result instanceof ClusterError && (result.reason === 'Forbidden' || result.reason === 'NotFound');
}

/** The answer, if it is one, or in the version that discovery shows. */
function confirmed(answer: KindAnswer, apis: RuntimeApis): KindAnswer | undefined {
  if (!(answer.result instanceof ClusterError)) return answer;
  const api = apiOf(answer.scope, apis);
  return api.type.version === answer.api.type.version ? { ...answer, api } : undefined;
}

function apiOf(scope: RuntimeScope, apis: RuntimeApis): RuntimeApi {
  return scope === 'namespace' ? apis.servingRuntimes : apis.clusterServingRuntimes;
}

async function settled<T>(promise: Promise<T>): Promise<T | ClusterError> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof ClusterError) return error;
    throw error;
  }
}

function isAboutNamespace({ scopes, allNamespaces }: ListRequest): boolean {
  return scopes.includes('namespace') && !allNamespaces;
}

type Place = Pick<Connection, 'cluster' | 'namespace'>;

// A kind that discovery does not show is asked for all the same: the answer tells "not installed" from "nor permitted".
async function askKind(place: Place, request: ListRequest, scope: RuntimeScope, apis: RuntimeApis): Promise<KindAnswer> {
  const api = apiOf(scope, apis);
  const namespace = scope === 'cluster' || request.allNamespaces ? undefined : place.namespace;
  const options = { namespace, labelSelector: request.labelSelector, chunkSize: request.chunkSize };
  const keepsObject = isStructured(request.format);
  const toRow = (object: KubeObject): RuntimeRow => ({
    type: api.type,
    runtime: toServingRuntime(object, scope),
    ...(keepsObject && { object: withoutManagedFields(object) }),
  });
  return { api, scope, namespace, result: await settled(place.cluster.list(api.type, options, toRow)) };
}

/** An absent namespace is answered with an empty list: whether it exists is worth a request only then. */
async function namespaceState(place: Place, request: ListRequest, answers: readonly KindAnswer[]): Promise<NamespaceState> {
  if (!isAboutNamespace(request) || !answers.every(({ result }) => isEmpty(result))) return 'unverified';
  const found = await settled(place.cluster.get(NAMESPACES, place.namespace, {}));
  if (!(found instanceof ClusterError)) return 'exists';
  return found.reason === 'NotFound' && found.fromStatus ? 'absent' : 'unverified';
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
