import type { Duplex } from 'node:stream';
import { ClusterError } from '../../../errors.ts';
import type { ClientConfig, Credential } from '../../kubeconfig/client-config.ts';
import type { Environment } from '../../kubeconfig/files.ts';
import { codeOf } from '../tcp/fault.ts';
import type { SystemRoots } from './system-roots.ts';
import { secure, type TlsContext, tlsContext } from './tls.ts';

type ClientCertificate = Credential['clientCertificate'];

/** Does a handshake with `host` on a connection. */
export type Secure = (raw: Duplex, host: string) => Promise<Duplex>;

export interface TrustOptions {
  readonly config: Pick<ClientConfig, 'tls'>;
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly now: () => Date;
}

export interface Trust {
  /** Throws ConfigInvalid if the authority, or the configured client certificate, cannot be used. */
  readonly check: () => void;
  /** Runs `open` with handshakes that trust what is configured; once more with all system roots if the common ones do not suffice. */
  readonly withTrust: (certificate: ClientCertificate, signal: AbortSignal, open: (secure: Secure) => Promise<Duplex>) => Promise<Duplex>;
}

export async function createTrust({ config, platform, env, now }: TrustOptions): Promise<Trust> {
  let roots = await initialRoots(config, platform, env);
  let extending: Promise<void> | undefined;
  let made: { readonly certificate: ClientCertificate; readonly context: TlsContext } | undefined;
  const contextFor = (certificate: ClientCertificate): TlsContext => {
    if (made && made.certificate === certificate) return made.context;
    made = { certificate, context: contextOf(config, roots?.certificates, certificate) };
    return made.context;
  };
  const withTrust: Trust['withTrust'] = async (certificate, signal, open) => {
    const attempt = async () => {
      // Before anything is sent: a configuration that cannot work needs no proxy that learns our password.
      const context = contextFor(certificate);
      try {
        return await open((raw, host) => secure(raw, host, context, now, signal));
      } catch (error) {
        if (!isAboutPurpose(error)) throw error;
        const { forAnyPurpose } = await import('./any-purpose.ts');
        const verified = forAnyPurpose(context, now);
        return open((raw, host) => secure(raw, host, verified, now, signal));
      }
    };
    const before = roots;
    try {
      return await attempt();
    } catch (error) {
      if (!before?.rest || !(error instanceof ClusterError && error.reason === 'CertificateUntrusted')) throw error;
      // Requests that go out together fail together: the first has the folders read, and all try again.
      extending ??= allOf(before).then((all) => {
        roots = all;
        made = undefined;
      });
      await extending;
      return attempt();
    }
  };
  return { check: () => void contextFor(undefined), withTrust };
}

/** Whether OpenSSL misses the purpose, of the server or of a proxy: what else is wrong, if anything, it does not say then. */
function isAboutPurpose(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (codeOf(at) === 'INVALID_PURPOSE') return true;
  return false;
}

function contextOf({ tls }: TrustOptions['config'], roots: readonly string[] | undefined, fromPlugin: ClientCertificate): TlsContext {
  if (!fromPlugin) return tlsContext(tls, roots, tls.clientCertificate);
  try {
    return tlsContext(tls, roots, fromPlugin);
  } catch (cause) {
    if (!(cause instanceof ClusterError)) throw cause;
    const message = `getting credentials: failed parsing client key/certificate: ${cause.message}`;
    throw new ClusterError('CredentialsFailed', message, { cause, hint: cause.hint });
  }
}

async function allOf({ certificates, rest }: SystemRoots): Promise<SystemRoots> {
  return { certificates: [...certificates, ...((await rest?.()) ?? [])] };
}

/** Undefined if the system's roots do not count. */
async function initialRoots(
  { tls }: TrustOptions['config'],
  platform: NodeJS.Platform,
  env: Environment,
): Promise<SystemRoots | undefined> {
  if (tls.insecure || tls.ca) return undefined;
  const { systemRoots } = await import('./system-roots.ts');
  return systemRoots(platform, env);
}
