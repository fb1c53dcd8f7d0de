import { PassThrough } from 'node:stream';
import { clusterOver } from '../../src/cluster/api/client.ts';
import type { Cluster, Connection } from '../../src/cluster/cluster.ts';
import type { OpenAnswer } from '../../src/cluster/transport/open-answer.ts';
import type { ApiRequest as ClientRequest, Transport } from '../../src/cluster/transport/transport.ts';
import type { ClusterError } from '../../src/errors.ts';
import type { Answer } from '../../tools/api-server/answer.ts';
import { type Api, type ApiOptions, type ApiRequest, createApi } from '../../tools/api-server/api.ts';
import { tokenOf, type User } from '../../tools/api-server/authentication.ts';
import { createMatcher, type RequestMatcher } from '../../tools/api-server/matcher.ts';
import type { Watch } from '../../tools/api-server/watches.ts';

/** A failure in place of the server's answer. */
export interface ScriptedFailure {
  readonly on: RequestMatcher;
  readonly error: ClusterError;
}

export interface FakeClusterOptions extends Omit<ApiOptions, 'users'> {
  /** Who asks: an administrator if absent, `anonymous` sends no credentials, `unknown` bad ones (401). */
  readonly user?: User | 'anonymous' | 'unknown' | undefined;
  /** The first that fits a request is thrown. */
  readonly failures?: readonly ScriptedFailure[] | undefined;
  /** What the server sends in place of the body of an answer. */
  readonly alter?: ((body: string, path: string) => string) | undefined;
}

export interface FakeCluster extends Cluster {
  readonly api: Api;
  /** All requests so far, the first one first. */
  readonly requests: readonly ApiRequest[];
  /** Watches that are open. */
  readonly watches: () => readonly FakeWatch[];
}

/** An open watch, from the server's side. */
interface FakeWatch {
  readonly request: ApiRequest;
  readonly send: (event: object) => void;
  readonly bookmark: () => void;
  /** The server ends it; with an error the connection breaks. */
  readonly end: (error?: ClusterError) => void;
}

const ADMINISTRATOR: User = { name: 'admin', groups: ['system:masters'] };

/**
 * A `Cluster` on objects in memory: the client of the program over the embedded API server's rules, without a network, and with
 * failures where a test wants them.
 */
export function fakeCluster(options: FakeClusterOptions = {}): FakeCluster {
  const { user = ADMINISTRATOR, failures = [], alter } = options;
  const api = createApi({ ...options, users: typeof user === 'string' ? [] : [user] });
  const requests: ApiRequest[] = [];
  const findFailure = createMatcher(failures);
  const watches = new Set<FakeWatch>();
  const answer = (client: ClientRequest) => {
    const request = toServer(client, user);
    requests.push(request);
    const failure = findFailure(request);
    if (failure !== undefined) throw failure.error;
    return { request, answer: api.handle(request) };
  };
  const transport: Transport = {
    request: async (client) => {
      const answered = answer(client);
      if ('start' in answered.answer) throw new Error('a watch is opened, not requested');
      return toWire(answered.answer, (body) => alter?.(body, client.path) ?? body);
    },
    open: async (client, ended) => {
      const answered = answer(client);
      if (!('start' in answered.answer)) return toWire(answered.answer);
      return openFakeWatch({ ...answered, answer: answered.answer }, ended, watches);
    },
    redact: (text) => text,
    explain: (error) => error,
    warningCount: () => 0,
    close: () => undefined,
  };
  return { ...clusterOver(transport), api, requests, watches: () => [...watches] };
}

function toWire({ status, contentType, body }: Answer, alter = (text: string) => text) {
  const text = alter(typeof body === 'string' ? body : JSON.stringify(body));
  return { status, statusText: '', headers: { 'content-type': contentType }, rawHeaders: [], body: Buffer.from(text) };
}

function openFakeWatch(
  { request, answer }: { readonly request: ApiRequest; readonly answer: Watch },
  ended: AbortSignal,
  watches: Set<FakeWatch>,
): OpenAnswer {
  const chunks = new PassThrough();
  const send = (event: object) => void chunks.write(`${JSON.stringify(event)}\n`);
  const stop = answer.start(send);
  const watch: FakeWatch = {
    request,
    send,
    bookmark: () => {
      const event = answer.bookmark?.();
      if (event !== undefined) send(event);
    },
    end: (error) => {
      close();
      if (error === undefined) chunks.end();
      else chunks.destroy(error);
    },
  };
  const close = () => {
    stop();
    watches.delete(watch);
  };
  watches.add(watch);
  chunks.on('error', () => undefined);
  ended.addEventListener('abort', () => watch.end(ended.reason), { once: true });
  return { ...toWire({ status: 200, contentType: 'application/json', body: '' }), chunks: Object.assign(chunks, { close }) };
}

/** A connection to a fake cluster, in the namespace `default` unless told otherwise. */
export function fakeConnection(cluster: Cluster, place: Partial<Omit<Connection, 'cluster'>> = {}): Connection {
  return { cluster, namespace: 'default', contextName: 'test', warningCount: () => 0, close: () => undefined, ...place };
}

function toServer(
  { method, path, query = {}, body = '', accept, contentType, impersonation }: ClientRequest,
  user: User | 'anonymous' | 'unknown',
): ApiRequest {
  const parameters = new URLSearchParams(query);
  const url = parameters.size === 0 ? path : `${path}?${parameters}`;
  const headers = {
    accept: [accept ?? 'application/json'],
    ...(contentType && { 'content-type': [contentType] }),
    ...(user !== 'anonymous' && { authorization: [`Bearer ${user === 'unknown' ? 'unknown' : tokenOf(user)}`] }),
    ...(impersonation && { 'impersonate-user': [impersonation.user], 'impersonate-group': impersonation.groups }),
  };
  return { method, path, query: parameters, url, headers, body };
}
