import { Secret } from '../../text/secret.ts';
import type { ConnectionOptions } from '../connection-options.ts';
import type { ClusterEntry, ContextEntry, UserEntry } from './decode.ts';
import type { Environment } from './files.ts';
import type { Kubeconfig, Located } from './merge.ts';

/** What kubeconfig and flags together say: one context, cluster and user. */
export interface Choice {
  readonly contextName: string;
  /** Undefined if the name is of no context. */
  readonly context: Located<ContextEntry> | undefined;
  readonly clusterName: string;
  readonly userName: string;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
  /** The file of the user's entry; undefined if there is none. */
  readonly userFile: string | undefined;
  readonly clusterFile: string | undefined;
  /** The connection flags that were given, such as `--token`: what they say is not the entries'. */
  readonly flags: ReadonlySet<string>;
  /** Which of the names that flags gave are of nothing. */
  readonly missing: { readonly context: boolean; readonly cluster: boolean; readonly user: boolean };
  /** True if neither an entry nor a flag names the server. */
  readonly serverIsDefault: boolean;
}

/** The connection flags that say something, as they are written: `--as-group`. */
function givenFlags(options: ConnectionOptions): ReadonlySet<string> {
  const isGiven = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value));
  const names = Object.entries(options).filter(([, value]) => isGiven(value));
  return new Set(names.map(([name]) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`));
}

/** The server of a configuration that names none. */
export function defaultServer(env: Environment): string {
  return env.KUBERNETES_MASTER || 'http://localhost:8080';
}

type Given<T> = { readonly [K in keyof T]: T[K] | undefined };

// An empty flag changes nothing, as in client-go's merge of non-zero fields.
function given<T extends object>(flags: Given<T>): Partial<T> {
  const kept = Object.entries(flags).filter(([, value]) => value !== undefined && value !== '' && value !== false);
  return Object.fromEntries(kept) as Partial<T>;
}

function omit<T extends object>(entry: T, keys: readonly (keyof T)[]): T {
  const kept = Object.entries(entry).filter(([key]) => !keys.includes(key as keyof T));
  return Object.fromEntries(kept) as T;
}

/** https://github.com/kubernetes/client-go/blob/master/tools/clientcmd/client_config.go, getCluster */
function chooseCluster(entry: ClusterEntry, options: ConnectionOptions, env: Environment): ClusterEntry {
  const flags = given<ClusterEntry>({
    server: options.server,
    'proxy-url': options.proxyUrl,
    'tls-server-name': options.tlsServerName,
    'insecure-skip-tls-verify': options.insecureSkipTlsVerify,
    'certificate-authority': options.certificateAuthority,
    'disable-compression': options.disableCompression,
  });
  const replaced: (keyof ClusterEntry)[] = [];
  if (flags['insecure-skip-tls-verify'] || flags['certificate-authority']) {
    replaced.push('insecure-skip-tls-verify', 'certificate-authority', 'certificate-authority-data');
  }
  if (flags.server || flags['tls-server-name']) replaced.push('tls-server-name');
  return { server: defaultServer(env), ...omit(entry, replaced), ...flags };
}

function secretFlag(value: string | undefined): Secret | undefined {
  return value ? new Secret(value) : undefined;
}

function userExtra(pairs: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const extra = new Map<string, string[]>();
  for (const pair of pairs) {
    const [, key, value] = /^([^=]*)=(.*)$/s.exec(pair) ?? [];
    if (key === undefined || value === undefined) continue;
    extra.set(key, [...(extra.get(key) ?? []), value]);
  }
  return Object.fromEntries(extra);
}

/** https://github.com/kubernetes/client-go/blob/master/tools/clientcmd/client_config.go, getAuthInfo */
function chooseUser(entry: UserEntry, options: ConnectionOptions): UserEntry {
  const extra = userExtra(options.asUserExtra ?? []);
  const flags = given<UserEntry>({
    'client-certificate': options.clientCertificate,
    'client-key': options.clientKey,
    token: secretFlag(options.token),
    as: options.as,
    'as-uid': options.asUid,
    'as-groups': options.asGroup?.length ? options.asGroup : undefined,
    'as-user-extra': Object.keys(extra).length > 0 ? { ...entry['as-user-extra'], ...extra } : undefined,
    username: options.username,
    password: secretFlag(options.password),
  });
  const replaced: (keyof UserEntry)[] = [];
  if (flags['client-certificate']) replaced.push('client-certificate-data');
  if (flags['client-key']) replaced.push('client-key-data');
  return { ...omit(entry, replaced), ...flags };
}

interface Names {
  readonly contextName: string;
  readonly context: Located<ContextEntry> | undefined;
  readonly clusterName: string;
  readonly userName: string;
}

function chooseNames(kubeconfig: Kubeconfig, options: ConnectionOptions): Names {
  const contextName = options.context || kubeconfig.currentContext;
  const context = kubeconfig.contexts.get(contextName);
  const clusterName = options.cluster || context?.entry.cluster || '';
  const userName = options.user || context?.entry.user || '';
  return { contextName, context, clusterName, userName };
}

/** Picks context, cluster and user, and lays the flags over them field by field. Never fails: see `missing`. */
export function choose(kubeconfig: Kubeconfig, options: ConnectionOptions, env: Environment): Choice {
  const names = chooseNames(kubeconfig, options);
  const cluster = kubeconfig.clusters.get(names.clusterName);
  const user = kubeconfig.users.get(names.userName);
  const missing = {
    context: names.context === undefined && names.contextName !== '',
    cluster: cluster === undefined && Boolean(options.cluster),
    user: user === undefined && Boolean(options.user),
  };
  return {
    ...names,
    cluster: missing.cluster ? {} : chooseCluster(cluster?.entry ?? {}, options, env),
    user: missing.user ? {} : chooseUser(user?.entry ?? {}, options),
    userFile: user?.file,
    clusterFile: cluster?.file,
    flags: givenFlags(options),
    missing,
    serverIsDefault: !options.server && cluster?.entry.server === undefined,
  };
}
