import { oneAtATime } from '../../async/one-at-a-time.ts';
import { describeFileError } from '../../documents/file-error.ts';
import { decodeBase64 } from '../../documents/go-base64.ts';
import { readBounded } from '../../documents/read-file.ts';
import { ClusterError, messageOf } from '../../errors.ts';
import { escapeText } from '../../text/escape.ts';
import { lookUp } from '../../text/look-up.ts';
import type { Secrets } from '../../text/secrets.ts';
import type { Credential, CredentialSource, PemSource } from '../kubeconfig/client-config.ts';
import { type Provider, refreshTokens, type SendToProvider, type Tokens } from './oidc-token.ts';

/*
 * The `oidc` auth-provider. Behaviour as in
 * https://github.com/kubernetes/client-go/blob/master/plugin/pkg/client/auth/oidc/oidc.go
 */

export interface OidcHost {
  readonly now: () => Date;
  readonly sendToProvider: SendToProvider;
  /** Stores new tokens for the next invocation. Throws an Error if it cannot. */
  readonly save: (changed: Readonly<Record<string, string>>) => Promise<void>;
  readonly warn: (text: string) => void;
  /** Those of the run: what is configured and what the provider gives is added. */
  readonly secrets: Secrets;
}

type ProviderConfig = Readonly<Record<string, string>>;

const SECRET_KEYS = ['client-secret', 'id-token', 'refresh-token'];

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
    clientSecret: config['client-secret'] ?? '',
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
  return { 'id-token': idToken, ...(refreshToken === undefined ? {} : { 'refresh-token': refreshToken }) };
}

/**
 * Sends the id token while it is current, and refreshes and saves it when it is not. `owner` is as `user "ana" in FILE`. Rejects with ConfigInvalid
 * for an authority that cannot be used.
 */
export async function oidcCredentials(initial: ProviderConfig, owner: string, host: OidcHost): Promise<CredentialSource> {
  const certificateAuthority = await checkedAuthority(initial, owner);
  let config = initial;
  for (const key of SECRET_KEYS) host.secrets.add(lookUp(initial, key) ?? '');

  const refresh = async (signal: AbortSignal): Promise<string> => {
    const refreshToken = config['refresh-token'];
    if (!refreshToken) throw new Error('No valid id-token, and cannot refresh without refresh-token');
    const tokens = await refreshTokens(provider(config, certificateAuthority, host), refreshToken, signal);
    const changes = toChanges(tokens);
    config = { ...config, ...changes };
    await host.save(changes).catch((cause: Error) => {
      // The tokens are good for this invocation; a provider that allows a refresh token once will refuse the next.
      host.warn(`Warning: could not save the new OIDC tokens of ${escapeText(`${owner}: ${messageOf(cause)}`)}\n`);
    });
    return tokens.idToken;
  };

  const idToken = async (signal: AbortSignal): Promise<string> => {
    const kept = config['id-token'];
    return kept && isCurrent(kept, host.now()) ? kept : refresh(signal);
  };

  const get = oneAtATime(async (signal: AbortSignal): Promise<Credential> => {
    signal.throwIfAborted();
    try {
      return { authorization: `Bearer ${await idToken(signal)}` };
    } catch (cause) {
      throw signal.aborted ? signal.reason : failure(cause, owner);
    }
  });
  return { origin: `OIDC id-token of ${owner}`, get };
}
