import { once } from 'node:events';
import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket, TlsOptions } from 'node:tls';
import { discovery } from './discovery.ts';
import type { SeenRequest } from './observation.ts';

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer | object;
  /** Promise more than is sent, then close. */
  readonly truncated?: boolean;
}

/** Undefined: the list of runtimes. `drop` closes the connection without an answer, `hang` never answers. */
export type Answer = Reply | 'drop' | 'hang' | undefined;

export interface ApiOptions {
  readonly label: string;
  /** Told of each request for ServingRuntimes as it comes. */
  readonly note: (request: SeenRequest) => void;
  /** Absent: plain http. */
  readonly tls?: { readonly certificate: string; readonly key: string; readonly clientCertificateFrom?: string };
  /** All that it speaks of TLS; Node's defaults, and keys of 1024 bits, if absent. */
  readonly speaks?: Pick<TlsOptions, 'ciphers' | 'sigalgs' | 'dhparam' | 'maxVersion'>;
  readonly listenOn?: string;
  /** What requests for runtimes get; `attempt` counts those for the same path from 1. */
  readonly answer?: (request: SeenRequest, attempt: number) => Answer;
  /** `answer` serves every path, discovery too. */
  readonly answersAll?: boolean;
  readonly plainDiscovery?: boolean;
}

export interface ApiServer {
  /** `https://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  /** Drops connections and counts attempts anew. */
  readonly reset: () => void;
  readonly close: () => Promise<void>;
}

/** Starts an API server that knows two kinds and records what it is shown. */
export async function startApi(options: ApiOptions): Promise<ApiServer> {
  const attempts = new Map<string, number>();
  const server = create(options, (request, response) => {
    const shown = toSeen(options.label, request);
    if (shown.path.endsWith('/servingruntimes')) options.note(shown);
    const attempt = (attempts.get(shown.path) ?? 0) + 1;
    attempts.set(shown.path, attempt);
    respond(options, shown, attempt, request, response);
  });
  server.listen(0, options.listenOn ?? '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    reset: () => {
      attempts.clear();
      server.closeAllConnections();
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

function create({ tls, speaks }: ApiOptions, handler: Handler): Server {
  if (!tls) return createPlainServer(handler);
  const required = tls.clientCertificateFrom !== undefined;
  const ca = required ? { ca: tls.clientCertificateFrom } : {};
  // Node's own level would refuse the keys of 1024 bits that some cases are about.
  const spoken = { ciphers: 'DEFAULT:@SECLEVEL=0', ...speaks };
  return createTlsServer(
    { ...spoken, cert: tls.certificate, key: tls.key, requestCert: true, rejectUnauthorized: required, ...ca },
    handler,
  );
}

function toSeen(server: string, request: IncomingMessage): SeenRequest {
  const url = new URL(request.url ?? '', 'http://server');
  const socket = request.socket as Partial<TLSSocket>;
  return {
    server,
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    // Go keeps the case that a URL is written in and Node does not; names of hosts have none (RFC 9110, 4.2.3).
    host: (request.headers.host ?? '').toLowerCase(),
    authorization: request.headers.authorization,
    impersonation: headerLines(request).filter((line) => line.startsWith('impersonate-')),
    acceptsGzip: (request.headers['accept-encoding'] ?? '').includes('gzip'),
    serverName: socket.servername ? socket.servername.toLowerCase() : undefined,
    clientCertificate: socket.getPeerCertificate?.()?.subject?.CN?.toString(),
  };
}

function headerLines({ rawHeaders }: IncomingMessage): string[] {
  const lines: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]?.toLowerCase()}: ${rawHeaders[at + 1]}`);
  return lines.sort();
}

function respond(options: ApiOptions, shown: SeenRequest, attempt: number, request: IncomingMessage, response: ServerResponse): void {
  const scripted = options.answersAll || /servingruntimes$/.test(shown.path) ? options.answer?.(shown, attempt) : undefined;
  if (scripted === 'hang') return;
  if (scripted === 'drop') {
    request.socket.destroy();
    return;
  }
  send(response, scripted ?? ordinary(options, shown, request.headers.accept ?? ''));
}

function send(response: ServerResponse, { status = 200, headers = {}, body = '', truncated = false }: Reply): void {
  const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
  const type = typeof body === 'string' || Buffer.isBuffer(body) ? {} : { 'Content-Type': 'application/json' };
  const length = bytes.length + (truncated ? 100 : 0);
  response.writeHead(status, { ...type, 'Content-Length': String(length), ...(headers as Record<string, string | string[]>) });
  if (!truncated) response.end(bytes);
  else response.write(bytes, () => response.socket?.end());
}

function ordinary(options: ApiOptions, { path }: SeenRequest, accept: string): Reply {
  const found = discovery(path, !options.plainDiscovery && accept.includes('g=apidiscovery.k8s.io'));
  if (found) return found;
  if (/servingruntimes$/.test(path)) return { body: runtimesAt(path) };
  const [, namespace] = /^\/api\/v1\/namespaces\/([^/]+)$/.exec(path) ?? [];
  if (namespace !== undefined) return { body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } } };
  return {
    status: 404,
    body: { apiVersion: 'v1', kind: 'Status', status: 'Failure', reason: 'NotFound', message: 'no such path', code: 404 },
  };
}

/** The list of one runtime that belongs to a path. */
export function runtimesAt(path: string, name = 'only'): object {
  const kind = path.endsWith('/clusterservingruntimes') ? 'ClusterServingRuntime' : 'ServingRuntime';
  const namespace = /namespaces\/([^/]+)\/servingruntimes$/.exec(path)?.[1] ?? 'everywhere';
  const metadata = { name, ...(kind === 'ServingRuntime' && { namespace }) };
  const item = { apiVersion: 'serving.kserve.io/v1alpha1', kind, metadata, spec: { containers: [] } };
  return { apiVersion: 'serving.kserve.io/v1alpha1', kind: `${kind}List`, metadata: { resourceVersion: '1' }, items: [item] };
}
