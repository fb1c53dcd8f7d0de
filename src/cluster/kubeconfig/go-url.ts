import { Secret } from '../../text/secret.ts';

/** A URL as Go's `net/url` splits it. */
export interface GoUrl {
  /** Lower case, without colon; empty if there is none. */
  readonly scheme: string;
  readonly user?: UserInfo;
  /** With port and brackets, as written. */
  readonly host: string;
  /** Percent-decoded. */
  readonly path: string;
}

/** Percent-decoded. */
export interface UserInfo {
  readonly username: string;
  readonly password: Secret;
}

const USER_INFO = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;
const HOST = /^[A-Za-z0-9\-._~!$&'()*+,;=:[\]<>"%\u0080-\uffff]*$/;

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function splitScheme(url: string): readonly [scheme: string, rest: string] | undefined {
  const [matched, scheme] = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(url) ?? [];
  if (matched !== undefined && scheme !== undefined) return [scheme.toLowerCase(), url.slice(matched.length)];
  return url.startsWith(':') ? undefined : ['', url];
}

function isHost(host: string): boolean {
  if (!HOST.test(host)) return false;
  if (host.startsWith('[')) return /\](?::\d*)?$/.test(host);
  return !host.includes(':') || /:\d*$/.test(host);
}

function parseUser(userInfo: string): UserInfo | undefined {
  if (!USER_INFO.test(userInfo)) return undefined;
  const [, name = '', secret = ''] = /^([^:]*):?(.*)$/s.exec(userInfo) ?? [];
  const username = percentDecoded(name);
  const password = percentDecoded(secret);
  return username === undefined || password === undefined ? undefined : { username, password: new Secret(password) };
}

function parseAuthority(authority: string): Pick<GoUrl, 'user' | 'host'> | undefined {
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  if (!isHost(host)) return undefined;
  if (at < 0) return { host };
  const user = parseUser(authority.slice(0, at));
  return user && { host, user };
}

function parseHierarchy(scheme: string, rest: string): GoUrl | undefined {
  const hasAuthority = rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'));
  const [, written = '', tail = ''] = (hasAuthority ? /^\/\/([^/]*)(.*)$/s : /^()(.*)$/s).exec(rest) ?? [];
  const authority = parseAuthority(written);
  const path = percentDecoded(tail);
  return authority && path !== undefined ? { scheme, path, ...authority } : undefined;
}

/** Splits a URL as Go's `url.Parse` does, without query and fragment; undefined where Go reports an error. */
export function parseGoUrl(text: string): GoUrl | undefined {
  if (/[\u0000-\u001f\u007f]/.test(text)) return undefined;
  const parts = splitScheme(text.replace(/#.*$/s, ''));
  if (parts === undefined) return undefined;
  const [scheme, withQuery] = parts;
  const rest = withQuery.replace(/\?.*$/s, '');
  if (rest.startsWith('/')) return parseHierarchy(scheme, rest);
  // Opaque, such as `proxy:8080`, where `proxy` is the scheme.
  if (scheme !== '') return { scheme, host: '', path: '' };
  return /^[^/]*:/.test(rest) ? undefined : parseHierarchy(scheme, rest);
}
