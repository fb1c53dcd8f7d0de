import type { Duplex } from 'node:stream';
import { ClusterError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { ClientConfig, Credential } from '../kubeconfig/client-config.ts';
import { chooseProxy, hostOf, type ProxyServer, portOf } from './proxy/proxy.ts';
import { dialFault } from './tcp/fault.ts';
import { openTcp } from './tcp/tcp.ts';
import type { Secure } from './tls/trust.ts';

type ClientCertificate = Credential['clientCertificate'];

export interface DialOptions {
  readonly config: ClientConfig;
  readonly env: Host['env'];
  readonly platform: NodeJS.Platform;
  readonly now: () => Date;
  readonly userAgent: string;
}

export interface Dialer {
  readonly proxy: ProxyServer | undefined;
  /** Rejects with ConfigInvalid if TLS to the server cannot work. */
  readonly check: () => Promise<void>;
  /** Connects to the server, over TLS and through the proxy if so configured. */
  readonly dial: (certificate: ClientCertificate, signal: AbortSignal) => Promise<Duplex>;
}

/** How one configuration reaches its server: decided once, TLS is loaded only if it is spoken. */
export function createDialer(options: DialOptions): Dialer {
  const { config } = options;
  const proxy = chooseProxy(config, options.env);
  const usesTls = config.url.protocol === 'https:' || proxy?.kind === 'https';
  const trust = usesTls ? import('./tls/trust.ts').then(({ createTrust }) => createTrust(options)) : undefined;
  // Whoever dials first hears of a failure; until then it is nobody's.
  trust?.catch(() => undefined);
  const dial = async (certificate: ClientCertificate, signal: AbortSignal) => {
    const open = (secure: Secure) => (proxy ? openThrough(proxy, options, secure, signal) : openDirect(config, secure, signal));
    return trust ? (await trust).withTrust(certificate, signal, open) : open(noTls);
  };
  return { proxy, check: async () => (await trust)?.check(), dial };
}

const noTls: Secure = async (raw) => raw;

async function openDirect(config: ClientConfig, secure: Secure, signal: AbortSignal): Promise<Duplex> {
  const host = hostOf(config);
  const port = portOf(config.url);
  const raw = await openTcp(host, port, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw serverFault(dialFault(error, host, port), config);
  });
  return secure(raw, host);
}

/** kubectl's own sentence, with the server as the kubeconfig spells it. */
function serverFault(fault: ClusterError, { url }: ClientConfig): ClusterError {
  if (fault.reason !== 'ConnectionRefused') return fault;
  const message = `The connection to the server ${url.host} was refused - did you specify the right host or port?`;
  return new ClusterError(fault.reason, message, { cause: fault.cause });
}

async function openThrough(proxy: ProxyServer, options: DialOptions, secure: Secure, signal: AbortSignal): Promise<Duplex> {
  const { url } = options.config;
  const { connectToProxy, openTunnel } = await import('./proxy/connect.ts');
  const host = hostOf(options.config);
  const tunnel = { proxy, host, port: portOf(url), userAgent: options.userAgent, signal, secureProxy: secure };
  if (url.protocol === 'https:') return secure(await openTunnel(tunnel), host);
  return proxy.kind === 'socks5' ? openTunnel(tunnel) : connectToProxy(tunnel);
}
