import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Above, systems take ports for their own end of connections: one that is free now may be busy a moment later. */
const [FIRST, LAST] = [15_000, 32_000];

/** Ports on loopback that nobody listens on at this moment; held open together, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const held = new Map<number, Server>();
  while (held.size < count) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    const server = await listen(port);
    if (server !== undefined) held.set(port, server);
  }
  await Promise.all([...held.values()].map((server) => once(server.close(), 'close')));
  return [...held.keys()];
}

async function listen(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, '127.0.0.1');
  return once(server, 'listening').then(
    () => server,
    () => undefined,
  );
}
