import type { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import { reveal, type Secret } from '../../text/secret.ts';
import { basicAuthorization } from '../credentials/authorization.ts';
import type { Credential, SecretPem } from '../kubeconfig/client-config.ts';
import { LIMITS } from '../limits.ts';
import { createDialer, type Dialer, type DialerOptions } from './dial.ts';
import { createAgent } from './exchange.ts';
import type { EarlyTcp } from './tcp/early.ts';

interface OpenConnections {
  readonly agent: Agent;
  readonly absoluteForm: boolean;
  readonly proxyAuthorization: Secret | undefined;
}

export interface Connections {
  /** Rejects with ConfigInvalid if TLS to the server cannot work. */
  readonly check: () => Promise<void>;
  readonly open: (credential: Credential) => OpenConnections;
  /** Opens one of them as far as can be done without credentials; undefined if that is not at all. */
  readonly openEarly: (signal: AbortSignal) => EarlyTcp | undefined;
  readonly close: () => void;
}

/** One pool of connections, replaced when an exec plugin gives another client certificate. `isFar` is called if the first takes its time to stand. */
export function createConnections(options: DialerOptions, isFar: () => void): Connections {
  let made: Dialer | undefined;
  const dialer = (): Dialer => {
    made ??= createDialer(options);
    return made;
  };
  let isFirst = true;
  const timed = async (dialing: Promise<Duplex>): Promise<Duplex> => {
    if (!isFirst) return dialing;
    isFirst = false;
    const timer = setTimeout(isFar, LIMITS.nearMilliseconds);
    return dialing.finally(() => clearTimeout(timer));
  };
  let current: { readonly certificate: Credential['clientCertificate']; readonly agent: Agent } | undefined;
  const open = ({ clientCertificate }: Credential): OpenConnections => {
    const { dial, proxy } = dialer();
    if (!current || !isSameCertificate(current.certificate, clientCertificate)) {
      current?.agent.destroy();
      current = { certificate: clientCertificate, agent: createAgent((dialOptions) => timed(dial(clientCertificate, dialOptions))) };
    }
    const absoluteForm = proxy !== undefined && proxy.kind !== 'socks5' && options.config.url.protocol === 'http:';
    return { agent: current.agent, absoluteForm, proxyAuthorization: proxy?.user && basicAuthorization(proxy.user) };
  };
  return {
    check: async () => dialer().check(),
    open,
    openEarly: (signal) => dialer().openEarly(signal),
    close: () => current?.agent.destroy(),
  };
}

function isSameCertificate(a: Credential['clientCertificate'], b: Credential['clientCertificate']): boolean {
  if (!a || !b) return a === b;
  return isSamePem(a.certificate, b.certificate) && isSamePem(a.key, b.key);
}

function isSamePem(a: SecretPem, b: SecretPem): boolean {
  return reveal(a.pem).equals(reveal(b.pem));
}
