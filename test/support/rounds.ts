import { connect, createServer, type Socket } from 'node:net';
import type { FakeCluster } from './fake-cluster.ts';
import { atClose, listen } from './wire.ts';

/** Counts how many requests go out together, round by round: a round begins where nothing is under way. */
export function countingRounds(cluster: FakeCluster): { readonly cluster: FakeCluster; readonly rounds: readonly number[] } {
  const rounds: number[] = [];
  let underWay = 0;
  const counted: Around =
    (send) =>
    async (...words) => {
      if (underWay++ === 0) rounds.push(0);
      rounds[rounds.length - 1] = (rounds.at(-1) ?? 0) + 1;
      // All that a round sends is sent before the first answer comes.
      await new Promise((resolve) => setImmediate(resolve));
      return send(...words).finally(() => {
        underWay -= 1;
      });
    };
  return { cluster: around(cluster, counted), rounds };
}

/** Answers as many requests as `sizes` says together, when all of them were sent: none if there are fewer. Others are answered one by one. */
export function answeringTogether(cluster: FakeCluster, sizes: readonly number[]): FakeCluster {
  const left = [...sizes];
  const held: (() => void)[] = [];
  return around(cluster, (send) => async (...words) => {
    await new Promise<void>((resolve) => {
      held.push(resolve);
      if (held.length < (left[0] ?? 1)) return;
      left.shift();
      for (const answer of held.splice(0)) answer();
    });
    return send(...words);
  });
}

type Around = <A extends readonly unknown[], T>(send: (...words: A) => Promise<T>) => (...words: A) => Promise<T>;

function around(cluster: FakeCluster, wrap: Around): FakeCluster {
  const { get, list, create, discover } = cluster;
  return { ...cluster, get: wrap(get), list: wrap(list) as FakeCluster['list'], create: wrap(create), discover: wrap(discover) };
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
