import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  type ConnectionOptions,
  connect,
  createSecureContext,
  type SecureContext,
  setDefaultCACertificates,
  type TLSSocket,
} from 'node:tls';
import { ClusterError } from '../../../errors.ts';
import type { Credential, TlsConfig } from '../../kubeconfig/client-config.ts';
import { trustAnchors } from '../../kubeconfig/trust-anchors.ts';
import { LIMITS } from '../../limits.ts';
import { type Peer, peerOf, tlsFault } from './fault.ts';
import { withKeyPair } from './key-pair.ts';
import { identityProblem } from './server-identity.ts';

type KeyPair = NonNullable<Credential['clientCertificate']>;

/** What a handshake needs, made once for a certificate: loading keys and roots is the costly part. */
export interface TlsContext {
  readonly secureContext: SecureContext;
  /** PEM texts of what is trusted, one or more certificates each. */
  readonly anchors: readonly string[];
  readonly insecure: boolean;
  /** With `insecure`: what is wrong with a peer that says it is `name`. */
  readonly verify?: (name: string, peer: Peer | undefined) => ClusterError | undefined;
  readonly serverName: string | undefined;
}

/** `roots` are the system's, or absent where the cluster has an authority of its own. Throws ConfigInvalid for bad PEM. */
export function tlsContext(tls: TlsConfig, roots: readonly string[] | undefined, pair: KeyPair | undefined): TlsContext {
  const ca = tls.insecure ? [] : tls.ca ? trustAnchors(tls.ca) : [...(roots ?? [])];
  return { secureContext: secureContext(ca, pair), anchors: ca, insecure: tls.insecure, serverName: tls.serverName };
}

/**
 * What Go offers, in OpenSSL's names: TLS 1.2 with ephemeral keys only, https://go.dev/src/crypto/tls/cipher_suites.go. Of security level 1 are keys of
 * 1024 bits, as in Go, and no signature with SHA-1.
 */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
  '@SECLEVEL=1',
].join(':');

/** https://go.dev/src/crypto/tls/defaults.go (defaultSupportedSignatureAlgorithms), but for SHA-1 */
const SIGNATURES = [
  'rsa_pss_rsae_sha256',
  'ecdsa_secp256r1_sha256',
  'ed25519',
  'rsa_pss_rsae_sha384',
  'rsa_pss_rsae_sha512',
  'rsa_pkcs1_sha256',
  'rsa_pkcs1_sha384',
  'rsa_pkcs1_sha512',
  'ecdsa_secp384r1_sha384',
  'ecdsa_secp521r1_sha512',
].join(':');

/** Every option is given: Node's own defaults move with NODE_OPTIONS, NODE_EXTRA_CA_CERTS and NODE_TLS_REJECT_UNAUTHORIZED. */
function secureContext(ca: string[], pair: KeyPair | undefined): SecureContext {
  // To add an authority Node compares with its default roots, and for that parses them: 140 certificates that must not count here.
  setDefaultCACertificates?.([]);
  const common = {
    ca,
    allowPartialTrustChain: true,
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ciphers: CIPHERS,
    sigalgs: SIGNATURES,
  } as const;
  return pair ? withKeyPair(pair, (cert, key) => createSecureContext({ ...common, cert, key })) : createSecureContext(common);
}

/**
 * Does the TLS handshake on a connection that stands, within 10 s as client-go, and resolves only if the peer is who it
 * should be: `host`, or the `tls-server-name` that replaces it. Rejects with a ClusterError or the signal's reason.
 */
export function secure(raw: Duplex, host: string, context: TlsContext, now: () => Date, signal: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const name = context.serverName ?? host;
    let peer: Peer | undefined;
    const socket = connect(handshakeOptions(raw, name, context, () => peer));
    // Ahead of Node's own listener, which closes the connection of a peer that it does not trust: only wording depends on it.
    socket.prependListener('secure', () => {
      peer = peerOf(socket);
    });
    const fail = (error: unknown) => {
      release();
      socket.on('error', () => undefined);
      socket.destroy();
      raw.destroy();
      reject(error);
    };
    const failed = (error: unknown) => fail(tlsFault(error, name, peer, now()));
    const closed = () => failed(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
    const abort = () => fail(signal.reason);
    const succeed = () => {
      const refusal = context.verify?.(name, peer);
      if (refusal !== undefined) {
        fail(refusal);
        return;
      }
      release();
      resolve(socket);
    };
    const timer = setTimeout(() => fail(new ClusterError('Unreachable', 'net/http: TLS handshake timeout')), LIMITS.handshakeMilliseconds);
    const release = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.off('error', failed).off('close', closed).off('secureConnect', succeed);
    };
    signal.addEventListener('abort', abort);
    socket.once('error', failed).once('close', closed).once('secureConnect', succeed);
  });
}

function handshakeOptions(raw: Duplex, name: string, context: TlsContext, peer: () => Peer | undefined): ConnectionOptions {
  return {
    socket: raw,
    secureContext: context.secureContext,
    rejectUnauthorized: !context.insecure,
    // An address is no server name (RFC 6066, 3).
    servername: isIP(name) === 0 ? name.replace(/\.$/, '') : '',
    // Node's own argument is empty once the certificate has been read as an X509Certificate.
    checkServerIdentity: () => identityError(name, peer()),
    ALPNProtocols: ['http/1.1'],
  };
}

/** The message does not matter: `tlsFault` words it anew. */
function identityError(name: string, peer: Peer | undefined): Error | undefined {
  if (!identityProblem(name, peer?.names, undefined)) return undefined;
  return Object.assign(new Error('name mismatch'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
}
