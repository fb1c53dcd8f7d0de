import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { type Authority, type CertificateAndKey, createAuthority } from '../certificates.ts';
import { type Api, type ApiOptions, type ApiRequest, createApi } from './api.ts';
import { tokenOf, type User } from './authentication.ts';
import type { Fault, ScriptedFault } from './faults.ts';
import { readRequest, sendAnswer, sendWatch } from './http.ts';
import { type Credential, type KubeconfigOptions, kubeconfig } from './kubeconfig.ts';
import { createMatcher } from './matcher.ts';

interface ServerUser extends User {
  /** How it proves who it is; `token` if absent. */
  readonly credential?: 'token' | 'certificate';
}

export interface ApiServerOptions extends ApiOptions {
  /** Besides `admin`, who may do all. */
  readonly users?: readonly ServerUser[] | undefined;
  /** The first that fits a request is played. */
  readonly faults?: readonly ScriptedFault[];
  /** `https` if absent. */
  readonly scheme?: 'http' | 'https';
  /** Before every path, such as `/k8s/clusters/c-1`. */
  readonly pathPrefix?: string;
  /** In place of a good one for 127.0.0.1 and localhost. */
  readonly serverCertificate?: CertificateAndKey;
}

/** A request as it arrived. */
interface RecordedRequest extends ApiRequest {
  /** Counts TCP connections from 1. */
  readonly connection: number;
}

export interface ApiServer {
  readonly url: string;
  /** PEM of the authority behind the server's certificate; undefined over plain http. */
  readonly ca: string | undefined;
  /** All requests so far, the first one first. */
  readonly requests: readonly RecordedRequest[];
  readonly api: Api;
  /** What proves who `admin` or a user of the options is; undefined for `anonymous`. */
  readonly credential: (user: string) => Credential | undefined;
  /** A kubeconfig (YAML) for `admin`, a user of the options, or `anonymous`. */
  readonly kubeconfig: (user: string, options?: KubeconfigOptions) => string;
  /** Ends all connections, those of hanging requests too. */
  readonly close: () => Promise<void>;
}

const ADMINISTRATOR: ServerUser = { name: 'admin', groups: ['system:masters'] };

/** Starts an API server of one's own in this process, on a free port of 127.0.0.1. */
export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const { scheme = 'https', pathPrefix = '' } = options;
  const users = [ADMINISTRATOR, ...(options.users ?? [])];
  const authority = scheme === 'https' ? await createAuthority('kubernetes') : undefined;
  const certificates = await clientCertificates(users, authority);
  const api = createApi({ ...options, users });
  const connections = new Map<Socket['remotePort'], { readonly number: number; readonly socket: Socket }>();
  const requests: RecordedRequest[] = [];
  const findFault = createMatcher(options.faults ?? []);
  const server = await listen(authority, options.serverCertificate, async (message, response) => {
    const connection = connections.get(message.socket.remotePort);
    const request = await readRequest(message, pathPrefix);
    requests.push({ ...request, connection: connection?.number ?? 0 });
    await play(findFault(request)?.fault, request, api, response, connection?.socket);
  });
  let accepted = 0;
  server.on('connection', (socket: Socket) => {
    // A TLS server also announces each secured socket here, on the same port.
    if (connections.has(socket.remotePort)) return;
    accepted += 1;
    const { remotePort } = socket;
    connections.set(remotePort, { number: accepted, socket });
    socket.on('close', () => connections.delete(remotePort));
  });
  const credential = (name: string) => {
    const user = users.find((one) => one.name === name);
    if (user === undefined && name !== 'anonymous') throw new Error(`no user ${name}`);
    return certificates.get(name) ?? (user && { token: tokenOf(user) });
  };
  const url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}${pathPrefix}`;
  return {
    url,
    ca: authority?.certificate,
    requests,
    api,
    credential,
    kubeconfig: (user, more = {}) =>
      kubeconfig({ server: url, authority: authority?.certificate, user, credential: credential(user), ...more }),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      // One whose TLS handshake is not over is no connection of the server yet, but would keep it open.
      for (const { socket } of connections.values()) socket.destroy();
      await closed;
    },
  };
}

async function play(
  fault: Fault | undefined,
  request: ApiRequest,
  api: Api,
  response: ServerResponse,
  socket: Socket | undefined,
): Promise<void> {
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'reset') {
    socket?.resetAndDestroy();
    return;
  }
  if (fault?.kind === 'compact') api.store.compact();
  const answer = fault?.kind === 'answer' ? fault : api.handle(request);
  if ('start' in answer) sendWatch(answer, request, response);
  else await sendAnswer(answer, request, response, fault);
}

async function clientCertificates(users: readonly ServerUser[], authority: Authority | undefined): Promise<Map<string, CertificateAndKey>> {
  const holders = users.filter(({ credential }) => credential === 'certificate');
  const issued = holders.map(async ({ name, groups = [] }): Promise<[string, CertificateAndKey]> => {
    if (authority === undefined) throw new Error('client certificates need https');
    return [name, await authority.issue({ commonName: name, organizations: groups, usages: ['client'] })];
  });
  return new Map(await Promise.all(issued));
}

async function listen(
  authority: Authority | undefined,
  given: CertificateAndKey | undefined,
  handle: (message: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Server> {
  const listener: RequestListener = (message, response) => {
    // A fault of this server or its script, not of the program under test: shown in the answer.
    handle(message, response).catch((error: Error) => response.writeHead(500).end(`${error.stack}\n`));
  };
  const server = authority === undefined ? createServer(listener) : await tlsServer(authority, given, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function tlsServer(authority: Authority, given: CertificateAndKey | undefined, listener: RequestListener): Promise<Server> {
  const { certificate, key } = given ?? (await authority.issue({ hosts: ['127.0.0.1', 'localhost'], usages: ['server'] }));
  const client = { ca: authority.certificate, requestCert: true, rejectUnauthorized: false };
  return createTlsServer({ cert: certificate, key, ...client }, listener);
}
