import { once } from 'node:events';
import { createServer as createPlainServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { SeenProxying } from './observation.ts';

export interface ProxyOptions {
  readonly label: string;
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** The port on this machine that every target is led to. */
  readonly leadsTo: number;
  /** Answers each request with this status in place of serving it. */
  readonly refusesWith?: number;
}

export interface ProxyServer {
  readonly url: string;
  readonly port: number;
  readonly seen: () => readonly SeenProxying[];
  readonly reset: () => void;
  readonly close: () => Promise<void>;
}

/** Starts an HTTP or HTTPS proxy that records what it is asked for. */
export async function startProxy(options: ProxyOptions): Promise<ProxyServer> {
  const seen: SeenProxying[] = [];
  const sockets = new Set<Socket>();
  const note = (how: string, target: string, request: IncomingMessage) =>
    seen.push({ proxy: options.label, how, target: target.toLowerCase(), credentials: request.headers['proxy-authorization'] });
  const server = options.tls ? createTlsServer({ cert: options.tls.certificate, key: options.tls.key }) : createPlainServer();
  server.on('connection', (socket: Socket) => remember(sockets, socket));
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '', 'http://not-absolute');
    note(request.method ?? '', url.origin, request);
    if (options.refusesWith) response.writeHead(options.refusesWith).end();
    else pass(request, response, url, options.leadsTo);
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    note('CONNECT', request.url ?? '', request);
    if (options.refusesWith) socket.end(`HTTP/1.1 ${options.refusesWith} ${STATUS_TEXT[options.refusesWith] ?? 'Refused'}\r\n\r\n`);
    else tunnel(socket, options.leadsTo, 'HTTP/1.1 200 Connection Established\r\n\r\n', sockets);
  });
  return listening(server, options.tls ? 'https' : 'http', seen, sockets);
}

const STATUS_TEXT: Readonly<Record<number, string>> = { 403: 'Forbidden', 407: 'Proxy Authentication Required', 502: 'Bad Gateway' };

/** Keeps a socket so that it can be destroyed, and survives its faults. */
export function remember(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.on('error', () => undefined);
  socket.once('close', () => sockets.delete(socket));
}

/** Joins `socket` to a port on this machine, after saying `greeting`. */
export function tunnel(socket: Socket, port: number, greeting: string | Buffer, sockets: Set<Socket>): void {
  socket.on('error', () => undefined);
  const onward = connect(port, '127.0.0.1', () => {
    socket.write(greeting);
    onward.pipe(socket).pipe(onward);
  });
  remember(sockets, onward);
}

function pass(request: IncomingMessage, response: ServerResponse, url: URL, port: number): void {
  const { 'proxy-authorization': _, ...headers } = request.headers;
  const onward = forward({ port, host: '127.0.0.1', method: request.method, path: url.pathname + url.search, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}

async function listening(server: Server, scheme: string, seen: SeenProxying[], sockets: Set<Socket>): Promise<ProxyServer> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    seen: () => [...seen],
    reset: () => {
      seen.length = 0;
      drop();
    },
    close: async () => {
      drop();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
