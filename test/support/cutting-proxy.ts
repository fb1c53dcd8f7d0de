import { connect, createServer, type Socket } from 'node:net';
import { atClose, listen } from './wire.ts';

/** Passes connections on to a port of this host, until it is told to cut them. */
export interface CuttingProxy {
  readonly port: number;
  readonly open: () => number;
  readonly cut: () => void;
}

export async function cuttingProxy(target: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect({ host: '127.0.0.1', port: target });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.pipe(to);
      from.once('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  const { port } = await listen(server);
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  atClose(cut);
  return { port, open: () => sockets.size / 2, cut };
}
