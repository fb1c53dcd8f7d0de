import { escapeText } from '../../text/escape.ts';
import { reveal, Secret } from '../../text/secret.ts';
import type { Secrets } from '../../text/secrets.ts';
import type { PemSource } from '../kubeconfig/client-config.ts';
import { basicAuthorization } from './authorization.ts';

/** An HTTP request to an identity provider. */
export interface ProviderRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly authorization?: Secret;
  readonly body?: Secret;
  /** Absent: the system's roots. */
  readonly certificateAuthority?: PemSource;
  readonly signal: AbortSignal;
}

interface ProviderReply {
  readonly status: number;
  readonly statusText: string;
  /** `Content-Type`, empty if there is none. */
  readonly contentType: string;
  readonly body: string;
}

/** Sends a request, through the environment's proxies, whatever the reply's status. Rejects with a ClusterError if there is no reply. */
export type SendToProvider = (request: ProviderRequest) => Promise<ProviderReply>;

export interface Provider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly certificateAuthority: PemSource | undefined;
  readonly send: SendToProvider;
  /** What it must not make us show. */
  readonly secrets: Secrets;
}

/** What a refresh gives. */
export interface Tokens {
  readonly idToken: Secret;
  /** Absent: the old one stays. */
  readonly refreshToken?: Secret;
}

const NO_ID_TOKEN =
  'token response did not contain an id_token, either the scope "openid" wasn\'t requested upon login, ' +
  "or the provider doesn't support id_tokens as part of the refresh response";

type Fields = Readonly<Record<string, unknown>>;

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function parseObject(body: string): Fields | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Fields) : undefined;
  } catch {
    return undefined;
  }
}

/** Names the field only: an invalid URL may be a secret in the wrong place. */
function toUrl(address: string, field: string): URL {
  if (!URL.canParse(address)) throw new Error(`oidc: ${field} is not a URL`);
  return new URL(address);
}

function request(provider: Provider, signal: AbortSignal): Pick<ProviderRequest, 'signal' | 'certificateAuthority'> {
  return { signal, ...(provider.certificateAuthority === undefined ? {} : { certificateAuthority: provider.certificateAuthority }) };
}

/** https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig */
async function tokenEndpoint(provider: Provider, signal: AbortSignal): Promise<URL> {
  const url = toUrl(`${provider.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, 'idp-issuer-url');
  const reply = await provider.send({ method: 'GET', url, headers: { accept: 'application/json' }, ...request(provider, signal) });
  if (reply.status !== 200) {
    // Masked before it is cut: of a secret across the cut the first part would be left.
    const body = provider.secrets.redact(reply.body);
    const start = body.length > 80 ? `${body.slice(0, 80)}...` : body;
    throw new Error(`oidc: failed to query metadata endpoint ${reply.status} ${reply.statusText}: "${escapeText(start)}"`);
  }
  const metadata = parseObject(reply.body);
  if (metadata === undefined) throw new Error('oidc: failed to decode provider discovery object');
  const endpoint = text(metadata.token_endpoint);
  if (endpoint === '') throw new Error("oidc: discovery object doesn't contain a token_endpoint");
  return toUrl(endpoint, "token_endpoint of the provider's discovery object");
}

// RFC 6749, 2.3.1: both parts are form-encoded first.
function basic({ clientId, clientSecret }: Provider): Secret {
  const encode = (part: string): string => new URLSearchParams([['', part]]).toString().slice(1);
  return basicAuthorization({ username: encode(clientId), password: new Secret(encode(reveal(clientSecret))) });
}

function replyFields({ contentType, body }: ProviderReply): Fields | undefined {
  const type = contentType.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/x-www-form-urlencoded' || type === 'text/plain') return Object.fromEntries(new URLSearchParams(body));
  return parseObject(body);
}

function refusal(reply: ProviderReply, fields: Fields | undefined): string | undefined {
  const error = text(fields?.error);
  if (error !== '') {
    const parts = [error, text(fields?.error_description), text(fields?.error_uri)].filter((part) => part !== '');
    return `oauth2: ${parts.map((part) => `"${escapeText(part)}"`).join(' ')}`;
  }
  // The body is left out: a careless provider repeats what it was sent.
  if (reply.status < 200 || reply.status > 299) return `oauth2: cannot fetch token: ${reply.status} ${reply.statusText}`;
  if (fields === undefined) return 'oauth2: cannot parse json';
  return text(fields.access_token) === '' ? 'oauth2: server response missing access_token' : undefined;
}

interface TokenRequest {
  readonly form: Readonly<Record<string, string>>;
  readonly authorization?: Secret;
}

async function askForTokens(provider: Provider, url: URL, { form, ...sent }: TokenRequest, signal: AbortSignal): Promise<Fields> {
  const reply = await provider.send({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    ...sent,
    body: new Secret(new URLSearchParams(form).toString()),
    ...request(provider, signal),
  });
  const fields = replyFields(reply);
  for (const token of [fields?.id_token, fields?.refresh_token, fields?.access_token]) provider.secrets.add(text(token));
  const refused = refusal(reply, fields);
  if (refused !== undefined || fields === undefined) throw new TokenRefused(refused ?? '');
  return fields;
}

/** The provider did not take the refresh token. */
export class RefreshRefused extends Error {
  override readonly name = 'RefreshRefused';
}

class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
}

// As golang.org/x/oauth2: providers disagree on where the client's secret belongs, so both ways are tried.
async function tryBothWays(provider: Provider, url: URL, refreshToken: Secret, signal: AbortSignal): Promise<Fields> {
  const { clientId } = provider;
  const clientSecret = reveal(provider.clientSecret);
  const form = { grant_type: 'refresh_token', refresh_token: reveal(refreshToken) };
  try {
    return await askForTokens(provider, url, { form, authorization: basic(provider) }, signal);
  } catch (cause) {
    if (!(cause instanceof TokenRefused)) throw cause;
    const withSecret = clientSecret === '' ? {} : { client_secret: clientSecret };
    return await askForTokens(provider, url, { form: { ...form, client_id: clientId, ...withSecret } }, signal);
  }
}

/**
 * Trades a refresh token for a new id token. Throws an Error in kubectl's words without any secret, or what `send` rejected with.
 * https://github.com/kubernetes/client-go/blob/master/plugin/pkg/client/auth/oidc/oidc.go
 */
export async function refreshTokens(provider: Provider, refreshToken: Secret, signal: AbortSignal): Promise<Tokens> {
  const url = await tokenEndpoint(provider, signal);
  const fields = await tryBothWays(provider, url, refreshToken, signal).catch((cause: unknown) => {
    if (!(cause instanceof TokenRefused)) throw cause;
    throw new RefreshRefused(`failed to refresh token: ${provider.secrets.redact(cause.message)}`, { cause });
  });
  const idToken = text(fields.id_token);
  if (idToken === '') throw new Error(NO_ID_TOKEN);
  const renewed = text(fields.refresh_token);
  const isKept = renewed === '' || renewed === reveal(refreshToken);
  return { idToken: new Secret(idToken), ...(!isKept && { refreshToken: new Secret(renewed) }) };
}
