import { type KeyObject, X509Certificate } from 'node:crypto';
import type { ClusterError } from '../../../errors.ts';
import { authorityDepth, certificateDetails } from './der.ts';
import { type Peer, tlsFault, WRONG_NAME } from './fault.ts';
import { identityProblem } from './server-identity.ts';
import type { TlsContext } from './tls.ts';

/*
 * OpenSSL refuses a certificate whose extended key usage is anyExtendedKeyUsage for a server, Go takes it (RFC 5280, 4.2.1.12). It has no
 * switch for that, and after this refusal it does not say whether anything else is wrong: here the chain is verified anew, more strictly than Go
 * would, and only for certificates that were refused.
 */

const SERVER_USAGES = ['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'];
const OID = {
  basicConstraints: '551d13',
  keyUsage: '551d0f',
  extendedKeyUsage: '551d25',
  subjectAlternativeName: '551d11',
  nameConstraints: '551d1e',
};
const UNDERSTOOD: ReadonlySet<string> = new Set([OID.basicConstraints, OID.keyUsage, OID.extendedKeyUsage, OID.subjectAlternativeName]);

/** RSA, ECDSA with SHA-256, 384 and 512, and Ed25519. */
const SIGNATURES: ReadonlySet<string> = new Set([
  ...['0b', '0c', '0d'].map((last) => `2a864886f70d0101${last}`),
  ...['02', '03', '04'].map((last) => `2a8648ce3d0403${last}`),
  '2b6570',
]);

/** As many as Go tries: crypto/x509 verify.go. */
const MOST_SIGNATURES = 100;
const DEEPEST = 10;

const USAGE = 'certificate specifies an incompatible key usage';
const UNKNOWN = 'certificate signed by unknown authority';

interface Search {
  readonly candidates: readonly X509Certificate[];
  readonly anchors: readonly X509Certificate[];
  readonly now: Date;
  /** How many signatures may still be looked at. */
  left: number;
  /** Why the last path ended without an anchor. */
  problem: string;
}

/** The same context for a server that OpenSSL refused because of its purpose: what it sends is verified here. */
export function forAnyPurpose(context: TlsContext, now: () => Date): TlsContext {
  const verify = (name: string, peer: Peer | undefined): ClusterError | undefined => {
    const problem = peer === undefined ? UNKNOWN : purposeProblem(sentChain(peer.certificate), context.anchors, now());
    if (problem === undefined && !identityProblem(name, peer?.names, undefined)) return undefined;
    const code = problem === undefined ? WRONG_NAME : 'INVALID_PURPOSE';
    return tlsFault(Object.assign(new Error('not verified'), { code }), name, peer, now(), problem);
  };
  return { ...context, insecure: true, verify };
}

/** The certificates that a server sent, its own first, as Node links them. */
function sentChain(leaf: X509Certificate | undefined): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (let next = leaf; next !== undefined && chain.length < DEEPEST; next = next.issuerCertificate) chain.push(next);
  return chain;
}

/**
 * Why a server must not be trusted on the word of `chain`, its own certificate first, in Go's words; undefined if it may. The name is not looked at.
 * `anchors` are PEM texts of one or more certificates.
 */
function purposeProblem(chain: readonly X509Certificate[], anchors: readonly string[], now: Date): string | undefined {
  const [leaf] = chain;
  if (leaf === undefined) return UNKNOWN;
  const trusted = anchors.flatMap((text) => text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []).map(read);
  const search: Search = {
    candidates: chain,
    anchors: trusted.filter((one) => one !== undefined),
    now,
    left: MOST_SIGNATURES,
    problem: UNKNOWN,
  };
  return leadsToAnchor(leaf, 0, search) ? undefined : search.problem;
}

function read(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** `below` is the number of authorities under the certificate. */
function leadsToAnchor(certificate: X509Certificate, below: number, search: Search): boolean {
  const problem = ownProblem(certificate, search.now);
  if (problem !== undefined) {
    search.problem = problem;
    return false;
  }
  if (search.anchors.some(({ raw }) => raw.equals(certificate.raw))) return true;
  if (below >= DEEPEST) return false;
  const issuers = [...search.anchors, ...search.candidates].filter((issuer) => issued(issuer, certificate, search));
  return issuers.some((issuer) => mayIssue(issuer, below) && leadsToAnchor(issuer, below + 1, search));
}

function ownProblem(certificate: X509Certificate, now: Date): string | undefined {
  if (now > certificate.validToDate || now < certificate.validFromDate) return 'certificate has expired or is not yet valid';
  const { extensions } = certificateDetails(certificate.raw);
  const strange = [...extensions].some(([oid, { critical }]) => oid === OID.nameConstraints || (critical && !UNDERSTOOD.has(oid)));
  if (strange) return 'unhandled critical extension';
  const usages: readonly string[] = certificate.keyUsage ?? [];
  return usages.length === 0 || usages.some((usage) => SERVER_USAGES.includes(usage)) ? undefined : USAGE;
}

function issued(issuer: X509Certificate, certificate: X509Certificate, search: Search): boolean {
  if (issuer.raw.equals(certificate.raw) || !certificate.checkIssued(issuer)) return false;
  search.left--;
  const isSound = SIGNATURES.has(certificateDetails(certificate.raw).signatureAlgorithm) && isStrong(issuer.publicKey);
  return search.left >= 0 && isSound && certificate.verify(issuer.publicKey);
}

function isStrong({ asymmetricKeyDetails: details }: KeyObject): boolean {
  return details?.modulusLength === undefined || details.modulusLength >= 1024;
}

function mayIssue(issuer: X509Certificate, below: number): boolean {
  const constraints = certificateDetails(issuer.raw).extensions.get(OID.basicConstraints)?.value;
  const depth = constraints && authorityDepth(constraints);
  return depth !== undefined && depth >= below;
}
