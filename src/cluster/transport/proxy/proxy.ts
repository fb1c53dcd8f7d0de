import { BlockList, isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { ClusterError } from '../../../errors.ts';
import { lookUp } from '../../../text/look-up.ts';
import { reveal, Secret } from '../../../text/secret.ts';
import type { ClientConfig } from '../../kubeconfig/client-config.ts';
import type { UserInfo } from '../../kubeconfig/go-url.ts';

/** A proxy for every request to one server. */
export interface ProxyServer {
  readonly kind: 'http' | 'https' | 'socks5';
  readonly host: string;
  readonly port: number;
  /** Decoded; absent if the URL has none. */
  readonly user?: UserInfo;
  /** Without user info, for messages. */
  readonly label: string;
  /** `HTTPS_PROXY`, `--proxy-url` or `proxy-url of cluster "dev"`. */
  readonly source: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

type ProxyConfig = Pick<ClientConfig, 'url' | 'zone' | 'proxyUrl' | 'clusterName' | 'flags'>;

function proxyUrlOrigin({ flags, clusterName }: ProxyConfig): string {
  if (flags?.has('--proxy-url')) return '--proxy-url';
  // With --server no entry names the server, but one still names the proxy.
  return clusterName === undefined ? 'proxy-url of the cluster in use' : `proxy-url of cluster "${clusterName}"`;
}

/** Decides as client-go: `proxy-url` for every request, else Go's `httpproxy` over the environment. */
export function chooseProxy(config: ProxyConfig, env: Environment): ProxyServer | undefined {
  if (config.proxyUrl) return toProxy(reveal(config.proxyUrl), proxyUrlOrigin(config));
  const isHttps = config.url.protocol === 'https:';
  const setting = firstSet(env, isHttps ? ['HTTPS_PROXY', 'https_proxy'] : ['HTTP_PROXY', 'http_proxy']);
  const url = setting && parseProxyUrl(setting.value);
  if (!setting || !url) return undefined;
  if (!isHttps && env.REQUEST_METHOD)
    throw new ClusterError('ProxyFailed', 'refusing to use HTTP_PROXY value in CGI environment; see golang.org/s/cgihttpproxy', {
      hint: 'Unset REQUEST_METHOD, or HTTP_PROXY.',
    });
  if (!usesProxy(hostOf(config), portOf(config.url), firstSet(env, ['NO_PROXY', 'no_proxy'])?.value ?? '')) return undefined;
  return toProxy(url, setting.name);
}

/** Whether a proxy comes from the environment, so that NO_PROXY has power over it. */
export function isFromEnvironment({ source }: ProxyServer): boolean {
  return /^HTTPS?_PROXY$/i.test(source);
}

/**
 * Why a proxy of the environment is not used for a server, if one is set and somebody may expect it; undefined if there is nothing to say.
 * Hosts that NO_PROXY names were meant.
 */
export function unusedProxyNote(config: ProxyConfig, env: Environment): string | undefined {
  if (config.proxyUrl !== undefined) return undefined;
  const isHttps = config.url.protocol === 'https:';
  const setting = firstSet(env, isHttps ? ['HTTPS_PROXY', 'https_proxy'] : ['HTTP_PROXY', 'http_proxy']);
  if (setting !== undefined) return isLocal(hostOf(config)) ? `${setting.name} is not used for this machine itself.` : undefined;
  const all = firstSet(env, ['ALL_PROXY', 'all_proxy']);
  return all && `${all.name} is not used, as kubectl does not use it; set ${isHttps ? 'HTTPS_PROXY' : 'HTTP_PROXY'}.`;
}

/** Host of a URL, an IPv6 address without brackets and with its zone. */
export function hostOf({ url, zone }: Pick<ClientConfig, 'url' | 'zone'>): string {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return zone === undefined ? host : `${host}%${zone}`;
}

const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'socks5:': 1080, 'socks5h:': 1080 };

export function portOf(url: URL): number {
  return url.port === '' ? (lookUp(PORTS, url.protocol) ?? 80) : Number(url.port);
}

function firstSet(env: Environment, names: readonly string[]): { readonly name: string; readonly value: string } | undefined {
  for (const name of names) {
    const value = lookUp(env, name);
    if (value) return { name, value };
  }
  return undefined;
}

/** A value without a scheme is a host of an http proxy; one that does not parse is as good as none. */
function parseProxyUrl(value: string): URL | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.hostname) return url;
  return URL.canParse(`http://${value}`) ? new URL(`http://${value}`) : undefined;
}

function toProxy(url: URL, source: string): ProxyServer {
  const kinds: Readonly<Record<string, ProxyServer['kind']>> = { 'https:': 'https', 'socks5:': 'socks5', 'socks5h:': 'socks5' };
  const user =
    url.username === '' && url.password === ''
      ? {}
      : { user: { username: decode(url.username), password: new Secret(decode(url.password)) } };
  return {
    kind: lookUp(kinds, url.protocol) ?? 'http',
    host: hostOf({ url }),
    port: portOf(url),
    ...user,
    label: `${url.protocol}//${url.host}`,
    source,
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config: whether requests to `host` go through the proxy at all. */
function usesProxy(zoned: string, port: number, noProxy: string): boolean {
  const host = withoutZone(zoned);
  if (isLocal(zoned)) return false;
  const entries = noProxy.split(',').map((entry) => entry.trim().toLowerCase());
  return !entries.some((entry) => entry !== '' && excludes(entry, host.toLowerCase(), String(port)));
}

function withoutZone(host: string): string {
  return host.replace(/%.*$/, '');
}

function isLocal(host: string): boolean {
  return host === 'localhost' || isLoopback(withoutZone(host));
}

function isLoopback(host: string): boolean {
  return isIP(host) !== 0 && (contains('127.0.0.0', 8, host) || contains('::1', 128, host));
}

function excludes(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const cidr = parseCidr(entry);
  if (cidr) return isIP(host) !== 0 && contains(cidr.address, cidr.bits, host);
  const { name, port: onlyPort } = splitPort(entry);
  if (name === '' || (onlyPort !== '' && onlyPort !== port)) return false;
  if (isIP(name) !== 0) return isIP(host) !== 0 && contains(name, isIP(name) === 4 ? 32 : 128, host);
  return excludesDomain(name, host);
}

/** `foo.com` means itself and all below; `.foo.com` and `*.foo.com` only what is below; none of them means an address. */
function excludesDomain(name: string, host: string): boolean {
  if (isIP(host) !== 0) return false;
  const below = name.startsWith('*.') ? name.slice(1) : name;
  const domain = below.startsWith('.') ? below.slice(1) : below;
  // It would also cut off what follows a slash.
  const ascii = /[^\u0000-\u007f]/.test(domain) ? domainToASCII(domain) : domain;
  return host.endsWith(`.${ascii}`) || (below === domain && host === ascii);
}

function parseCidr(entry: string): { readonly address: string; readonly bits: number } | undefined {
  const [, address = '', digits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(entry) ?? [];
  const family = isIP(address);
  const bits = Number(digits);
  return family === 0 || bits > (family === 4 ? 32 : 128) ? undefined : { address, bits };
}

function contains(network: string, bits: number, address: string): boolean {
  const list = new BlockList();
  list.addSubnet(network, bits, isIP(network) === 4 ? 'ipv4' : 'ipv6');
  return list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

/** As Go's `net.SplitHostPort`, except that what it refuses is a name without a port. */
function splitPort(entry: string): { readonly name: string; readonly port: string } {
  const [, bracketed, plain, port = ''] = /^(?:\[([^\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(entry) ?? [];
  const name = bracketed ?? plain;
  return name === undefined ? { name: entry, port: '' } : { name, port };
}
