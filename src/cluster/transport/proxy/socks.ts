import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { SocksClient } from 'socks';
import { ClusterError } from '../../../errors.ts';
import { reveal } from '../../../text/secret.ts';
import { LIMITS } from '../../limits.ts';
import type { ProxyServer } from './proxy.ts';

/** Where the way through a proxy leads. */
interface Way {
  readonly proxy: ProxyServer;
  readonly host: string;
  readonly port: number;
}

/** SOCKS 5; the proxy resolves the name, as with Go's `socks5` and `socks5h` alike. The only file that knows the library. */
export async function openSocks(raw: Duplex, { proxy, host, port }: Way, signal: AbortSignal): Promise<Duplex> {
  const abort = () => raw.destroy();
  signal.addEventListener('abort', abort);
  try {
    const { socket } = await SocksClient.createConnection({
      command: 'connect',
      proxy: {
        host: proxy.host,
        port: proxy.port,
        type: 5,
        ...(proxy.user ? { userId: proxy.user.username, password: reveal(proxy.user.password) } : {}),
      },
      destination: { host, port },
      existing_socket: raw as Socket,
      timeout: LIMITS.tunnelMilliseconds,
    });
    return socket;
  } catch (error) {
    // The library's error carries its options, the password among them: only its words go on.
    throw new ClusterError('ProxyFailed', `socks connect: ${error instanceof Error ? error.message : 'failed'}`);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
