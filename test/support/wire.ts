// Small servers and clients for tests of what goes over the wire. All that was opened in a test is closed after it.
import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import type { ClientConfig } from '../../src/cluster/kubeconfig/client-config.ts';
import { type ApiRequest, createTransport, type Transport, type TransportOptions } from '../../src/cluster/transport/transport.ts';
import type { CertificateAndKey } from '../../tools/certificates.ts';

export interface Recorded {
  readonly method: string;
  readonly url: string;
  /** `Name: value`, a line each, as received. */
  readonly lines: readonly string[];
  readonly body: string;
}

export interface TestServer {
  readonly url: URL;
  readonly port: number;
  readonly requests: readonly Recorded[];
  /** Connections accepted so far. */
  readonly connections: () => number;
}

const opened: (() => void)[] = [];

/** To be called in `afterEach`. */
export function closeAll(): void {
  for (const close of opened.splice(0)) close();
}

export function atClose(close: () => void): void {
  opened.push(close);
}

/** Listens on a free port until the test ends; counts and in the end destroys its connections. */
export async function listen(server: Server, host = '127.0.0.1'): Promise<{ readonly port: number; readonly connections: () => number }> {
  const sockets = new Set<Socket>();
  let count = 0;
  server.on('connection', (socket: Socket) => {
    count++;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  opened.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port: (server.address() as AddressInfo).port, connections: () => count };
}

export type Handler = (request: Recorded, response: ServerResponse, message: IncomingMessage) => void;

export interface ServerOptions {
  /** Absent: plain http. */
  readonly tls?: CertificateAndKey & { readonly clientAuthority?: string };
  readonly host?: string;
}

/** An HTTP server that records requests before `handler` answers them. */
export async function serve(handler: Handler, { tls, host = '127.0.0.1' }: ServerOptions = {}): Promise<TestServer> {
  const requests: Recorded[] = [];
  const listener: RequestListener = async (message, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const recorded = {
      method: message.method ?? '',
      url: message.url ?? '',
      lines: headerLines(message),
      body: Buffer.concat(chunks).toString('utf8'),
    };
    requests.push(recorded);
    handler(recorded, response, message);
  };
  const server = tls ? createHttpsServer(tlsOptions(tls), listener) : createHttpServer(listener);
  server.on('tlsClientError', () => undefined);
  const { port, connections } = await listen(server, host);
  const name = host.includes(':') ? `[${host}]` : host;
  return { url: new URL(`${tls ? 'https' : 'http'}://${name}:${port}`), port, requests, connections };
}

function tlsOptions({ certificate, key, clientAuthority }: NonNullable<ServerOptions['tls']>) {
  const mutual = clientAuthority === undefined ? {} : { ca: clientAuthority, requestCert: true, rejectUnauthorized: true };
  return { cert: certificate, key, ...mutual };
}

function headerLines({ rawHeaders }: IncomingMessage): string[] {
  return rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [`${name}: ${Buffer.from(rawHeaders[index + 1] ?? '', 'latin1').toString('utf8')}`] : [],
  );
}

/** A server that speaks no HTTP of its own: `onConnection` does what it wants. */
export async function serveRaw(onConnection: (socket: Socket, number: number) => void): Promise<TestServer> {
  let count = 0;
  const server = createTcpServer((socket) => {
    count++;
    onConnection(socket, count);
  });
  const { port, connections } = await listen(server);
  return { url: new URL(`http://127.0.0.1:${port}`), port, requests: [], connections };
}

/** A port of this host where nobody listens. */
export async function deadPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(`${JSON.stringify(value)}\n`);
}

/** A configuration without credentials. */
export function clientConfig(url: URL | string, parts: Partial<ClientConfig> = {}): ClientConfig {
  return {
    url: new URL(url),
    tls: { insecure: false },
    credentials: { origin: 'no credentials', get: async () => ({}) },
    compression: true,
    contextName: 'test',
    clusterName: 'here',
    userName: 'ana',
    files: { read: ['/home/ana/.kube/config'], missing: [] },
    isFallback: false,
    inCluster: false,
    namespace: 'default',
    ...parts,
  };
}

export interface TestTransport extends Transport {
  /** What went to stderr so far. */
  readonly written: () => string;
  /** Seconds that were waited before retries. */
  readonly waits: readonly number[];
  readonly get: (path: string) => ReturnType<Transport['request']>;
}

/** Nothing is waited for: waits are recorded, and the clock stands still. */
export async function transportTo(config: ClientConfig, options: Partial<TransportOptions> = {}): Promise<TestTransport> {
  let written = '';
  const waits: number[] = [];
  const transport = await createTransport({
    config,
    env: {},
    platform: 'linux',
    now: () => new Date('2026-07-01T12:00:00.250Z'),
    signal: new AbortController().signal,
    userAgent: 'kubectl-kserve/0.1.0 (linux/amd64)',
    write: (text) => {
      written += text;
    },
    verbosity: 0,
    wait: async (milliseconds) => {
      waits.push(milliseconds / 1000);
    },
    ...options,
  });
  opened.push(transport.close);
  const get = (path: string) => transport.request({ method: 'GET', path } satisfies ApiRequest);
  return { ...transport, written: () => written, waits, get };
}

/** What of an error the user sees. */
export async function failureOf(promise: Promise<unknown>): Promise<{ reason: unknown; message: string; hint: unknown }> {
  try {
    await promise;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { reason, hint } = error as { reason?: unknown; hint?: unknown };
    return { reason, message: error.message, hint };
  }
  throw new Error('resolved, and should have been rejected');
}
