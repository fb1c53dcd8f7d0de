// Proxies for tests: they note what they were asked for and connect to 127.0.0.1, whatever the name.
import { createServer as createHttpServer, type IncomingMessage, request, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer, type Socket } from 'node:net';
import type { CertificateAndKey } from '../../tools/certificates.ts';
import { atClose, listen } from './wire.ts';

export interface TestProxy {
  readonly port: number;
  /** Such as `CONNECT example.test:443 Basic dTpw`. */
  readonly asked: readonly string[];
}

export interface HttpProxyOptions {
  readonly tls?: CertificateAndKey;
  /** Answers CONNECT with this instead. */
  readonly refusal?: string;
}

export async function httpProxy({ tls, refusal }: HttpProxyOptions = {}): Promise<TestProxy> {
  const asked: string[] = [];
  const note = (message: IncomingMessage) => {
    const words = [message.method, message.url, message.headers['proxy-authorization']].filter((word) => word !== undefined);
    asked.push(words.join(' '));
  };
  const server: Server = tls ? createHttpsServer({ cert: tls.certificate, key: tls.key }) : createHttpServer();
  server.on('tlsClientError', () => undefined);
  server.on('connect', (message, socket) => {
    note(message);
    if (refusal !== undefined) socket.end(refusal);
    else join(socket as Socket, Number(message.url?.split(':').at(-1)), 'HTTP/1.1 200 Connection established\r\n\r\n');
  });
  server.on('request', (message: IncomingMessage, response) => {
    note(message);
    const { port, pathname, search } = new URL(message.url ?? '');
    const { 'proxy-authorization': _hop, ...headers } = message.headers;
    const onward = request(
      { host: '127.0.0.1', port, path: `${pathname}${search}`, method: message.method, headers, agent: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 0, answer.rawHeaders);
        answer.pipe(response);
      },
    );
    message.pipe(onward);
  });
  const { port } = await listen(server);
  return { port, asked };
}

function join(socket: Socket, port: number, hello: string | Buffer): void {
  const onward = connect({ host: '127.0.0.1', port });
  atClose(() => onward.destroy());
  onward.once('connect', () => {
    socket.write(hello);
    socket.pipe(onward).pipe(socket);
  });
  onward.on('error', () => socket.destroy());
  socket.on('error', () => onward.destroy());
}

export interface SocksProxyOptions {
  readonly user?: { readonly name: string; readonly password: string };
  /** The reply code of RFC 1928, 6; 0 connects. */
  readonly reply?: number;
}

/** SOCKS 5 as far as clients of ours speak it: RFC 1928 and, with a user, RFC 1929. */
export async function socksProxy({ user, reply = 0 }: SocksProxyOptions = {}): Promise<TestProxy> {
  const asked: string[] = [];
  const server = createServer((socket) => {
    const steps = [
      () => socket.write(Buffer.from([5, user ? 2 : 0])),
      ...(user ? [(data: Buffer) => socket.write(Buffer.from([1, authenticate(data, user) ? 0 : 1]))] : []),
      (data: Buffer) => {
        const { host, port } = destination(data);
        asked.push(`${host}:${port}`);
        const answer = Buffer.from([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]);
        socket.off('data', onData);
        if (reply === 0) join(socket, port, answer);
        else socket.end(answer);
      },
    ];
    const onData = (data: Buffer) => steps.shift()?.(data);
    socket.on('data', onData);
  });
  const { port } = await listen(server);
  return { port, asked };
}

function authenticate(data: Buffer, { name, password }: { readonly name: string; readonly password: string }): boolean {
  const nameLength = data[1] ?? 0;
  const given = [data.subarray(2, 2 + nameLength), data.subarray(3 + nameLength)].map(String);
  return given[0] === name && given[1] === password;
}

function destination(data: Buffer): { readonly host: string; readonly port: number } {
  const port = data.readUInt16BE(data.length - 2);
  const address = data.subarray(4, -2);
  const kind = data[3];
  if (kind === 3) return { host: address.subarray(1).toString(), port };
  return { host: kind === 1 ? [...address].join('.') : address.toString('hex'), port };
}
