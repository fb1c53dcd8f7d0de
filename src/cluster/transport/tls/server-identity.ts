import { isIP } from 'node:net';

/** Names that a certificate is valid for, apart from the legacy common name. */
export interface AlternativeNames {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
}

export interface IdentityProblem {
  /** In Go's words, without `x509: `. */
  readonly message: string;
  /** A name that would have matched, if there is one that can be asked for. */
  readonly suggestion?: string;
}

// Go stops listing names here: https://go.dev/src/crypto/x509/verify.go (HostnameError.Error)
const MOST_NAMES = 100;

/**
 * Whether a certificate names `host`, by Go's rules: alternative names only, an address needs an address, `*` is one whole
 * leftmost label. Undefined if it does.
 */
export function identityProblem(
  host: string,
  names: AlternativeNames | undefined,
  commonName: string | undefined,
): IdentityProblem | undefined {
  const { dns, ip } = names ?? { dns: [], ip: [] };
  // For Go an address with a zone is a name.
  const isAddress = isIP(host) !== 0 && !host.includes('%');
  const isNamed = isAddress
    ? ip.includes(host) || ip.some((entry) => canonicalAddress(entry) === canonicalAddress(host))
    : dns.some((pattern) => matchesHost(pattern, host));
  if (isNamed) return undefined;
  if (names === undefined && commonName !== undefined && matchesHost(commonName, host))
    return { message: 'certificate relies on legacy Common Name field, use SANs instead' };
  return isAddress ? addressProblem(host, ip, dns) : nameProblem(host, dns);
}

function addressProblem(host: string, ip: readonly string[], dns: readonly string[]): IdentityProblem {
  if (ip.length === 0)
    return { message: `cannot validate certificate for ${host} because it doesn't contain any IP SANs`, ...suggest(dns) };
  if (ip.length >= MOST_NAMES) return { message: `certificate is valid for ${ip.length} IP SANs, but none matched ${host}` };
  return { message: `certificate is valid for ${ip.join(', ')}, not ${host}`, ...suggest(dns.length > 0 ? dns : ip) };
}

function nameProblem(host: string, dns: readonly string[]): IdentityProblem {
  if (dns.length >= MOST_NAMES) return { message: `certificate is valid for ${dns.length} names, but none matched ${host}` };
  if (dns.length === 0) return { message: `certificate is not valid for any names, but wanted to match ${host}` };
  return { message: `certificate is valid for ${dns.join(', ')}, not ${host}`, ...suggest(dns) };
}

function suggest(names: readonly string[]): { readonly suggestion?: string } {
  const suggestion = names.find((name) => /^[a-z0-9][a-z0-9.:-]*$/i.test(name));
  return suggestion === undefined ? {} : { suggestion };
}

function matchesHost(pattern: string, host: string): boolean {
  const wanted = labels(host.replace(/\.$/, ''));
  const given = labels(pattern);
  if (wanted.length !== given.length || wanted.includes('') || given.includes('')) return false;
  return given.every((label, index) => (index === 0 && label === '*') || label === wanted[index]);
}

function labels(name: string): string[] {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).split('.');
}

/** One spelling for one address: `0:0:0:0:0:0:0:1` and `::1`, `::ffff:10.0.0.1` and `10.0.0.1`. */
function canonicalAddress(address: string): string {
  // Cheaper than `isIP`, whose regular expression for these takes milliseconds to compile.
  if (!address.includes(':')) return address;
  const url = URL.parse(`http://[${address.replace(/%.*$/, '')}]`);
  if (!url) return address;
  const short = url.hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(short);
  if (!mapped) return short;
  const [high = 0, low = 0] = mapped.slice(1).map((group) => Number.parseInt(group, 16));
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

/**
 * Reads Node's text of the extension: `DNS:a, IP Address:10.0.0.1`. A name with a comma or quote in it comes as a JSON string
 * (https://nodejs.org/api/crypto.html#x509subjectaltname), so that no name can pass for two.
 */
export function parseAlternativeNames(text: string | undefined): AlternativeNames | undefined {
  if (text === undefined) return undefined;
  const dns: string[] = [];
  const ip: string[] = [];
  for (const [, kind, quoted, plain] of text.matchAll(/([A-Za-z ]{1,32}):(?:("(?:[^"\\]|\\.)*")|([^,]*))(?:, |$)/g)) {
    const value = quoted === undefined ? (plain ?? '') : String(JSON.parse(quoted));
    if (kind === 'DNS') dns.push(value);
    if (kind === 'IP Address') ip.push(canonicalAddress(value));
  }
  return { dns, ip };
}
