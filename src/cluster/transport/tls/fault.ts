import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { ClusterError, type FailureReason } from '../../../errors.ts';
import { escapeText } from '../../../text/escape.ts';
import { lookUp } from '../../../text/look-up.ts';
import { codeOf, lostConnection } from '../tcp/fault.ts';
import { type AlternativeNames, identityProblem, parseAlternativeNames } from './server-identity.ts';
import { chainVerdict } from './verdict.ts';

/** What the server's certificate says, kept for the message. */
export interface Peer {
  readonly certificate: X509Certificate;
  readonly names: AlternativeNames | undefined;
  readonly commonName: string | undefined;
  readonly validFrom: Date;
  readonly validTo: Date;
}

export function peerOf(socket: TLSSocket): Peer | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return undefined;
  return {
    certificate,
    names: parseAlternativeNames(certificate.subjectAltName),
    // Read only if something is wrong.
    get commonName() {
      return /^CN=(.*)$/m.exec(certificate.subject ?? '')?.[1];
    },
    get validFrom() {
      return certificate.validFromDate;
    },
    get validTo() {
      return certificate.validToDate;
    },
  };
}

/** Node's code, and ours, for a certificate of somebody else. */
export const WRONG_NAME = 'ERR_TLS_CERT_ALTNAME_INVALID';

/**
 * What went wrong in a handshake with `name`, in the words of Go's crypto/tls and crypto/x509. Go looks at the leaf's dates
 * first, then at its names, then at who signed it (Certificate.Verify), so that is the order here. `verdict` is what our own verification says
 * of the chain, in place of OpenSSL's.
 */
export function tlsFault(error: unknown, name: string, peer: Peer | undefined, now: Date, verdict?: string): ClusterError {
  const code = codeOf(error);
  const chain = verdict ?? chainVerdict(code, error instanceof Error ? error.message : '');
  return verificationFault(code, chain, error, name, peer, now) ?? handshakeFault(code, error);
}

function verificationFault(
  code: string,
  chain: string | undefined,
  cause: unknown,
  name: string,
  peer: Peer | undefined,
  now: Date,
): ClusterError | undefined {
  const isDate = code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID';
  if (chain === undefined && !isDate && code !== WRONG_NAME) return undefined;
  const refusal = (reason: FailureReason, message: string, hint?: string) =>
    // A certificate may say anything, and nobody has vouched for it.
    new ClusterError(reason, `tls: failed to verify certificate: x509: ${escapeText(message)}`, { cause, hint: hint && escapeText(hint) });
  const dates = peer && dateProblem(peer, now);
  if (dates !== undefined || isDate)
    return refusal('CertificateExpired', ['certificate has expired or is not yet valid', dates].filter(Boolean).join(': '));
  const identity = peer && identityProblem(name, peer.names, peer.commonName);
  if (identity) return refusal('CertificateNameMismatch', identity.message, nameFlag(identity.suggestion, code));
  return refusal('CertificateUntrusted', chain ?? 'certificate signed by unknown authority');
}

function dateProblem({ validFrom, validTo }: Peer, now: Date): string | undefined {
  if (now > validTo) return `current time ${rfc3339(now)} is after ${rfc3339(validTo)}`;
  if (now < validFrom) return `current time ${rfc3339(now)} is before ${rfc3339(validFrom)}`;
  return undefined;
}

function rfc3339(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

/**
 * What would make the certificate fit; `hints.ts` knows whether that is wise. Node looks at names last: any other code means that nobody
 * who is trusted signed it, and then a name in it is no help.
 */
function nameFlag(name: string | undefined, code: string): string | undefined {
  return name && code === WRONG_NAME ? `--tls-server-name ${name}` : undefined;
}

/** OpenSSL's names of the alerts of RFC 8446, 6 that Go calls otherwise than by lower case and blanks. */
const ALERTS: Readonly<Record<string, string>> = {
  CERTIFICATE_EXPIRED: 'expired certificate',
  CERTIFICATE_REVOKED: 'revoked certificate',
  CERTIFICATE_UNKNOWN: 'unknown certificate',
  UNKNOWN_CA: 'unknown certificate authority',
  PROTOCOL_VERSION: 'protocol version not supported',
  INSUFFICIENT_SECURITY: 'insufficient security level',
  DECODE_ERROR: 'error decoding message',
  DECRYPT_ERROR: 'error decrypting message',
  BAD_RECORD_MAC: 'bad record MAC',
};

/** A fault of the TLS protocol, in a handshake or after it; TLS 1.3 servers refuse a client certificate only then. */
export function handshakeFault(code: string, cause: unknown): ClusterError {
  const alert =
    /^ERR_SSL_(?:SSLV3|SSL\/TLS|TLSV1|TLSV13|TLS)_ALERT_(.+)$/.exec(code)?.[1] ?? /^ERR_SSL_TLSV1_(UNRECOGNIZED_NAME)$/.exec(code)?.[1];
  if (alert !== undefined) {
    const words = lookUp(ALERTS, alert) ?? alert.toLowerCase().replaceAll('_', ' ');
    return new ClusterError('TLSFailed', `remote error: tls: ${words}`, { cause });
  }
  if (/^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL|RECORD_TOO_SMALL)$/.test(code))
    return new ClusterError('WrongProtocol', 'http: server gave HTTP response to HTTPS client', { cause });
  return lostConnection(cause, 'later') ?? new ClusterError('TLSFailed', tlsWords(code), { cause });
}

/** OpenSSL's text helps nobody; the name of its error can be searched for. */
function tlsWords(code: string): string {
  const words = code
    .replace(/^ERR_(SSL|OSSL|TLS)_/, '')
    .toLowerCase()
    .replaceAll('_', ' ');
  return `tls: handshake failed${words === '' ? '' : `: ${words}`}`;
}
