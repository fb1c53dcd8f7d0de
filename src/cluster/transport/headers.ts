import { ClusterError } from '../../errors.ts';
import { reveal, type Secret } from '../../text/secret.ts';
import { headerText, impersonationHeaders } from '../credentials/impersonation.ts';
import type { Credential, Impersonation } from '../kubeconfig/client-config.ts';

/** For `node:http`: an array is one line per element. */
export type HeaderLines = Readonly<Record<string, string | string[]>>;

export interface HeaderParts {
  /** With the port, if the URL has one. */
  readonly host: string;
  readonly userAgent: string;
  readonly accept: string;
  readonly compression: boolean;
  readonly body: Buffer | undefined;
  readonly contentType: string | undefined;
  readonly credential: Credential;
  readonly impersonation: Impersonation | undefined;
  /** Such as `kubectl kserve runtimes list`, which API servers may log. */
  readonly commandName: string | undefined;
  readonly proxyAuthorization: Secret | undefined;
}

/** The header lines of one request. Throws CredentialsFailed or ConfigInvalid for a value that no header can hold. */
export function requestHeaders(parts: HeaderParts): HeaderLines {
  const { body, credential, impersonation, commandName } = parts;
  const lines = {
    Host: parts.host,
    'User-Agent': parts.userAgent,
    ...(body && { 'Content-Length': String(body.length), 'Content-Type': parts.contentType ?? 'application/json' }),
    Accept: parts.accept,
    ...(credential.authorization !== undefined && { Authorization: headerText(reveal(credential.authorization)) }),
    ...(impersonation && impersonationHeaders(impersonation)),
    ...(commandName !== undefined && { 'Kubectl-Command': headerText(commandName) }),
    ...(parts.proxyAuthorization !== undefined && { 'Proxy-Authorization': headerText(reveal(parts.proxyAuthorization)) }),
    ...(parts.compression && { 'Accept-Encoding': 'gzip' }),
  };
  return Object.fromEntries(Object.entries(lines).map(([name, value]) => [name, checked(name, value)]));
}

function checked(name: string, value: string | readonly string[]): string | string[] {
  return typeof value === 'string' ? checkedValue(name, value) : value.map((one) => checkedValue(name, one));
}

// Go trims what it sends, and refuses control characters other than the tab (httpguts.ValidHeaderFieldValue).
const UNSENDABLE = /[\u0000-\u0008\u000a-\u001f\u007f]/;

function checkedValue(name: string, value: string): string {
  if (!UNSENDABLE.test(value)) return value.replace(/^[ \t]+|[ \t]+$/g, '');
  const isCredential = name === 'Authorization';
  throw new ClusterError(isCredential ? 'CredentialsFailed' : 'ConfigInvalid', `net/http: invalid header field value for "${name}"`, {
    hint: isCredential ? 'The token has a line break or another control character in it.' : undefined,
  });
}
