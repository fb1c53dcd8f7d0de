import { closeSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { describeFileError } from '../../documents/file-error.ts';
import { ClusterError, UsageError } from '../../errors.ts';
import { Secret } from '../../text/secret.ts';
import type { ConnectionOptions } from '../connection-options.ts';
import { type Choice, choose, defaultServer } from './choice.ts';
import type { ClientConfig, Impersonation, PemSource, TlsConfig } from './client-config.ts';
import type { ClusterEntry, UserEntry } from './decode.ts';
import { explained, explainedValue, invalid } from './explained.ts';
import { type Environment, kubeconfigFiles } from './files.ts';
import type { UserInfo } from './go-url.ts';
import { type InCluster, inCluster, podNamespace, SERVICE_ACCOUNT_FOLDER } from './in-cluster.ts';
import { type Kubeconfig, mergeKubeconfigs } from './merge.ts';
import { type About, missingEntryHint, originsOf } from './origin.ts';
import { readKubeconfigs } from './read.ts';
import { parseRequestTimeout } from './request-timeout.ts';
import { parseServerUrl, type ServerUrl, withoutUserInfo } from './server-url.ts';
import { readPem, toTlsConfig } from './tls-config.ts';
import { validateChoice } from './validate.ts';
import { workingFolder } from './working-folder.ts';

/** What the outside world gives to a configuration. */
export interface KubeconfigHost {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly cwd: string;
  /** Where a pod's service account is; tests put it elsewhere. */
  readonly serviceAccountFolder?: string;
  /** Ends the wait for a kubeconfig that is a pipe. */
  readonly signal?: AbortSignal;
  /** In place of reading the files. */
  readonly loaded?: LoadedKubeconfig;
}

export interface LoadedKubeconfig {
  readonly kubeconfig: Kubeconfig;
  readonly files: ClientConfig['files'];
}

/** The user entry with flags laid over it, and where it came from. */
export interface ChosenUser {
  readonly name: string;
  readonly entry: UserEntry;
  /** Where OIDC tokens are saved; undefined if no entry has this name. */
  readonly file: string | undefined;
  /** Those given, such as `--token`: what they say is not the entry's. */
  readonly flags: ReadonlySet<string>;
}

/** Where credentials are configured: as written, neither checked nor read. */
export interface ConfiguredCredentials {
  /** Absent: nobody. Plain http never carries a user's secrets. */
  readonly user?: ChosenUser;
  /** Of the server's URL: sent over http too, and before all others. */
  readonly urlUser: UserInfo | undefined;
  /** What a plugin may know of the cluster. */
  readonly cluster: { readonly name: string; readonly entry: ClusterEntry };
}

/** A configuration before anybody has looked at its credentials. */
export interface ChosenConfig extends Omit<ClientConfig, 'credentials'> {
  readonly credentials: ConfiguredCredentials;
}

type Connection = Pick<ChosenConfig, 'url' | 'tls' | 'credentials' | 'inCluster' | 'isFallback'>;

function openFault(cwd: string): (file: string) => string | undefined {
  return (file) => {
    try {
      closeSync(openSync(resolve(cwd, file), 'r'));
      return undefined;
    } catch (cause) {
      return describeFileError(cause, file);
    }
  };
}

function toImpersonation(user: UserEntry): Impersonation | undefined {
  if (user.as === undefined) return undefined;
  const uid = user['as-uid'];
  return { user: user.as, groups: user['as-groups'] ?? [], extra: user['as-user-extra'] ?? {}, ...(uid === undefined ? {} : { uid }) };
}

function toProxyUrl(cluster: ClusterEntry, choice: Choice): Secret<URL> | undefined {
  const proxyUrl = cluster['proxy-url'];
  if (proxyUrl === undefined) return undefined;
  const parse = (): Secret<URL> => {
    if (URL.canParse(proxyUrl)) return new Secret(new URL(proxyUrl));
    const shown = withoutUserInfo(proxyUrl);
    throw new Error(`invalid 'proxy-url' "${shown}" for cluster "${choice.clusterName}": could not parse: ${shown}`);
  };
  return explainedValue(parse, choice, '--proxy-url', originsOf(choice, { entry: 'cluster', keys: ['proxy-url'] }));
}

function toServerUrl(choice: Choice): ServerUrl {
  const origins = choice.serverIsDefault ? ['$KUBERNETES_MASTER'] : originsOf(choice, { entry: 'cluster', keys: ['server'] });
  return explainedValue(() => parseServerUrl(choice.cluster.server ?? ''), choice, '--server', origins);
}

function isBare({ cluster, user }: Choice): boolean {
  const kept = ['server', 'disable-compression', 'extensions', 'as', 'as-uid', 'as-groups', 'as-user-extra'];
  return Object.keys({ ...cluster, ...user }).every((key) => kept.includes(key));
}

/**
 * Whether a pod's service account may take over: the configuration says nothing but the default server. Over http all of a user and the
 * TLS settings of a cluster count as nothing. https://github.com/kubernetes/client-go/blob/master/tools/clientcmd/merged_client_builder.go
 */
function isDefault(choice: Choice, options: ConnectionOptions, { url }: ServerUrl, host: KubeconfigHost): boolean {
  if (options.server || choice.cluster.server !== defaultServer(host.env) || choice.cluster['proxy-url'] !== undefined) return false;
  return url.protocol === 'http:' || isBare(choice);
}

const AUTHORITY: About = { entry: 'cluster', keys: ['certificate-authority', 'insecure-skip-tls-verify'] };
const CERTIFICATE: About = { entry: 'user', keys: ['client-certificate', 'client-key'] };

async function podAuthority(pod: InCluster, cwd: string): Promise<PemSource | undefined> {
  const { trustAnchors } = await import('./trust-anchors.ts');
  try {
    const ca = readPem(pod.certificateAuthority, cwd);
    return trustAnchors(ca).length > 0 ? ca : undefined;
  } catch {
    // client-go logs this and goes on with the system's roots: rest/config.go, InClusterConfig.
    return undefined;
  }
}

async function podConnection(pod: InCluster, choice: Choice, options: ConnectionOptions, host: KubeconfigHost): Promise<Connection> {
  const flag = options.certificateAuthority;
  const ca = flag ? explained(() => readPem(flag, host.cwd), choice, AUTHORITY) : await podAuthority(pod, host.cwd);
  const entry: UserEntry = options.token ? { token: new Secret(options.token) } : { tokenFile: pod.tokenFile };
  const user = { name: '', entry, file: undefined, flags: choice.flags };
  return {
    url: pod.url,
    tls: { insecure: false, ...(ca === undefined ? {} : { ca }) },
    credentials: { user, urlUser: undefined, cluster: { name: '', entry: {} } },
    inCluster: true,
    isFallback: false,
  };
}

function chosenUser({ userName: name, user: entry, userFile: file, flags }: Choice): ChosenUser {
  return { name, entry, file, flags };
}

function chosenConnection(choice: Choice, server: ServerUrl, host: KubeconfigHost): Connection {
  const isTls = server.url.protocol === 'https:';
  const tls: TlsConfig = isTls ? explained(() => toTlsConfig(choice, host.cwd), choice, AUTHORITY, CERTIFICATE) : { insecure: false };
  return {
    url: server.url,
    ...(server.zone !== undefined && { zone: server.zone }),
    tls,
    credentials: {
      ...(isTls && { user: chosenUser(choice) }),
      urlUser: server.user,
      cluster: { name: choice.clusterName, entry: choice.cluster },
    },
    inCluster: false,
    isFallback: choice.serverIsDefault && !host.env.KUBERNETES_MASTER,
  };
}

// Absent rather than undefined or empty, as ClientConfig promises.
function named(
  choice: Choice,
  { inCluster: inPod }: Connection,
  options: ConnectionOptions,
): Pick<ClientConfig, 'contextName' | 'clusterName' | 'userName'> {
  if (inPod) return {};
  return {
    ...(choice.contextName === '' ? {} : { contextName: choice.contextName }),
    ...(choice.clusterName === '' || options.server ? {} : { clusterName: choice.clusterName }),
    ...(choice.userName === '' ? {} : { userName: choice.userName }),
  };
}

function optional(choice: Choice, options: ConnectionOptions): Pick<ClientConfig, 'impersonation' | 'proxyUrl' | 'requestTimeout'> {
  const impersonation = toImpersonation(choice.user);
  const proxyUrl = toProxyUrl(choice.cluster, choice);
  const requestTimeout = explainedValue(() => parseRequestTimeout(options.requestTimeout ?? ''), choice, '--request-timeout', []);
  return {
    ...(impersonation === undefined ? {} : { impersonation }),
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
    ...(requestTimeout === undefined ? {} : { requestTimeout }),
  };
}

function checked(choice: Choice, kubeconfig: Kubeconfig, cwd: string): void {
  const fault = validateChoice(choice, openFault(cwd));
  if (fault === undefined) return;
  if (fault.isMisuse) throw new UsageError(fault.message);
  const hint = missingEntryHint(choice, kubeconfig);
  throw hint === undefined ? invalid(fault.message, fault.origins) : new ClusterError('ConfigInvalid', fault.message, { hint });
}

/** All kubeconfig files as one, and which were read. Throws ConfigInvalid. */
export async function loadKubeconfig(
  options: Pick<ConnectionOptions, 'kubeconfig'>,
  host: Pick<KubeconfigHost, 'env' | 'platform' | 'signal'> & { readonly cwd?: string },
): Promise<LoadedKubeconfig> {
  const cwd = host.cwd ?? workingFolder(host.env);
  const { read, missing } = await readKubeconfigs(kubeconfigFiles(options.kubeconfig, host.env, host.platform), cwd, host.signal);
  return { kubeconfig: mergeKubeconfigs(read, cwd), files: { read: read.map(({ file }) => file), missing } };
}

/**
 * Finds server, user and namespace as kubectl does with the same files, environment and flags. Throws ConfigInvalid, and a UsageError for a flag
 * that no kubeconfig could make right. https://github.com/kubernetes/client-go/blob/master/tools/clientcmd/client_config.go
 */
export async function chooseConfig(options: ConnectionOptions, host: KubeconfigHost): Promise<ChosenConfig> {
  const { kubeconfig, files } = host.loaded ?? (await loadKubeconfig(options, host));
  const choice = choose(kubeconfig, options, host.env);
  checked(choice, kubeconfig, host.cwd);
  const extras = optional(choice, options);
  const server = toServerUrl(choice);
  const folder = host.serviceAccountFolder ?? SERVICE_ACCOUNT_FOLDER;
  const pod = inCluster(host.env, folder);
  const usesPod = pod !== undefined && isDefault(choice, options, server, host);
  const connection = usesPod ? await podConnection(pod, choice, options, host) : chosenConnection(choice, server, host);
  const implied = pod === undefined ? 'default' : podNamespace(host.env, folder);
  return {
    ...connection,
    ...named(choice, connection, options),
    ...(choice.contextName === '' && { contextNames: [...kubeconfig.contexts.keys()] }),
    ...extras,
    compression: !choice.cluster['disable-compression'],
    files,
    flags: choice.flags,
    namespace: options.namespace || choice.context?.entry.namespace || implied,
  };
}
