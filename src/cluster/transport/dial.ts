import type { Duplex } from 'node:stream';
import { ClusterError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { ClientConfig, Credential } from '../kubeconfig/client-config.ts';
import { chooseProxy, hostOf, type ProxyServer, portOf } from './proxy/proxy.ts';
import { type EarlyTcp, openEarly } from './tcp/early.ts';
import { dialFault } from './tcp/fault.ts';
import { openTcp } from './tcp/tcp.ts';
import type { Secure, Trust } from './tls/trust.ts';

type ClientCertificate = Credential['clientCertificate'];

export interface DialOptions {
  readonly signal: AbortSignal;
  readonly early: EarlyTcp | undefined;
}

export interface DialerOptions {
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
  /** Opens what `dial` may use; undefined if that begins with a proxy. */
  readonly openEarly: (signal: AbortSignal) => EarlyTcp | undefined;
  /** Connects to the server, over TLS and through the proxy if so configured. */
  readonly dial: (certificate: ClientCertificate, options: DialOptions) => Promise<Duplex>;
}

/** How one configuration reaches its server: decided once, TLS is loaded only if it is spoken. */
export function createDialer(options: DialerOptions): Dialer {
  const { config } = options;
  const proxy = chooseProxy(config, options.env);
  const usesTls = config.url.protocol === 'https:' || proxy?.kind === 'https';
  let loading: Promise<Trust> | undefined;
  const trust = (): Promise<Trust> | undefined => {
    if (usesTls) loading ??= import('./tls/trust.ts').then(({ createTrust }) => createTrust(options));
    return loading;
  };
  const dial = async (certificate: ClientCertificate, { signal, early }: DialOptions) => {
    const open = (secure: Secure) => (proxy ? openThrough(proxy, options, secure, signal) : openDirect(config, secure, { signal, early }));
    return (await trust())?.withTrust(certificate, signal, open) ?? open(noTls);
  };
  const early = (signal: AbortSignal) => (proxy ? undefined : openEarly(hostOf(config), portOf(config.url), signal));
  return { proxy, check: async () => (await trust())?.check(), openEarly: early, dial };
}

const noTls: Secure = async (raw) => raw;

async function openDirect(config: ClientConfig, secure: Secure, { signal, early }: DialOptions): Promise<Duplex> {
  const host = hostOf(config);
  const port = portOf(config.url);
  const open = async () => (await early?.take()) ?? openTcp(host, port, signal);
  const raw = await open().catch((error: unknown) => {
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

async function openThrough(proxy: ProxyServer, options: DialerOptions, secure: Secure, signal: AbortSignal): Promise<Duplex> {
  const { url } = options.config;
  const { connectToProxy, openTunnel } = await import('./proxy/connect.ts');
  const host = hostOf(options.config);
  const tunnel = { proxy, host, port: portOf(url), userAgent: options.userAgent, signal, secureProxy: secure };
  if (url.protocol === 'https:') return secure(await openTunnel(tunnel), host);
  return proxy.kind === 'socks5' ? openTunnel(tunnel) : connectToProxy(tunnel);
}
