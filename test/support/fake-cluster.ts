import { clusterOver } from '../../src/cluster/api/client.ts';
import type { Cluster, Connection } from '../../src/cluster/cluster.ts';
import type { ApiRequest as ClientRequest, Transport } from '../../src/cluster/transport/transport.ts';
import type { ClusterError } from '../../src/errors.ts';
import { type Api, type ApiOptions, type ApiRequest, createApi } from '../../tools/api-server/api.ts';
import { tokenOf, type User } from '../../tools/api-server/authentication.ts';
import { createMatcher, type RequestMatcher } from '../../tools/api-server/matcher.ts';

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
}

export interface FakeCluster extends Cluster {
  readonly api: Api;
  /** All requests so far, the first one first. */
  readonly requests: readonly ApiRequest[];
}

const ADMINISTRATOR: User = { name: 'admin', groups: ['system:masters'] };

/**
 * A `Cluster` on objects in memory: the client of the program over the embedded API server's rules, without a network, and with
 * failures where a test wants them.
 */
export function fakeCluster(options: FakeClusterOptions = {}): FakeCluster {
  const { user = ADMINISTRATOR, failures = [] } = options;
  const api = createApi({ ...options, users: typeof user === 'string' ? [] : [user] });
  const requests: ApiRequest[] = [];
  const findFailure = createMatcher(failures);
  const transport: Transport = {
    request: async (client) => {
      const request = toServer(client, user);
      requests.push(request);
      const failure = findFailure(request);
      if (failure !== undefined) throw failure.error;
      const answer = api.handle(request);
      if ('start' in answer) throw new Error('a fake cluster cannot be watched');
      const { status, contentType, body } = answer;
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return { status, statusText: '', headers: { 'content-type': contentType }, rawHeaders: [], body: Buffer.from(text) };
    },
    redact: (text) => text,
    explain: (error) => error,
    warningCount: () => 0,
    close: () => undefined,
  };
  return { ...clusterOver(transport), api, requests };
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
