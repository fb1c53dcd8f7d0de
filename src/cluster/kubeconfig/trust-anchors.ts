import { X509Certificate } from 'node:crypto';
import { ClusterError } from '../../errors.ts';
import type { PemSource } from './client-config.ts';
import { pemBlocks, toPem } from './pem.ts';

/**
 * The certificates of a configured authority, each an anchor of trust. Skips what is between and beside them, as Go's
 * `AppendCertsFromPEM`; an empty file is no certificate at all, and trusts nothing. Throws ConfigInvalid if there is text but no certificate.
 */
export function trustAnchors(source: PemSource): string[] {
  if (source.pem.length === 0) return [];
  const found = pemBlocks(source.pem);
  const certificates = found.filter(({ type, hasHeaders }) => type === 'CERTIFICATE' && !hasHeaders);
  const problems = certificates.map(({ der }) => certificateProblem(der));
  const anchors = certificates.filter((_, index) => problems[index] === undefined);
  if (anchors.length > 0) return anchors.map(({ type, der }) => toPem(type, der));
  const message = problems[0] === undefined ? nothingFound(found.length) : `failed to parse certificate: ${problems[0]}`;
  throw new ClusterError('ConfigInvalid', `unable to load root certificates: ${message}`, { hint: `Check ${source.origin}.` });
}

function nothingFound(blocks: number): string {
  return blocks === 0 ? 'unable to parse bytes as PEM block' : 'no valid certificate authority data seen';
}

/** How the OBJECT IDENTIFIERs of the brainpool curves start, which OpenSSL knows and Go does not. */
const BRAINPOOL = Buffer.from('2b2403030208', 'hex');

/** Why a certificate cannot be used, in Go's words; undefined if it can. OpenSSL would skip a broken one silently, and with it all that follow. */
export function certificateProblem(der: Buffer): string | undefined {
  if (der.includes(BRAINPOOL)) return 'x509: unsupported elliptic curve';
  try {
    return new X509Certificate(der).raw.length > 0 ? undefined : 'x509: malformed certificate';
  } catch {
    return 'x509: malformed certificate';
  }
}
