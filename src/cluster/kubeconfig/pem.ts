import { X509Certificate } from 'node:crypto';
import { ClusterError } from '../../errors.ts';
import type { PemSource } from './client-config.ts';

const BEGIN = /-----BEGIN ([^\n-]*)-----[\t\r ]*\n/g;
const END = /-----END ([^\n-]*)-----/g;

interface Block {
  readonly type: string;
  readonly text: string;
  readonly hasHeaders: boolean;
}

/** In time that grows with the text alone: one pattern for a whole block would look for the end of each beginning anew. */
function blocks(pem: Buffer): Block[] {
  const text = pem.toString('latin1');
  const ends = Map.groupBy(text.matchAll(END), ([, type = '']) => type);
  const found: Block[] = [];
  let from = 0;
  for (const begin of text.matchAll(BEGIN)) {
    const [head, type = ''] = begin;
    const body = begin.index + head.length;
    const candidates = ends.get(type) ?? [];
    while (candidates[0] !== undefined && candidates[0].index < body) candidates.shift();
    const [end] = candidates;
    if (begin.index < from || end === undefined) continue;
    from = end.index + end[0].length;
    found.push({ text: text.slice(begin.index, from), type, hasHeaders: text.slice(body, end.index).includes(':') });
  }
  return found;
}

/**
 * The certificates of a configured authority, each an anchor of trust. Skips what is between and beside them, as Go's
 * `AppendCertsFromPEM`; an empty file is no certificate at all, and trusts nothing. Throws ConfigInvalid if there is text but no certificate.
 */
export function trustAnchors(source: PemSource): string[] {
  if (source.pem.length === 0) return [];
  const found = blocks(source.pem);
  const certificates = found.filter((block) => block.type === 'CERTIFICATE' && !block.hasHeaders).map((block) => block.text);
  const anchors = certificates.filter(isCertificate);
  if (anchors.length > 0) return anchors;
  throw invalid(`unable to load root certificates: ${caProblem(found.length, certificates.length)}`, source);
}

function caProblem(found: number, certificates: number): string {
  if (certificates > 0) return 'failed to parse certificate: x509: malformed certificate';
  return found === 0 ? 'unable to parse bytes as PEM block' : 'no valid certificate authority data seen';
}

/** Whether OpenSSL can read it; it would skip a broken one silently, and with it all that follow. */
function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

/** Why OpenSSL refused a client certificate and key, in the words of Go's `tls.X509KeyPair`. */
export function keyPairProblem(pair: { readonly certificate: PemSource; readonly key: PemSource }, cause: unknown): ClusterError {
  const certificates = blocks(pair.certificate.pem);
  const keys = blocks(pair.key.pem);
  if (!certificates.some(({ type }) => type === 'CERTIFICATE')) return invalid(missingCertificate(certificates), pair.certificate, cause);
  if (!certificates.some(({ type, text }) => type === 'CERTIFICATE' && isCertificate(text)))
    return invalid('x509: malformed certificate', pair.certificate, cause);
  if (!keys.some(({ type }) => type === 'PRIVATE KEY' || type.endsWith(' PRIVATE KEY'))) {
    if (keys.some(({ type }) => type === 'CERTIFICATE'))
      return invalid('tls: found a certificate rather than a key in the PEM for the private key', pair.key, cause);
    return invalid(missing('key', 'PEM block with type ending in "PRIVATE KEY"', keys), pair.key, cause);
  }
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (/MISMATCH/.test(code)) return invalid('tls: private key does not match public key', pair.key, cause);
  return invalid('tls: failed to parse private key', pair.key, cause);
}

// https://go.dev/src/crypto/tls/tls.go (X509KeyPair)
function missingCertificate(found: readonly Block[]): string {
  if (found.length === 1 && found[0]?.type.endsWith('PRIVATE KEY'))
    return 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched';
  return missing('certificate', '"CERTIFICATE" PEM block', found);
}

function missing(what: string, wanted: string, found: readonly Block[]): string {
  if (found.length === 0) return `tls: failed to find any PEM data in ${what} input`;
  return `tls: failed to find ${wanted} in ${what} input after skipping PEM blocks of the following types: [${found.map(({ type }) => type).join(' ')}]`;
}

function invalid(message: string, source: PemSource, cause?: unknown): ClusterError {
  return new ClusterError('ConfigInvalid', message, { cause, hint: `Check ${source.origin}.` });
}
