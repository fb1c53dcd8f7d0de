import { posix } from 'node:path';

import { type GoUrl, parseGoUrl, type UserInfo } from './go-url.ts';

export interface ServerUrl {
  /** Without user info, query, fragment and final slash. */
  readonly url: URL;
  /** Of a link-local IPv6 address, such as `eth0`: which network it is of. No part of names, in requests or certificates. */
  readonly zone?: string;
  readonly user?: UserInfo;
}

// As Go escapes a path; `encodeURIComponent` leaves more characters alone.
function escapePath(path: string): string {
  const escaped = encodeURIComponent(path).replace(/%(?:24|26|2B|2C|2F|3A|3B|3D|40)/g, decodeURIComponent);
  return escaped.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function withScheme(server: string): GoUrl {
  const url = parseGoUrl(server);
  if (url !== undefined && url.scheme !== '' && url.host !== '') return url;
  const guessed = parseGoUrl(`http://${server}`);
  if (guessed !== undefined && (guessed.path === '' || guessed.path === '/')) return guessed;
  throw new Error(`host must be a URL or a host:port pair: "${withoutUserInfo(server)}"`);
}

/** A URL, whole or broken, as it may be shown: all that could be a password is masked. */
export function withoutUserInfo(url: string): string {
  return url.replace(/^((?:[a-z][a-z0-9+.-]*:)?\/\/)?.*@/is, '$1***@');
}

// As in RFC 6874; what is escaped in it Go refuses in nearly all cases.
const ZONED = /^(\[[^\]%]+)%25([\w.~!$&'()*+,;=:-]+)(\].*)$/;

function toUrl(parsed: GoUrl, server: string): URL {
  const prefix = escapePath(posix.join('/', parsed.path)).replace(/\/$/, '');
  const url = URL.parse(`${parsed.scheme}://${parsed.host}${prefix}`);
  if (url === null) throw new Error(`host must be a URL or a host:port pair: "${withoutUserInfo(server)}"`);
  const host = parsed.host.replace(/:\d*$/, '');
  if (isAnotherHost(host, url.hostname)) throw new Error(`lookup ${host}: no such host`);
  return url;
}

/** The URL standard reads `010.0.0.1` as 8.0.0.1, and as much of other numbers and look-alikes: credentials must not go where Go would not. */
function isAnotherHost(written: string, read: string): boolean {
  const isInternational = /[^\0-\x7f]/.test(written) && read.includes('xn--');
  return !written.startsWith('[') && !isInternational && written.toLowerCase() !== read;
}

/**
 * Reads the `server` of a cluster. Without a scheme it is http, whatever CA or token there is. Throws an Error in client-go's
 * words. https://github.com/kubernetes/client-go/blob/master/rest/url_utils.go
 */
export function parseServerUrl(server: string): ServerUrl {
  const parsed = withScheme(server);
  if (parsed.scheme !== 'http' && parsed.scheme !== 'https') throw new Error(`unsupported protocol scheme "${parsed.scheme}"`);
  const [, address = '', zone, rest = ''] = ZONED.exec(parsed.host) ?? [];
  const url = toUrl(zone === undefined ? parsed : { ...parsed, host: `${address}${rest}` }, server);
  return { url, ...(zone !== undefined && { zone }), ...(parsed.user !== undefined && { user: parsed.user }) };
}
