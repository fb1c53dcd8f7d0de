import type { Cluster, Connection, ListOptions, ServerVersion } from '../../src/cluster/cluster.ts';
import type { Discovery, KubeObject, ResourceType } from '../../src/domain/resource.ts';
import { resourceName } from '../../src/domain/resource.ts';
import { ClusterError } from '../../src/errors.ts';
import type { Answer } from './api-server/answer.ts';
import { type Api, type ApiOptions, type ApiRequest, createApi } from './api-server/api.ts';
import { tokenOf, type User } from './api-server/authentication.ts';
import { createMatcher, type RequestMatcher } from './api-server/matcher.ts';
import type { ServedType } from './api-server/types.ts';
import { answerError } from './fake-answer-error.ts';

/** A failure in place of the server's answer. */
export interface ScriptedFailure {
  readonly on: RequestMatcher;
  readonly error: ClusterError;
}

export interface FakeClusterOptions extends ApiOptions {
  /** Who asks: an administrator if absent, `anonymous` sends no credentials, `unknown` bad ones (401). */
  readonly user?: User | 'anonymous' | 'unknown' | undefined;
  readonly failures?: readonly ScriptedFailure[] | undefined;
}

export interface FakeCluster extends Cluster {
  readonly api: Api;
  /** All requests so far, the first one first. */
  readonly requests: readonly ApiRequest[];
}

const ADMINISTRATOR: User = { name: 'admin', groups: ['system:masters'] };
const CHUNK_SIZE = 500;

/** A `Cluster` on objects in memory, with the embedded API server's own rules, and failures where a test wants them. */
export function fakeCluster(options: FakeClusterOptions = {}): FakeCluster {
  const user = options.user ?? ADMINISTRATOR;
  const api = createApi({ ...options, users: typeof user === 'string' ? [] : [user] });
  const requests: ApiRequest[] = [];
  const matchFailure = createMatcher(options.failures ?? []);
  const send: Send = async (method, path, { query = {}, headers = {}, body = '' }) => {
    const request = toRequest(method, path, query, { ...credentials(user), ...headers }, body);
    requests.push(request);
    const failure = matchFailure(request);
    if (failure !== undefined) throw failure.error;
    const answer = api.handle(request);
    if ('start' in answer) throw new Error('commands do not watch');
    return answer;
  };
  return {
    api,
    requests,
    list: (type, options, select) => list(send, type, options, select),
    get: async (type, name, { namespace }) =>
      succeeded(await send('GET', `${collection(type, namespace)}/${encodeURIComponent(name)}`, {}), `get ${resourceName(type)} ${name}`),
    create: async (type, object, { namespace, dryRun = false, impersonateUser }) => {
      const headers = {
        'content-type': ['application/json'],
        ...(impersonateUser !== undefined && { 'impersonate-user': [impersonateUser] }),
      };
      const query = dryRun ? { dryRun: 'All' } : {};
      const answer = await send('POST', collection(type, namespace), { query, headers, body: JSON.stringify(object) });
      return succeeded(answer, `post ${resourceName(type)}`);
    },
    discover: async ({ core = false }) => {
      const answers = await Promise.all((core ? ['/api', '/apis'] : ['/apis']).map((path) => send('GET', path, {})));
      for (const answer of answers) succeeded(answer, 'get ');
      return discoveryOf(api.types, core);
    },
    serverVersion: async () => {
      const { gitVersion, platform } = succeeded(await send('GET', '/version', {}), 'get ') as unknown as ServerVersion;
      return { gitVersion, platform };
    },
  };
}

/** A connection to a fake cluster, in the namespace `default` unless told otherwise. */
export function fakeConnection(cluster: Cluster, place: Partial<Omit<Connection, 'cluster'>> = {}): Connection {
  return { cluster, namespace: 'default', contextName: 'test', warningCount: () => 0, close: () => undefined, ...place };
}

type Headers = Readonly<Record<string, readonly string[]>>;
type Query = Readonly<Record<string, string | undefined>>;
type Send = (
  method: string,
  path: string,
  parts: { readonly query?: Query; readonly headers?: Headers; readonly body?: string },
) => Promise<Answer>;

function credentials(user: User | 'anonymous' | 'unknown'): Headers {
  if (user === 'anonymous') return {};
  return { authorization: [`Bearer ${user === 'unknown' ? 'unknown' : tokenOf(user)}`] };
}

function toRequest(method: string, path: string, query: Query, headers: Headers, body: string): ApiRequest {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '');
  const parameters = new URLSearchParams(given);
  const url = parameters.size === 0 ? path : `${path}?${parameters}`;
  return { method, path, query: parameters, url, headers, body };
}

function collection({ group, version, plural }: ResourceType, namespace = ''): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return namespace === '' ? `${root}/${plural}` : `${root}/namespaces/${encodeURIComponent(namespace)}/${plural}`;
}

function succeeded(answer: Answer, request: string): KubeObject {
  if (answer.status >= 300) throw answerError(answer, request);
  return answer.body as KubeObject;
}

interface Page {
  readonly items: readonly KubeObject[];
  readonly metadata: { readonly continue?: string };
}

async function list<T>(send: Send, type: ResourceType, options: ListOptions, select: (object: KubeObject) => T) {
  const { namespace, labelSelector, fieldSelector, chunkSize = CHUNK_SIZE } = options;
  const page = async (limit: number, token: string): Promise<Page> => {
    const query = { labelSelector, fieldSelector, limit: limit === 0 ? undefined : String(limit), continue: token };
    const answer = await send('GET', collection(type, namespace), { query });
    return succeeded(answer, `get ${resourceName(type)}`) as unknown as Page;
  };
  const first = await page(chunkSize, '');
  const items = first.items.map(select);
  try {
    for (let token = first.metadata.continue ?? ''; token !== ''; ) {
      const next = await page(chunkSize, token);
      items.push(...next.items.map(select));
      token = next.metadata.continue ?? '';
    }
    return { items };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    // As client-go's pager: an expired list is asked for once more, whole.
    return error.reason === 'Expired' ? { items: (await page(0, '')).items.map(select) } : { items, failure: error };
  }
}

function discoveryOf(types: readonly ServedType[], core: boolean): Discovery {
  const groups = Map.groupBy(
    types.filter((type) => core || type.group !== ''),
    ({ group }) => group,
  );
  return {
    groups: [...groups].map(([name, ofGroup]) => ({
      name,
      versions: [...Map.groupBy(ofGroup, ({ version }) => version)].map(([version, resources]) => ({
        version,
        stale: resources.some(({ stale = false }) => stale),
        resources: resources.map(({ builtIn: _, categories: __, stale: ___, ...resource }) => resource),
      })),
    })),
  };
}
