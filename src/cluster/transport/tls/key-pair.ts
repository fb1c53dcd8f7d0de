import { ClusterError } from '../../../errors.ts';
import { reveal } from '../../../text/secret.ts';
import type { KeyPair, SecretPem } from '../../kubeconfig/client-config.ts';
import { type PemBlock, pemBlocks, toPem } from '../../kubeconfig/pem.ts';
import { certificateProblem } from '../../kubeconfig/trust-anchors.ts';
import { codeOf } from '../tcp/fault.ts';

/**
 * What `use` makes of a client certificate with its chain, and of its key, both as one PEM text. Throws ConfigInvalid, in the words of Go's
 * `tls.X509KeyPair`, if they are not what they should be. As there, a key may be in any of the formats, whatever its label says.
 */
export function withKeyPair<T>(pair: KeyPair, use: (cert: string, key: string) => T): T {
  const chain = certificates(pair.certificate);
  const { type, der } = keyBlock(pair.key);
  const cert = chain.map((block) => toPem(block.type, block.der)).join('');
  for (const label of new Set([type, 'RSA PRIVATE KEY', 'PRIVATE KEY', 'EC PRIVATE KEY'])) {
    const made = attempt(pair, () => use(cert, toPem(label, der)));
    if (made !== undefined) return made;
  }
  const problem = chain.map((block) => certificateProblem(block.der)).find((found) => found !== undefined);
  throw problem === undefined ? invalid('tls: failed to parse private key', pair.key) : invalid(problem, pair.certificate);
}

/** Undefined if the key cannot be read that way. */
function attempt<T>({ certificate, key }: KeyPair, load: () => T): T | undefined {
  try {
    return load();
  } catch (error) {
    const problem = loadProblem(codeOf(error));
    if (problem !== undefined) throw invalid(problem.message, problem.isKey ? key : certificate, error);
    return undefined;
  }
}

/** What OpenSSL says once it has read a key; undefined if it could not. */
function loadProblem(code: string): { readonly message: string; readonly isKey: boolean } | undefined {
  if (/MISMATCH/.test(code)) return { message: 'tls: private key does not match public key', isKey: true };
  if (/EE_KEY_TOO_SMALL/.test(code)) return { message: 'crypto/rsa: keys of less than 1024 bits are insecure', isKey: false };
  if (/CA_MD_TOO_WEAK/.test(code))
    return { message: 'x509: the client certificate is signed with SHA-1 or older, which is insecure', isKey: false };
  return undefined;
}

function certificates(source: SecretPem): readonly PemBlock[] {
  const found = pemBlocks(reveal(source.pem));
  const chain = found.filter(({ type }) => type === 'CERTIFICATE');
  if (chain.length === 0) throw invalid(missingCertificate(found), source);
  return chain;
}

function keyBlock(source: SecretPem): PemBlock {
  const found = pemBlocks(reveal(source.pem));
  const key = found.find(({ type }) => type === 'PRIVATE KEY' || type.endsWith(' PRIVATE KEY'));
  if (key !== undefined) return key;
  if (found.length === 1 && found[0]?.type === 'CERTIFICATE')
    throw invalid('tls: found a certificate rather than a key in the PEM for the private key', source);
  throw invalid(missing('key', 'PEM block with type ending in "PRIVATE KEY"', found), source);
}

// https://go.dev/src/crypto/tls/tls.go (X509KeyPair)
function missingCertificate(found: readonly PemBlock[]): string {
  if (found.length === 1 && found[0]?.type.endsWith('PRIVATE KEY'))
    return 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched';
  return missing('certificate', '"CERTIFICATE" PEM block', found);
}

function missing(what: string, wanted: string, found: readonly PemBlock[]): string {
  if (found.length === 0) return `tls: failed to find any PEM data in ${what} input`;
  return `tls: failed to find ${wanted} in ${what} input after skipping PEM blocks of the following types: [${found.map(({ type }) => type).join(' ')}]`;
}

function invalid(message: string, source: SecretPem, cause?: unknown): ClusterError {
  return new ClusterError('ConfigInvalid', message, { cause, hint: `Check ${source.origin}.` });
}
