import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { SeenProxying } from './observation.ts';
import { type ProxyServer, remember, tunnel } from './proxy-recorder.ts';

const GRANTED = Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
const NO_AUTHENTICATION = 0;
const PASSWORD = 2;

/** Starts a SOCKS5 proxy (RFC 1928, 1929) that leads every target to one port on this machine and asks for a password if offered one. */
export async function startSocks(options: { readonly label: string; readonly leadsTo: number }): Promise<ProxyServer> {
  const seen: SeenProxying[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    remember(sockets, socket);
    serve(socket, options, seen, sockets).catch(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `socks5://127.0.0.1:${port}`,
    port,
    seen: () => [...seen],
    reset: () => {
      seen.length = 0;
      drop();
    },
    close: async () => {
      drop();
      server.close();
      await once(server, 'close');
    },
  };
}

async function serve(
  socket: Socket,
  options: { label: string; leadsTo: number },
  seen: SeenProxying[],
  sockets: Set<Socket>,
): Promise<void> {
  const read = reader(socket);
  const [, methods = 0] = await read(2);
  const offered = await read(methods);
  const method = offered.includes(PASSWORD) ? PASSWORD : NO_AUTHENTICATION;
  socket.write(Buffer.from([5, method]));
  const credentials = method === PASSWORD ? await userAndPassword(read, socket) : undefined;
  const [, , , kind = 0] = await read(4);
  const host = await address(read, kind);
  const port = (await read(2)).readUInt16BE();
  seen.push({ proxy: options.label, how: 'SOCKS5', target: `${host}:${port}`, credentials });
  tunnel(socket, options.leadsTo, GRANTED, sockets);
}

type Read = (length: number) => Promise<Buffer>;

async function userAndPassword(read: Read, socket: Socket): Promise<string> {
  await read(1);
  const user = await sized(read);
  const password = await sized(read);
  socket.write(Buffer.from([1, 0]));
  return `${user}:${password}`;
}

async function sized(read: Read): Promise<string> {
  const [length = 0] = await read(1);
  return (await read(length)).toString();
}

/** A name is shown as `name NAME`, so that a client that resolves it itself is told apart. */
async function address(read: Read, kind: number): Promise<string> {
  if (kind === 3) return `name ${await sized(read)}`;
  return kind === 1 ? [...(await read(4))].join('.') : `[${(await read(16)).toString('hex')}]`;
}

function reader(socket: Socket): Read {
  return async (length) => {
    if (length === 0) return Buffer.alloc(0);
    for (;;) {
      const bytes = socket.read(length) as Buffer | null;
      if (bytes) return bytes;
      await once(socket, 'readable');
    }
  };
}
