import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import { startDeadline } from '../../../async/deadline.ts';
import { ClusterError, messageOf } from '../../../errors.ts';
import { reveal } from '../../../text/secret.ts';
import { basicAuthorization } from '../../credentials/authorization.ts';
import { LIMITS } from '../../limits.ts';
import { codeOf, dialFault, lostConnection } from '../tcp/fault.ts';
import { openTcp } from '../tcp/tcp.ts';
import { isFromEnvironment, type ProxyServer } from './proxy.ts';

export interface TunnelOptions {
  readonly proxy: ProxyServer;
  readonly host: string;
  readonly port: number;
  readonly userAgent: string;
  readonly signal: AbortSignal;
  /** TLS with the proxy itself, by the cluster's settings. */
  readonly secureProxy: (raw: Duplex, host: string) => Promise<Duplex>;
}

/** A connection to the proxy itself, for requests in absolute form. */
export async function connectToProxy({ proxy, signal, secureProxy }: TunnelOptions): Promise<Duplex> {
  try {
    const raw = await openTcp(proxy.host, proxy.port, signal);
    return proxy.kind === 'https' ? await secureProxy(raw, proxy.host) : raw;
  } catch (error) {
    signal.throwIfAborted();
    throw proxyFault(proxy, error instanceof ClusterError ? error : dialFault(error, proxy.host, proxy.port));
  }
}

/** A connection through the proxy to `host` at `port`. */
export async function openTunnel(options: TunnelOptions): Promise<Duplex> {
  const raw = await connectToProxy(options);
  const deadline = startDeadline(LIMITS.tunnelMilliseconds, options.signal);
  try {
    const open = options.proxy.kind === 'socks5' ? (await import('./socks.ts')).openSocks : openConnect;
    return await open(raw, options, deadline.signal);
  } catch (error) {
    raw.destroy();
    options.signal.throwIfAborted();
    throw proxyFault(options.proxy, deadline.signal.aborted ? new ClusterError('Unreachable', 'i/o timeout') : error);
  } finally {
    deadline.clear();
  }
}

/** HTTP CONNECT, https://www.rfc-editor.org/rfc/rfc9110#name-connect */
function openConnect(raw: Duplex, { proxy, host, port, userAgent }: TunnelOptions, signal: AbortSignal): Promise<Duplex> {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return new Promise((resolve, reject) => {
    const connecting = request({
      method: 'CONNECT',
      path: authority,
      setHost: false,
      headers: {
        Host: authority.replace(/%[^\]]*/, ''),
        'User-Agent': userAgent,
        ...(proxy.user && { 'Proxy-Authorization': reveal(basicAuthorization(proxy.user)) }),
        Connection: 'keep-alive',
      },
      maxHeaderSize: LIMITS.headerBytes,
      createConnection: () => raw,
      signal,
    });
    connecting.once('connect', (answer, socket, head) => {
      if (answer.statusCode !== 200) {
        socket.destroy();
        reject(new ClusterError('ProxyFailed', `${answer.statusCode} ${answer.statusMessage ?? ''}`.trim(), { code: answer.statusCode }));
        return;
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    connecting.once('error', reject);
    connecting.end();
  });
}

function proxyFault(proxy: ProxyServer, error: unknown): ClusterError {
  const known = error instanceof ClusterError ? error : lostConnection(error, 'never');
  const words = known?.message ?? (codeOf(error).startsWith('HPE_') ? 'malformed answer' : messageOf(error));
  const hint =
    known?.code === 407
      ? `Give user and password in ${proxy.source}.`
      : `The proxy comes from ${proxy.source}${isFromEnvironment(proxy) ? "; NO_PROXY excludes servers from the environment's proxies" : ''}.`;
  return new ClusterError('ProxyFailed', `proxy ${proxy.label}: ${words}`, { hint, cause: error, code: known?.code });
}
