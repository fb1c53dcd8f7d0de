import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import type { User } from './users.ts';

interface ApiResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Parsed if it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: what a server answers is for the test to know
  readonly body: any;
}

interface RequestOptions {
  /** In place of the client's own credentials. */
  readonly token?: string;
  readonly headers?: OutgoingHttpHeaders;
  /** Sent as it is if a string, as JSON otherwise. */
  readonly body?: unknown;
}

/** A plain client for one server and one user, independent of the code under test. */
export interface ApiClient {
  /** Resolves with whatever the server answers; a 429 is asked again. */
  readonly request: (method: string, path: string, options?: RequestOptions) => Promise<ApiResponse>;
  /** Objects of a list, as they are and then as they change, until `signal` aborts or the server ends it. Both may reject. */
  readonly watch: (path: string, signal: AbortSignal) => AsyncIterable<WatchEvent>;
  /** Rejects if the answer is not a success. */
  readonly get: (path: string) => Promise<ApiResponse['body']>;
  /** Creates or updates objects of any kind that discovery knows, by server-side apply, in order. */
  readonly apply: (...objects: readonly object[]) => Promise<readonly KubeObject[]>;
  /** Deletes objects; one that is gone already is fine. */
  readonly delete: (...objects: readonly object[]) => Promise<void>;
  readonly close: () => void;
}

interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubeObject;
}

export interface Server {
  readonly url: string;
  /** PEM. */
  readonly authority: string;
}

const ATTEMPTS = 20;
const AGENT = { keepAlive: true, maxSockets: 32 };

/** A client of `server`, which must be one that this process started: its authority is made for it alone. */
export function createClient(server: Server, user: Pick<User, 'token' | 'certificate' | 'key'>): ApiClient {
  const own = new Agent({ ...AGENT, ca: server.authority, cert: user.certificate, key: user.key });
  // The server looks at a client certificate first, so a token counts only on a connection without one.
  const bare = new Agent({ ...AGENT, ca: server.authority });
  const request: ApiClient['request'] = async (method, path, options = {}) => {
    for (let attempt = 1; ; attempt += 1) {
      const agent = options.token === undefined ? own : bare;
      const response = await send(agent, urlOn(server, path), method, { ...(user.token && { token: user.token }), ...options });
      if (response.status !== 429 || attempt === ATTEMPTS) return response;
      await delay(Number(response.headers['retry-after'] ?? 1) * 1_000);
    }
  };
  const paths = new Map<string, Promise<string>>();
  const collection = (object: KubeObject) => {
    const key = `${object.apiVersion} ${object.kind}`;
    const known = paths.get(key) ?? resourcePath(request, object);
    // A kind that is not served yet may be later.
    known.catch(() => paths.delete(key));
    paths.set(key, known);
    return known;
  };
  const objectPath = async (object: KubeObject) => {
    const { namespace, name } = object.metadata;
    const path = (await collection(object)).replace('{namespace}', namespace ?? 'default');
    return `${path}/${encodeURIComponent(name ?? '')}`;
  };
  return {
    request,
    watch: (path, signal) => watch(own, urlOn(server, path), signal, user.token),
    get: async (path) => succeeded('GET', path, await request('GET', path)),
    apply: async (...objects) => {
      const applied: KubeObject[] = [];
      for (const object of objects as readonly KubeObject[]) {
        const path = `${await objectPath(object)}?fieldManager=tests&force=true`;
        const headers = { 'content-type': 'application/apply-patch+yaml' };
        applied.push(succeeded('PATCH', path, await request('PATCH', path, { body: object, headers })));
      }
      return applied;
    },
    delete: async (...objects) => {
      for (const object of objects as readonly KubeObject[]) {
        const path = await objectPath(object);
        const response = await request('DELETE', path);
        if (response.status !== 404) succeeded('DELETE', path, response);
      }
    },
    close: () => {
      own.destroy();
      bare.destroy();
    },
  };
}

/** Credentials and deletions of tests go to the server they were made for and nowhere else, whatever a path looks like. */
function urlOn(server: Server, path: string): URL {
  const url = new URL(path, server.url);
  if (url.origin !== new URL(server.url).origin) throw new Error(`${path} is not a path on the server that this run started`);
  return url;
}

async function send(agent: Agent, url: URL, method: string, { token, headers, body }: RequestOptions): Promise<ApiResponse> {
  const content = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const outgoing = httpsRequest(url, {
    agent,
    method,
    headers: {
      accept: 'application/json',
      // Node gives the body of a DELETE neither a length nor chunks: the server would take it for the next request.
      ...(content !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
  });
  outgoing.end(content);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const text = (await response.setEncoding('utf8').toArray()).join('');
  const isJson = response.headers['content-type']?.includes('json') === true;
  return { status: response.statusCode ?? 0, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

async function* watch(agent: Agent, url: URL, signal: AbortSignal, token?: string): AsyncGenerator<WatchEvent> {
  url.searchParams.set('watch', 'true');
  const headers = { accept: 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) };
  const outgoing = httpsRequest(url, { agent, signal, headers }).end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  let rest = '';
  for await (const chunk of response.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as WatchEvent;
  }
}

/** The path of a kind's objects, with `{namespace}` where one goes. */
async function resourcePath(request: ApiClient['request'], { apiVersion = '', kind }: KubeObject): Promise<string> {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const { resources } = succeeded('GET', root, await request('GET', root)) as { resources: ApiResourceEntry[] };
  const resource = resources.find((entry) => entry.kind === kind && !entry.name.includes('/'));
  if (resource === undefined) throw new Error(`the server serves no ${kind} in ${apiVersion}`);
  return `${root}/${resource.namespaced ? 'namespaces/{namespace}/' : ''}${resource.name}`;
}

interface ApiResourceEntry {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

function succeeded(method: string, path: string, { status, body }: ApiResponse): ApiResponse['body'] {
  if (status >= 200 && status < 300) return body;
  throw new Error(`${method} ${path}: ${status} ${typeof body === 'string' ? body : body.message}`);
}
