const UNKNOWN = 'certificate signed by unknown authority';
const because = (reason: string): string => `${UNKNOWN} (possibly because of "x509: ${reason}")`;
const CANNOT_SIGN = because('invalid signature: parent certificate cannot sign this kind of certificate');
const NOT_AUTHORIZED = 'a root or intermediate certificate is not authorized to sign for this name';

/** By Node's code of OpenSSL's verdict. */
const BY_CODE: ReadonlyMap<string, string> = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', UNKNOWN],
  ['SELF_SIGNED_CERT_IN_CHAIN', UNKNOWN],
  ['UNABLE_TO_GET_ISSUER_CERT', UNKNOWN],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', UNKNOWN],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', UNKNOWN],
  ['CERT_SIGNATURE_FAILURE', because('the signature does not fit')],
  ['CERT_UNTRUSTED', UNKNOWN],
  ['CERT_REJECTED', UNKNOWN],
  ['CERT_CHAIN_TOO_LONG', because('the chain is too long')],
  ['INVALID_CA', CANNOT_SIGN],
  ['INVALID_PURPOSE', 'certificate specifies an incompatible key usage'],
  ['PATH_LENGTH_EXCEEDED', 'too many intermediates for path length constraint'],
]);

/** By OpenSSL's own words, for what Node has no code for. */
const BY_MESSAGE: ReadonlyMap<string, string> = new Map([
  ['CA signature digest algorithm too weak', because('cannot verify signature: insecure algorithm, SHA-1 or older')],
  ['CA certificate key too weak', because('the key of an authority is too short')],
  ['EE certificate key too weak', 'the key of the certificate is too short'],
  ['unhandled critical extension', 'unhandled critical extension'],
  ['unhandled critical CRL extension', 'unhandled critical extension'],
  ['key usage does not include certificate signing', CANNOT_SIGN],
  ['permitted subtree violation', NOT_AUTHORIZED],
  ['excluded subtree violation', NOT_AUTHORIZED],
]);

/** Why OpenSSL does not trust a chain, in the words of Go's crypto/x509; undefined if it did not get as far as to verify it. */
export function chainVerdict(code: string, message: string): string | undefined {
  if (code !== 'UNSPECIFIED') return BY_CODE.get(code);
  return BY_MESSAGE.get(message) ?? `certificate cannot be verified: ${message}`;
}
