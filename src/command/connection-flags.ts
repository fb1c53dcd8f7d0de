import type { ConnectionOptions } from '../cluster/connection-options.ts';
import { lookUp } from '../text/look-up.ts';

type Name = keyof ConnectionOptions;

/** What decides which cluster is reached, and as whom. Namespaces are written by each command. */
const FLAGS = {
  kubeconfig: 'kubeconfig',
  context: 'context',
  cluster: 'cluster',
  user: 'user',
  server: 'server',
  username: 'username',
  as: 'as',
  asGroup: 'as-group',
  asUid: 'as-uid',
  asUserExtra: 'as-user-extra',
  certificateAuthority: 'certificate-authority',
  clientCertificate: 'client-certificate',
  clientKey: 'client-key',
  insecureSkipTlsVerify: 'insecure-skip-tls-verify',
  tlsServerName: 'tls-server-name',
  proxyUrl: 'proxy-url',
} as const satisfies Partial<Record<Name, string>>;

const SECRETS: readonly Name[] = ['token', 'password'];

/** The words that make kubectl act on the same cluster as the same user; without secrets, which are `secretFlags`. */
export function connectionFlags(options: ConnectionOptions): readonly string[] {
  return Object.entries(FLAGS).flatMap(([name, flag]) => {
    const value = lookUp<unknown>({ ...options }, name);
    return (value === undefined ? [] : [value].flat()).map((each) => `--${flag}=${WITH_USER.has(flag) ? withoutUser(String(each)) : each}`);
  });
}

/** Flags whose URL may hold a password. */
const WITH_USER: ReadonlySet<string> = new Set(['server', 'proxy-url']);

function withoutUser(url: string): string {
  return url.replace(/^([a-z][a-z\d+.-]*:\/\/)?[^/?#]*@/i, '$1');
}

/** Flags that were given and cannot be shown. */
export function secretFlags(options: ConnectionOptions): readonly string[] {
  return SECRETS.filter((name) => options[name] !== undefined).map((name) => `--${name}`);
}
