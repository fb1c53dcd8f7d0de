import { DecodeError } from '../../documents/decode-error.ts';
import { bytes, flag, list, map, raw, secret, struct, text } from '../../documents/go-json.ts';
import type { Secret } from '../../text/secret.ts';
import { decodeTypeMeta } from './type-meta.ts';

/*
 * The kubeconfig format, key for key: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
 * An absent key stands for Go's zero value, so one entry overlays another by spreading it.
 */

interface Extension {
  readonly name?: string;
  readonly extension?: unknown;
}

export interface ClusterEntry {
  readonly server?: string;
  readonly 'tls-server-name'?: string;
  readonly 'insecure-skip-tls-verify'?: boolean;
  readonly 'certificate-authority'?: string;
  readonly 'certificate-authority-data'?: Buffer;
  readonly 'proxy-url'?: string;
  readonly 'disable-compression'?: boolean;
  readonly extensions?: readonly Extension[];
}

export interface AuthProvider {
  readonly name?: string;
  readonly config?: Secret<Readonly<Record<string, string>>>;
}

interface ExecVariable {
  readonly name?: string;
  readonly value?: Secret;
}

export interface Exec {
  readonly command?: string;
  readonly args?: Secret<readonly string[]>;
  readonly env?: readonly ExecVariable[];
  readonly apiVersion?: string;
  readonly installHint?: string;
  readonly provideClusterInfo?: boolean;
  readonly interactiveMode?: string;
}

export interface UserEntry {
  readonly 'client-certificate'?: string;
  /** May hold the key as well. */
  readonly 'client-certificate-data'?: Secret<Buffer>;
  readonly 'client-key'?: string;
  readonly 'client-key-data'?: Secret<Buffer>;
  readonly token?: Secret;
  readonly tokenFile?: string;
  readonly as?: string;
  readonly 'as-uid'?: string;
  readonly 'as-groups'?: readonly string[];
  readonly 'as-user-extra'?: Readonly<Record<string, readonly string[]>>;
  readonly username?: string;
  readonly password?: Secret;
  readonly 'auth-provider'?: AuthProvider;
  readonly exec?: Exec;
  readonly extensions?: readonly Extension[];
}

export interface ContextEntry {
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
  readonly extensions?: readonly Extension[];
}

/** One kubeconfig file. */
export interface KubeconfigFile {
  readonly currentContext: string;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
}

interface Named {
  readonly name?: string;
}
interface NamedCluster extends Named {
  readonly cluster?: ClusterEntry;
}
interface NamedUser extends Named {
  readonly user?: UserEntry;
}
interface NamedContext extends Named {
  readonly context?: ContextEntry;
}

interface Config {
  readonly preferences?: { readonly colors?: boolean; readonly extensions?: readonly Extension[] };
  readonly clusters?: readonly NamedCluster[];
  readonly users?: readonly NamedUser[];
  readonly contexts?: readonly NamedContext[];
  readonly 'current-context'?: string;
  readonly extensions?: readonly Extension[];
}

const string = text();
const strings = list(string, '');
const extensions = list(struct<Extension>('NamedExtension', { name: string, extension: raw }), {});

const cluster = struct<ClusterEntry>('Cluster', {
  server: string,
  'tls-server-name': string,
  'insecure-skip-tls-verify': flag,
  'certificate-authority': string,
  'certificate-authority-data': bytes,
  'proxy-url': string,
  'disable-compression': flag,
  extensions,
});

const exec = struct<Exec>('ExecConfig', {
  command: string,
  args: secret(strings),
  env: list(struct<ExecVariable>('ExecEnvVar', { name: string, value: secret(string) }), {}),
  apiVersion: string,
  installHint: string,
  provideClusterInfo: flag,
  interactiveMode: text('v1.ExecInteractiveMode'),
});

const user = struct<UserEntry>('AuthInfo', {
  'client-certificate': string,
  'client-certificate-data': secret(bytes),
  'client-key': string,
  'client-key-data': secret(bytes),
  token: secret(string),
  tokenFile: string,
  as: string,
  'as-uid': string,
  'as-groups': strings,
  'as-user-extra': map(strings, []),
  username: string,
  password: secret(string),
  'auth-provider': struct<AuthProvider>('AuthProviderConfig', { name: string, config: secret(map(string, '')) }),
  exec,
  extensions,
});

const context = struct<ContextEntry>('Context', { cluster: string, user: string, namespace: string, extensions });

const config = struct<Config>('Config', {
  preferences: struct('Preferences', { colors: flag, extensions }),
  clusters: list(struct<NamedCluster>('NamedCluster', { name: string, cluster }), {}),
  users: list(struct<NamedUser>('NamedAuthInfo', { name: string, user }), {}),
  contexts: list(struct<NamedContext>('NamedContext', { name: string, context }), {}),
  'current-context': string,
  extensions,
});

function checkKind(document: unknown): void {
  const { apiVersion, kind } = decodeTypeMeta(document);
  if ((apiVersion ?? 'v1') === 'v1' && (kind ?? 'Config') === 'Config') return;
  throw new DecodeError(`no kind "${kind ?? 'Config'}" is registered for version "${apiVersion ?? 'v1'}"`);
}

function byName<N extends Named, E>(named: readonly N[] | undefined, entryOf: (named: N) => E): ReadonlyMap<string, E> {
  const entries = new Map<string, E>();
  for (const one of named ?? []) {
    const name = one.name ?? '';
    if (entries.has(name)) throw new DecodeError(`duplicate name "${name}" in list`);
    entries.set(name, entryOf(one));
  }
  return entries;
}

// https://github.com/kubernetes/client-go/blob/master/tools/clientcmd/api/v1/defaults.go
function withDefaultMode(entry: UserEntry): UserEntry {
  const plugin = entry.exec;
  if (plugin === undefined || plugin.interactiveMode !== undefined) return entry;
  if (!/^client\.authentication\.k8s\.io\/v1(alpha|beta)1$/.test(plugin.apiVersion ?? '')) return entry;
  return { ...entry, exec: { ...plugin, interactiveMode: 'IfAvailable' } };
}

function checkExtensions(entry: { readonly extensions?: readonly Extension[] }): void {
  byName(entry.extensions, ({ extension }) => extension);
}

/**
 * Turns a parsed YAML or JSON document into a kubeconfig, as strict about types as kubectl, in every entry. Throws a DecodeError
 * in Go's words. `undefined` and `null` are an empty kubeconfig.
 */
export function decodeKubeconfig(document: unknown): KubeconfigFile {
  checkKind(document);
  const decoded = config.decode(document, { struct: '', path: '' }) ?? {};
  const file: KubeconfigFile = {
    currentContext: decoded['current-context'] ?? '',
    clusters: byName(decoded.clusters, (named) => named.cluster ?? {}),
    users: byName(decoded.users, (named) => withDefaultMode(named.user ?? {})),
    contexts: byName(decoded.contexts, (named) => named.context ?? {}),
  };
  for (const entries of [file.clusters, file.users, file.contexts]) entries.forEach(checkExtensions);
  return file;
}
