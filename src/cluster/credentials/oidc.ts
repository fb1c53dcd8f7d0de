import { wait } from '../../async/deadline.ts';
import { oneAtATime } from '../../async/one-at-a-time.ts';
import { describeFileError } from '../../documents/file-error.ts';
import { decodeBase64 } from '../../documents/go-base64.ts';
import { readBounded } from '../../documents/read-file.ts';
import { ClusterError, messageOf } from '../../errors.ts';
import { escapeText } from '../../text/escape.ts';
import { lookUp } from '../../text/look-up.ts';
import { reveal, Secret } from '../../text/secret.ts';
import type { Secrets } from '../../text/secrets.ts';
import type { Credential, CredentialSource, PemSource } from '../kubeconfig/client-config.ts';
import { bearerAuthorization } from './authorization.ts';
import { type Provider, RefreshRefused, refreshTokens, type SendToProvider, type Tokens } from './oidc-token.ts';

/*
 * The `oidc` auth-provider. Behaviour as in
 * https://github.com/kubernetes/client-go/blob/master/plugin/pkg/client/auth/oidc/oidc.go
 */

/** Where tokens are kept between invocations, and other processes find them. */
export interface TokenStore {
  /** Runs a refresh while no other process does one. */
  readonly exclusively: <T>(refresh: () => Promise<T>, signal: AbortSignal) => Promise<T>;
  /** The auth-provider's configuration as it is now; undefined if it is not to be had. */
  readonly load: () => Promise<Secret<ProviderConfig> | undefined>;
  /** Throws an Error if it cannot. */
  readonly save: (changed: Readonly<Record<string, string>>) => Promise<void>;
}

export interface OidcHost {
  readonly now: () => Date;
  readonly sendToProvider: SendToProvider;
  readonly store: TokenStore;
  readonly warn: (text: string) => void;
  /** Those of the run: what is configured and what the provider gives is added. */
  readonly secrets: Secrets;
}

type ProviderConfig = Readonly<Record<string, string>>;

const SECRET_KEYS = ['client-secret', 'id-token', 'refresh-token'];
const PROVIDER_KEYS = ['idp-issuer-url', 'client-id'];
const TOKEN_KEYS = ['id-token', 'refresh-token'];
const REREAD_AFTER_MILLISECONDS = [0, 100, 300];

// A token that expires on the way is of no use.
const MARGIN_MILLISECONDS = 10_000;

function claimsOf(idToken: string): { readonly exp?: unknown } {
  const parts = idToken.split('.');
  const payload = parts[1];
  if (parts.length !== 3 || payload === undefined) throw new Error('ID Token is not a valid JWT');
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { exp?: unknown };
  } catch (cause) {
    throw new Error('parsing claims: the id-token holds no JSON', { cause });
  }
}

function isCurrent(idToken: string, now: Date): boolean {
  const expires = claimsOf(idToken).exp;
  return typeof expires === 'number' && now.getTime() + MARGIN_MILLISECONDS < Math.trunc(expires) * 1000;
}

/** Looked at even if no refresh is due, as kubectl does. Rejects with a ClusterError. */
async function checkedAuthority(config: ProviderConfig, owner: string): Promise<PemSource | undefined> {
  try {
    const found = authority(config, owner);
    if (found === undefined) return undefined;
    const { trustAnchors } = await import('../kubeconfig/trust-anchors.ts');
    trustAnchors(found);
    return found;
  } catch (cause) {
    throw failure(cause, owner);
  }
}

function authority(config: ProviderConfig, owner: string): PemSource | undefined {
  const data = config['idp-certificate-authority-data'];
  const file = config['idp-certificate-authority'];
  if (data) return { pem: decodeBase64(data), origin: `idp-certificate-authority-data of ${owner}` };
  if (!file) return undefined;
  try {
    return { pem: readBounded(file), origin: file };
  } catch (cause) {
    throw new Error(describeFileError(cause, file), { cause });
  }
}

function provider(
  config: ProviderConfig,
  certificateAuthority: PemSource | undefined,
  { sendToProvider: send, secrets }: OidcHost,
): Provider {
  return {
    issuer: config['idp-issuer-url'] ?? '',
    clientId: config['client-id'] ?? '',
    clientSecret: new Secret(config['client-secret'] ?? ''),
    certificateAuthority,
    send,
    secrets,
  };
}

function failure(cause: unknown, owner: string): unknown {
  if (cause instanceof ClusterError) return cause;
  return new ClusterError('CredentialsFailed', messageOf(cause), {
    cause,
    hint: `Log in again: the OIDC tokens of ${owner} cannot be used.`,
  });
}

function toChanges({ idToken, refreshToken }: Tokens): Readonly<Record<string, string>> {
  return { 'id-token': reveal(idToken), ...(refreshToken === undefined ? {} : { 'refresh-token': reveal(refreshToken) }) };
}

/**
 * Sends the id token while it is current, and refreshes and saves it when it is not. `owner` is as `user "ana" in FILE`. Rejects with ConfigInvalid
 * for an authority that cannot be used.
 */
export async function oidcCredentials(configured: Secret<ProviderConfig>, owner: string, host: OidcHost): Promise<CredentialSource> {
  const initial = reveal(configured);
  const certificateAuthority = await checkedAuthority(initial, owner);
  let config = initial;
  const hide = (tokens: ProviderConfig): void => {
    for (const key of SECRET_KEYS) host.secrets.add(lookUp(tokens, key) ?? '');
  };
  hide(initial);
  /** As the file has it. */
  let stored = initial;

  const current = (): Secret | undefined => {
    const kept = config['id-token'];
    return kept && isCurrent(kept, host.now()) ? new Secret(kept) : undefined;
  };

  /** True if another process has left other tokens. */
  const reload = async (): Promise<boolean> => {
    const loaded = await host.store.load();
    if (loaded === undefined) return false;
    const found = reveal(loaded);
    if (PROVIDER_KEYS.some((key) => lookUp(found, key) !== lookUp(config, key))) return false;
    if (TOKEN_KEYS.every((key) => lookUp(found, key) === lookUp(stored, key))) return false;
    hide(found);
    stored = found;
    config = { ...config, ...Object.fromEntries(TOKEN_KEYS.map((key) => [key, lookUp(found, key) ?? ''])) };
    return true;
  };

  /** Who takes no lock, such as kubectl, saves a moment after its refresh. */
  const reloadSoon = async (signal: AbortSignal): Promise<boolean> => {
    for (const milliseconds of REREAD_AFTER_MILLISECONDS) {
      await wait(milliseconds, signal);
      if (await reload()) return true;
    }
    return false;
  };

  const renew = async (signal: AbortSignal): Promise<Secret> => {
    const refreshToken = config['refresh-token'];
    if (!refreshToken) throw new Error('No valid id-token, and cannot refresh without refresh-token');
    const tokens = await refreshTokens(provider(config, certificateAuthority, host), new Secret(refreshToken), signal);
    const changes = toChanges(tokens);
    config = { ...config, ...changes };
    try {
      await host.store.save(changes);
      stored = config;
    } catch (cause) {
      // The tokens are good for this invocation; a provider that allows a refresh token once will refuse the next.
      host.warn(`Warning: could not save the new OIDC tokens of ${escapeText(`${owner}: ${messageOf(cause)}`)}\n`);
    }
    return tokens.idToken;
  };

  const renewOrFind = async (signal: AbortSignal): Promise<Secret> => {
    try {
      return await renew(signal);
    } catch (cause) {
      if (cause instanceof RefreshRefused && (await reloadSoon(signal))) return current() ?? renew(signal);
      throw cause;
    }
  };

  const idToken = async (signal: AbortSignal): Promise<Secret> =>
    current() ??
    host.store.exclusively(async () => {
      await reload();
      return current() ?? renewOrFind(signal);
    }, signal);

  const get = oneAtATime(async (signal: AbortSignal): Promise<Credential> => {
    signal.throwIfAborted();
    try {
      return { authorization: bearerAuthorization(await idToken(signal)) };
    } catch (cause) {
      throw signal.aborted ? signal.reason : failure(cause, owner);
    }
  });
  return { origin: `OIDC id-token of ${owner}`, get };
}
