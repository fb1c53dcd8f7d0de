import { ClusterError, messageOf } from '../../errors.ts';
import { reveal, Secret } from '../../text/secret.ts';
import { createSecrets, type Secrets } from '../../text/secrets.ts';
import type { Credential, CredentialSource } from '../kubeconfig/client-config.ts';
import type { AuthProvider, Exec, UserEntry } from '../kubeconfig/decode.ts';
import type { ChosenUser, ConfiguredCredentials } from '../kubeconfig/kubeconfig.ts';
import { flagsOver } from '../kubeconfig/origin.ts';
import { certificateAuthority } from '../kubeconfig/tls-config.ts';
import { basicAuthorization, bearerAuthorization } from './authorization.ts';
import type { ExecHost } from './exec-plugin.ts';
import type { TokenStore } from './oidc.ts';
import type { SendToProvider } from './oidc-token.ts';

export interface CredentialHost extends ExecHost {
  /** Where the secrets of the run are known; absent in tests. */
  readonly secrets?: Secrets;
  readonly sendToProvider: SendToProvider;
  readonly warn: (text: string) => void;
}

interface CredentialRequest extends Pick<ConfiguredCredentials, 'cluster'> {
  readonly user: ChosenUser;
  /** `--kuberc`. */
  readonly kuberc: string | undefined;
}

function describeUser({ name, file }: ChosenUser): string {
  const who = name === '' ? 'the command line' : `user "${name}"`;
  return file === undefined ? who : `${who} in ${file}`;
}

const CREDENTIAL_KEYS = ['token', 'username', 'password', 'client-certificate', 'client-key'];

function unusable(message: string, user: ChosenUser, cause?: unknown): ClusterError {
  const flags = flagsOver(user.flags, CREDENTIAL_KEYS).map((flag) => `, and ${flag}`);
  return new ClusterError('CredentialsFailed', message, {
    cause,
    hint: `Check the credentials of ${describeUser(user)}${flags.join('')}.`,
  });
}

/** `token of user "ana" in FILE`, or `token from --token`. */
function originOf(what: string, user: ChosenUser, ...keys: readonly (keyof UserEntry)[]): string {
  const flags = flagsOver(user.flags, keys);
  return flags.length === 0 ? `${what} of ${describeUser(user)}` : `${what} from ${flags.join(' and ')}`;
}

function fixed(credential: Credential, origin: string): CredentialSource {
  return { origin, get: () => Promise.resolve(credential), isAtHand: true };
}

async function tokenFileCredentials(file: string, user: ChosenUser, now: () => Date): Promise<CredentialSource> {
  const { tokenFromFile } = await import('./token-file.ts');
  const token = tokenFromFile(file, user.entry.token, describeUser(user), now);
  token();
  return { origin: `tokenFile ${file} of ${describeUser(user)}`, get: async () => ({ authorization: bearerAuthorization(token()) }) };
}

async function execCredentials(exec: Exec, { user, cluster, kuberc }: CredentialRequest, host: CredentialHost): Promise<CredentialSource> {
  const [plugin, { readPluginPolicy }] = await Promise.all([import('./exec-plugin.ts'), import('./exec-policy.ts')]);
  const authority = () => certificateAuthority(cluster.entry, cluster.name, host.cwd)?.pem;
  const execCluster = exec.provideClusterInfo ? plugin.toExecCluster(cluster.entry, authority()) : {};
  const policy = () => readPluginPolicy(kuberc, host);
  return plugin.execCredentials({ exec, owner: describeUser(user), cluster: execCluster, policy }, host);
}

/** The entry's file, looked at anew each time; of a user without one nothing is kept. */
function tokenStore({ file, name }: ChosenUser): TokenStore {
  if (file === undefined) return { exclusively: (refresh) => refresh(), load: async () => undefined, save: async () => undefined };
  return {
    exclusively: async (refresh, signal) => (await import('../kubeconfig/refresh-lock.ts')).whileLocked(file, signal, refresh),
    load: async () => (await import('../kubeconfig/write.ts')).readProviderConfig(file, name),
    save: async (changed) => (await import('../kubeconfig/write.ts')).saveProviderConfig(file, name, changed),
  };
}

async function oidcCredentials(
  { config = new Secret({}) }: AuthProvider,
  user: ChosenUser,
  host: CredentialHost,
): Promise<CredentialSource> {
  const { oidcCredentials: credentials } = await import('./oidc.ts');
  const { now, sendToProvider, warn, secrets = createSecrets() } = host;
  return credentials(config, describeUser(user), { now, sendToProvider, warn, secrets, store: tokenStore(user) });
}

// client-go looks at these even if another credential wins.
async function checkConfigured({ exec, 'auth-provider': provider }: UserEntry): Promise<void> {
  if (exec !== undefined && !/^client\.authentication\.k8s\.io\/v1(?:beta1)?$/.test(exec.apiVersion ?? '')) {
    throw new Error(`exec plugin: invalid apiVersion "${exec.apiVersion ?? ''}"`);
  }
  if (provider === undefined) return;
  const { authProviderFault, checkOidcConfig } = await import('./auth-providers.ts');
  const fault = authProviderFault(provider.name ?? '');
  if (fault !== undefined) throw new Error(fault);
  checkOidcConfig(provider.config === undefined ? {} : reveal(provider.config));
}

function hasCertificate(entry: UserEntry): boolean {
  return entry['client-certificate'] !== undefined || entry['client-certificate-data'] !== undefined;
}

function checkCombination({ token, tokenFile, username, password, exec, 'auth-provider': provider, ...rest }: UserEntry): void {
  const hasToken = token !== undefined || tokenFile !== undefined;
  if (hasToken && username !== undefined) throw new Error('username/password or bearer token may be set, but not both');
  const hasOther = hasToken || hasCertificate(rest) || exec !== undefined || provider !== undefined;
  if (password !== undefined && username === undefined && !hasOther) throw new Error('a password without a user name cannot be used');
}

function pluggedCredentials(request: CredentialRequest, host: CredentialHost): Promise<CredentialSource> {
  const { entry } = request.user;
  if (entry.exec !== undefined && !hasCertificate(entry)) return execCredentials(entry.exec, request, host);
  if (entry['auth-provider'] !== undefined) return oidcCredentials(entry['auth-provider'], request.user, host);
  const origin = hasCertificate(entry) ? originOf('client certificate', request.user, 'client-certificate') : 'no credentials';
  return Promise.resolve(fixed({}, origin));
}

/**
 * Where the credentials of a user come from, in client-go's order: token file, token, user name, exec plugin, auth-provider. A client
 * certificate is no part of it. Throws a ClusterError if what is configured cannot be used: never anonymous instead.
 * https://github.com/kubernetes/client-go/blob/master/transport/round_trippers.go
 */
async function userCredentials(request: CredentialRequest, host: CredentialHost): Promise<CredentialSource> {
  const { user } = request;
  const { token, tokenFile, username, password = new Secret('') } = user.entry;
  try {
    checkCombination(user.entry);
    await checkConfigured(user.entry);
  } catch (cause) {
    throw unusable(messageOf(cause), user, cause);
  }
  if (tokenFile !== undefined) return tokenFileCredentials(tokenFile, user, host.now);
  if (token !== undefined) return fixed({ authorization: bearerAuthorization(token) }, originOf('token', user, 'token'));
  if (username !== undefined) {
    return fixed(
      { authorization: basicAuthorization({ username, password }) },
      originOf('user name and password', user, 'username', 'password'),
    );
  }
  return pluggedCredentials(request, host);
}

/**
 * Where credentials come from: the server's URL, then the user. What is configured for a user must be usable even if the URL wins. Throws
 * CredentialsFailed.
 */
export async function credentialSource(
  { user, urlUser, cluster }: ConfiguredCredentials,
  kuberc: string | undefined,
  host: CredentialHost,
): Promise<CredentialSource> {
  const source = user === undefined ? undefined : await userCredentials({ user, cluster, kuberc }, host);
  if (urlUser !== undefined) return fixed({ authorization: basicAuthorization(urlUser) }, 'user info of the server URL');
  return source ?? fixed({}, 'no credentials: over http none are sent');
}
