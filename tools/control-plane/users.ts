import { randomBytes } from 'node:crypto';
import { dump } from 'js-yaml';

/** Somebody whom the API server knows; also the context of that name in kubeconfig files. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
  readonly token?: string;
  /** PEM. */
  readonly certificate?: string;
  /** PEM. */
  readonly key?: string;
}

/** Who is in the token file. Only `admin` may do anything, until a test binds a role. */
const GROUPS = {
  admin: ['system:masters'],
  ana: ['ml'],
  bob: ['ml', 'platform'],
  ci: ['automation'],
  nobody: [],
} as const satisfies Record<string, readonly string[]>;

export type UserName = keyof typeof GROUPS;

/** Tokens are made anew for each server: one that leaks into a log is worth nothing. */
export function createUsers(): Record<UserName, User> {
  const entries = Object.entries(GROUPS).map(([name, groups]): [string, User] => [
    name,
    { name, groups, token: randomBytes(16).toString('hex') },
  ]);
  return Object.fromEntries(entries) as Record<UserName, User>;
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#static-token-file */
export function tokenFile(users: Iterable<User>): string {
  const line = ({ name, groups, token }: User) => [token, name, name, ...(groups.length > 0 ? [`"${groups.join(',')}"`] : [])].join(',');
  return [...users].map((user) => `${line(user)}\n`).join('');
}

export interface KubeconfigOptions {
  readonly server: string;
  /** PEM. */
  readonly authority: string;
  readonly users: readonly User[];
  /** Name of a user, and so of a context. */
  readonly current: string;
  readonly namespace?: string | undefined;
}

/** A kubeconfig (YAML) with a context for each user. */
export function kubeconfig({ server, authority, users, current, namespace }: KubeconfigOptions): string {
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': base64(authority) } }],
    users: users.map((user) => ({ name: user.name, user: credentials(user) })),
    contexts: users.map(({ name }) => ({ name, context: { cluster: 'test', user: name, ...(namespace && { namespace }) } })),
    'current-context': current,
  });
}

function credentials({ token, certificate, key }: User): object {
  if (certificate === undefined || key === undefined) return { token };
  return { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
