import { settled } from '../async/settled.ts';
import type { Cluster, ListResult } from '../cluster/cluster.ts';
import { type RuntimeApi, type RuntimeApis, runtimeApis } from '../domain/kserve/api.ts';
import type { RuntimeScope } from '../domain/kserve/serving-runtime.ts';
import { type Discovery, type ResourceType, resourceName } from '../domain/kubernetes/resource.ts';
import { ClusterError } from '../errors.ts';

/** Where runtimes are. */
export interface RuntimePlace {
  readonly scope: RuntimeScope;
  /** Of namespaced ones; undefined: in the whole cluster. */
  readonly namespace: string | undefined;
}

/** What the server said about one of the two kinds in one place. */
export interface AskedKind<T> extends RuntimePlace {
  readonly api: RuntimeApi;
  readonly result: ListResult<T> | ClusterError;
}

/** All that is known about runtimes when the requests are done. */
export interface RuntimeAnswers<T> {
  readonly answers: readonly AskedKind<T>[];
  readonly apis: RuntimeApis;
  /** Undefined where the lists left no doubt, so that it was not asked. */
  readonly discovery: Discovery | ClusterError | undefined;
}

/** Lists one kind in one place. Rejects with a ClusterError. */
type ListKind<T> = (type: ResourceType, place: RuntimePlace) => Promise<ListResult<T>>;

/**
 * Lists the kinds of `places`, together. What is not answered may not be there, or be there in another version: only then discovery is asked,
 * and a kind that it shows in another version is listed once more.
 */
export async function askRuntimes<T>(cluster: Cluster, places: readonly RuntimePlace[], list: ListKind<T>): Promise<RuntimeAnswers<T>> {
  const ask = async ({ scope, namespace }: RuntimePlace, apis: RuntimeApis): Promise<AskedKind<T>> => {
    const api = apiOf(scope, apis);
    return { api, scope, namespace, result: await settled(list(api.type, { scope, namespace })) };
  };
  // The version there has always been is the one that `toServingRuntime` reads: it comes first, whatever else is served.
  const usual = runtimeApis(undefined);
  const first = await Promise.all(places.map((place) => ask(place, usual)));
  if (!first.some(({ result }) => leavesDoubt(result))) return { answers: first, apis: usual, discovery: undefined };
  const discovery = checked(await settled(cluster.discover({})), first);
  const apis = discovery instanceof ClusterError ? usual : runtimeApis(discovery);
  const again = (answer: AskedKind<T>) => {
    if (!(answer.result instanceof ClusterError)) return answer;
    const api = apiOf(answer.scope, apis);
    return api.type.version === answer.api.type.version ? { ...answer, api } : ask(answer, apis);
  };
  return { answers: await Promise.all(first.map(again)), apis, discovery };
}

/** Both kinds, the one in a namespace or, undefined, in all of them. */
export function bothKinds(namespace: string | undefined): readonly RuntimePlace[] {
  return [
    { scope: 'namespace', namespace },
    { scope: 'cluster', namespace: undefined },
  ];
}

/**
 * Whether a kind is not served. Only discovery can tell: a server refuses before it looks, and anything between here and there may answer
 * with a 404.
 */
export function isAbsent<T>({ result, api }: AskedKind<T>): boolean {
  return result instanceof ClusterError && api.installed === 'no' && (result.reason === 'NotFound' || isRefusal(result));
}

/** The authorizer's word, not a gateway's. */
export function isRefusal(error: ClusterError): boolean {
  return error.reason === 'Forbidden' && error.fromStatus;
}

/** Discovery that lacks what was listed a moment ago proves nothing of what it lacks otherwise. */
function checked<T>(discovery: Discovery | ClusterError, listed: readonly AskedKind<T>[]): Discovery | ClusterError {
  if (discovery instanceof ClusterError) return discovery;
  const apis = runtimeApis(discovery);
  const lacking = listed.find(({ scope, result }) => !(result instanceof ClusterError) && apiOf(scope, apis).installed === 'no');
  if (lacking === undefined) return discovery;
  const name = resourceName(lacking.api.type);
  return new ClusterError('UnexpectedResponse', `the server lists ${name}, but does not name it among its resources`);
}

function leavesDoubt(result: unknown): boolean {
  return result instanceof ClusterError && (result.reason === 'Forbidden' || result.reason === 'NotFound');
}

function apiOf(scope: RuntimeScope, apis: RuntimeApis): RuntimeApi {
  return scope === 'namespace' ? apis.servingRuntimes : apis.clusterServingRuntimes;
}
