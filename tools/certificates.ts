import { KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';

interface Validity {
  /** An hour ago if absent. */
  readonly notBefore?: Date;
  /** In a year if absent. */
  readonly notAfter?: Date;
}

/** What makes a certificate stranger than most. */
interface Oddities {
  /** An RSA key of so many bits; absent: ECDSA P-256. */
  readonly rsaBits?: number;
  /** What it is signed with; SHA-256 if absent. */
  readonly hash?: 'SHA-1' | 'SHA-256';
  /** Has a critical extension that nobody knows. */
  readonly unknownExtension?: boolean;
  /** First byte of the serial number; one above 0x7f makes it negative. */
  readonly serialStart?: number;
}

export interface AuthorityOptions extends Validity, Oddities {
  /** Its key usage lets it sign nothing. */
  readonly cannotSign?: boolean;
  /** Without basic constraints, so that only its key usage says what it is. */
  readonly unconstrained?: boolean;
  /** Extended key usages; none if absent. */
  readonly usages?: readonly Usage[];
  /** A domain that it may not issue certificates for. */
  readonly excluded?: string;
}

/** `any` is anyExtendedKeyUsage. */
type Usage = 'client' | 'server' | 'any';

export interface CertificateOptions extends Validity, Oddities {
  /** The user's name, in a client certificate; absent: a subject without a CN. */
  readonly commonName?: string;
  /** The user's groups, in a client certificate. */
  readonly organizations?: readonly string[];
  /** DNS names and IP addresses for the SANs; absent: no SAN extension, so that only the CN names the host. */
  readonly hosts?: readonly string[];
  /** Extended key usages; both if absent. */
  readonly usages?: readonly Usage[];
}

/** PEM texts. */
export interface CertificateAndKey {
  /** The certificate, followed by the intermediate authorities that issued it, without the root. */
  readonly certificate: string;
  /** PKCS #8. */
  readonly key: string;
}

export interface Authority extends CertificateAndKey {
  readonly issue: (options: CertificateOptions) => Promise<CertificateAndKey>;
  readonly intermediate: (name: string, options?: AuthorityOptions) => Promise<Authority>;
}

/** Makes a self-signed root authority with an ECDSA P-256 key. */
export async function createAuthority(name: string, options: AuthorityOptions = {}): Promise<Authority> {
  const keys = await generateKeys(options);
  const subject = { commonName: name };
  const unsigned = { subject, publicKey: keys.publicKey, extensions: authorityExtensions(options), ...options };
  const certificate = await sign(unsigned, subject, keys);
  return authority(subject, keys, certificate, []);
}

/** Makes a certificate that only itself vouches for. */
export async function createSelfSigned(options: CertificateOptions): Promise<CertificateAndKey> {
  const keys = await generateKeys(options);
  const unsigned = { ...options, subject: options, publicKey: keys.publicKey, extensions: leafExtensions(options) };
  return { certificate: await sign(unsigned, options, keys), key: privatePem(keys) };
}

/** PEM texts of a new ECDSA P-256 pair, for signing ServiceAccount tokens. */
export async function createKeyPair(): Promise<{ readonly publicKey: string; readonly privateKey: string }> {
  const keys = await generateKeys({});
  return { publicKey: KeyObject.from(keys.publicKey).export({ type: 'spki', format: 'pem' }).toString(), privateKey: privatePem(keys) };
}

type Subject = Pick<CertificateOptions, 'commonName' | 'organizations'>;

interface Unsigned extends Validity, Oddities {
  readonly subject: Subject;
  readonly publicKey: webcrypto.CryptoKey;
  readonly extensions: pkijs.Extension[];
}

const HOUR = 3_600_000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };
const OID = {
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  keyUsage: '2.5.29.15',
  subjectAlternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
  nameConstraints: '2.5.29.30',
  unknown: '1.2.3.4',
  server: '1.3.6.1.5.5.7.3.1',
  client: '1.3.6.1.5.5.7.3.2',
  any: '2.5.29.37.0',
};

/** `chain` holds the intermediate authorities that a leaf must send along, nearest first. */
function authority(subject: Subject, keys: webcrypto.CryptoKeyPair, certificate: string, chain: readonly string[]): Authority {
  return {
    certificate: [certificate, ...chain.slice(1)].join(''),
    key: privatePem(keys),
    issue: async (options) => {
      const own = await generateKeys(options);
      const unsigned = { ...options, subject: options, publicKey: own.publicKey, extensions: leafExtensions(options) };
      return { certificate: [await sign(unsigned, subject, keys), ...chain].join(''), key: privatePem(own) };
    },
    intermediate: async (name, options = {}) => {
      const own = await generateKeys(options);
      const unsigned = { ...options, subject: { commonName: name }, publicKey: own.publicKey, extensions: authorityExtensions(options) };
      const signed = await sign(unsigned, subject, keys);
      return authority(unsigned.subject, own, signed, [signed, ...chain]);
    },
  };
}

async function sign(unsigned: Unsigned, issuer: Subject, keys: webcrypto.CryptoKeyPair): Promise<string> {
  const certificate = new pkijs.Certificate({ version: 2 });
  certificate.serialNumber = new asn1js.Integer({ valueHex: serialNumber(unsigned.serialStart) });
  certificate.issuer = distinguishedName(issuer);
  certificate.subject = distinguishedName(unsigned.subject);
  certificate.notBefore = time(unsigned.notBefore ?? new Date(Date.now() - HOUR));
  certificate.notAfter = time(unsigned.notAfter ?? new Date(Date.now() + 365 * 24 * HOUR));
  const unknown = unsigned.unknownExtension ? [extension(OID.unknown, true, new asn1js.Null())] : [];
  certificate.extensions = [...unsigned.extensions, ...unknown];
  await certificate.subjectPublicKeyInfo.importKey(unsigned.publicKey);
  await certificate.sign(keys.privateKey, unsigned.hash ?? 'SHA-256');
  return new X509Certificate(Buffer.from(certificate.toSchema(true).toBER())).toString();
}

function generateKeys({ rsaBits }: Oddities): Promise<webcrypto.CryptoKeyPair> {
  if (rsaBits === undefined) return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const rsa = { name: 'RSASSA-PKCS1-v1_5', modulusLength: rsaBits, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' };
  return webcrypto.subtle.generateKey(rsa, true, ['sign', 'verify']);
}

function privatePem(keys: webcrypto.CryptoKeyPair): string {
  return KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** DER integers are signed: a clear first bit keeps the number positive, a set second one keeps it at its full length. */
function serialNumber(start: number | undefined): ArrayBuffer {
  const bytes = randomBytes(16);
  bytes[0] = start ?? ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return toArrayBuffer(bytes);
}

function toArrayBuffer(bytes: Iterable<number>): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

/** One set an attribute: pkijs itself would put them all into one, a multi-valued name that some readers do not expect. */
function distinguishedName({ commonName, organizations = [] }: Subject): pkijs.RelativeDistinguishedNames {
  const attribute = (type: string, value: string) =>
    new asn1js.Set({
      value: [new asn1js.Sequence({ value: [new asn1js.ObjectIdentifier({ value: type }), new asn1js.Utf8String({ value })] })],
    });
  const names = commonName === undefined ? [] : [attribute(OID.commonName, commonName)];
  const sequence = new asn1js.Sequence({ value: [...organizations.map((name) => attribute(OID.organization, name)), ...names] });
  return new pkijs.RelativeDistinguishedNames({ valueBeforeDecode: sequence.toBER() });
}

/** RFC 5280, 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050. */
function time(value: Date): pkijs.Time {
  return new pkijs.Time({ type: value.getUTCFullYear() < 2050 ? 0 : 1, value });
}

function extension(extnID: string, critical: boolean, value: asn1js.BaseBlock): pkijs.Extension {
  return new pkijs.Extension({ extnID, critical, extnValue: value.toBER() });
}

/** Bits are counted from the left, RFC 5280 4.2.1.3: digitalSignature is 0, keyCertSign 5, cRLSign 6. */
function keyUsage(bits: number): pkijs.Extension {
  return extension(OID.keyUsage, true, new asn1js.BitString({ valueHex: toArrayBuffer([bits]) }));
}

function authorityExtensions({ cannotSign = false, unconstrained = false, usages, excluded }: AuthorityOptions): pkijs.Extension[] {
  const authority = extension(OID.basicConstraints, true, new pkijs.BasicConstraints({ cA: true }).toSchema());
  const excludedSubtrees = [new pkijs.GeneralSubtree({ base: generalName(excluded ?? '') })];
  return [
    ...(unconstrained ? [] : [authority]),
    keyUsage(cannotSign ? 0b1000_0000 : 0b0000_0110),
    ...(usages ? [extendedKeyUsage(usages)] : []),
    ...(excluded ? [extension(OID.nameConstraints, true, new pkijs.NameConstraints({ excludedSubtrees }).toSchema())] : []),
  ];
}

function extendedKeyUsage(usages: readonly Usage[]): pkijs.Extension {
  return extension(OID.extendedKeyUsage, false, new pkijs.ExtKeyUsage({ keyPurposes: usages.map((usage) => OID[usage]) }).toSchema());
}

function leafExtensions({ hosts, usages = ['client', 'server'] }: CertificateOptions): pkijs.Extension[] {
  const always = [keyUsage(0b1000_0000), extendedKeyUsage(usages)];
  if (hosts === undefined) return always;
  const names = new pkijs.AltName({ altNames: hosts.map(generalName) });
  return [...always, extension(OID.subjectAlternativeName, false, names.toSchema())];
}

function generalName(host: string): pkijs.GeneralName {
  if (isIP(host) === 0) return new pkijs.GeneralName({ type: 2, value: host });
  return new pkijs.GeneralName({ type: 7, value: new asn1js.OctetString({ valueHex: toArrayBuffer(addressBytes(host)) }) });
}

function addressBytes(address: string): number[] {
  if (isIP(address) === 4) return address.split('.').map(Number);
  const [head = '', tail] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const missing = tail === undefined ? 0 : 8 - head.length - tail.length;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...(tail ?? [])].map((group) => Number.parseInt(group, 16));
  return groups.flatMap((group) => [group >> 8, group & 0xff]);
}
