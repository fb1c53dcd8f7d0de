import { connect, createServer, type Socket } from 'node:net';
import type { FakeCluster } from './fake-cluster.ts';
import { atClose, listen } from './wire.ts';

/** Counts how many requests go out together, round by round: a round begins where nothing is under way. */
export function countingRounds(cluster: FakeCluster): { readonly cluster: FakeCluster; readonly rounds: readonly number[] } {
  const rounds: number[] = [];
  let underWay = 0;
  const counted =
    <A extends readonly unknown[], T>(send: (...words: A) => Promise<T>) =>
    async (...words: A): Promise<T> => {
      if (underWay++ === 0) rounds.push(0);
      rounds[rounds.length - 1] = (rounds.at(-1) ?? 0) + 1;
      // All that a round sends is sent before the first answer comes.
      await new Promise((resolve) => setImmediate(resolve));
      return send(...words).finally(() => {
        underWay -= 1;
      });
    };
  const { get, list, create, discover } = cluster;
  return {
    cluster: {
      ...cluster,
      get: counted(get),
      list: counted(list) as FakeCluster['list'],
      create: counted(create),
      discover: counted(discover),
    },
    rounds,
  };
}

/**
 * A port that leads to another one of this host, but lets nothing through before there are so many connections: over HTTP/1.1 so many requests have to be
 * sent before any is answered. Resolves to the port.
 */
export async function gatheringProxy(target: number, count: number): Promise<number> {
  const held: Socket[] = [];
  const pass = (client: Socket) => {
    const server = connect({ host: '127.0.0.1', port: target });
    atClose(() => server.destroy());
    server.on('error', () => client.destroy());
    client.on('error', () => server.destroy());
    client.pipe(server).pipe(client);
  };
  const proxy = createServer((client) => {
    held.push(client);
    if (held.length >= count) for (const one of held.splice(0)) pass(one);
  });
  return (await listen(proxy)).port;
}
