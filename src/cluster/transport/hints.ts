import { getBuiltinModule } from 'node:process';
import { ClusterError, type KnownReason, withHint } from '../../errors.ts';
import { escapeText } from '../../text/escape.ts';
import { lookUp } from '../../text/look-up.ts';
import { reveal } from '../../text/secret.ts';
import { shorten } from '../../text/shorten.ts';
import type { ClientConfig, Impersonation } from '../kubeconfig/client-config.ts';
import { LIMITS } from '../limits.ts';

/** What is looked at only when something failed. */
export interface Surroundings {
  readonly now: () => Date;
  /** Why a proxy that is set is not used; undefined if there is nothing to say. */
  readonly proxyNote: () => string | undefined;
}

/**
 * Adds to a failure what the configuration knows: where the server comes from, and what to look at. What a server or proxy says of
 * itself goes through `redact`, for it may repeat what we sent.
 */
export function explain(
  error: ClusterError,
  config: ClientConfig,
  redact: (text: string) => string,
  { now, proxyNote }: Surroundings,
): ClusterError {
  const { message, cause, code, details, fromStatus } = error;
  const isUnconfigured = config.isFallback && UNREACHED.has(error.reason);
  const reason = isUnconfigured && error.reason === 'ConnectionRefused' ? 'ConfigMissing' : error.reason;
  const hint = isUnconfigured ? nothingConfigured(config) : withProxyNote(hintFor(error, config, now()), error, proxyNote);
  return new ClusterError(reason, shorten(redact(message), LIMITS.messageCharacters), { cause, code, details, fromStatus, hint });
}

/** No server answered: where nothing is configured, that is why. */
const UNREACHED: ReadonlySet<string> = new Set(['ConnectionRefused', 'NameNotResolved', 'Unreachable']);

function withProxyNote(hint: string | undefined, { reason }: ClusterError, proxyNote: () => string | undefined): string | undefined {
  const note = UNREACHED.has(reason) ? proxyNote() : undefined;
  return note === undefined ? hint : [hint, note].filter(Boolean).join(' ');
}

function hintFor(error: ClusterError, config: ClientConfig, now: Date): string | undefined {
  const { reason, message, hint } = error;
  if (reason === 'ConnectionLost' && message === 'EOF' && config.url.protocol === 'http:')
    return `${hint ?? ''} If the server speaks https, "server" of ${serverOrigin(config)} must say so.`.trim();
  if (reason === 'Forbidden') return refusalHint(error, config);
  if (reason === 'CertificateNameMismatch') return otherName(hint, config);
  if (reason === 'NotFound') return isNoApiServer(error) ? isItOne(config) : hint;
  return hint ?? lookUp(HINTS, reason)?.(config, now);
}

// The domain explains other refusals.
function refusalHint({ message, hint }: ClusterError, config: ClientConfig): string | undefined {
  if (message.includes('"system:anonymous"') && hasNone(config)) return nothingSent(config);
  const [, user] = /User ("(?:[^"\\]|\\.)*") cannot impersonate/.exec(message) ?? [];
  return user !== undefined && config.impersonation !== undefined ? notActing(escapeText(user), config.impersonation, config) : hint;
}

/** What the verb impersonate is needed on: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation */
function notActing(user: string, { user: other, uid, groups, extra }: Impersonation, config: ClientConfig): string {
  const resources = [
    other.startsWith('system:serviceaccount:') ? 'serviceaccounts' : 'users',
    ...(groups.length > 0 ? ['groups'] : []),
    ...(uid === undefined ? [] : ['uids']),
    ...(Object.keys(extra).length > 0 ? ['userextras'] : []),
  ];
  const origin = config.flags?.has('--as') ? '--as' : `"as" of ${userOf(config)} in the kubeconfig`;
  return `${user} may not impersonate "${other}". Drop ${origin}, or have the verb impersonate granted to ${user} on ${resources.join(', ')}.`;
}

/** An API server has all paths that are asked for without a kind. */
function isNoApiServer({ fromStatus, details }: ClusterError): boolean {
  return !fromStatus && details?.kind === undefined;
}

function isItOne(config: ClientConfig): string {
  return `Is ${config.url.href} a Kubernetes API server? It comes from ${serverOrigin(config)}.`;
}

/**
 * Another server is likelier than another name: it comes first. `flag` would make the certificate fit; where the system's authorities are
 * trusted, anybody has one that they signed, and credentials must not be sent to whom it names.
 */
function otherName(flag: string | undefined, config: ClientConfig): string {
  const question = `Is ${config.url.host} your API server? It comes from ${serverOrigin(config)}.`;
  if (flag === undefined || config.tls.ca === undefined) return question;
  return `${question} If it is, ${config.tls.serverName === undefined ? 'add' : 'use instead'}: ${flag}`;
}

const HINTS: Partial<Record<KnownReason, (config: ClientConfig, now: Date) => string>> = {
  ConnectionRefused: (config) => `Is the cluster running? The server comes from ${serverOrigin(config)}.`,
  NameNotResolved: (config) => `Check the network or VPN; the name comes from ${serverOrigin(config)}.`,
  Unreachable: (config) => `Check VPN, firewall and proxy; the server comes from ${serverOrigin(config)}.`,
  CertificateUntrusted: (config) => `The plugin trusts only certificates from ${trustOrigin(config)}.`,
  CertificateExpired: () => "The server's certificate needs to be renewed, or the clock here is wrong.",
  TLSFailed: (config, now) =>
    [
      config.flags?.has('--client-certificate') ? 'Check --client-certificate.' : `Check the client certificate of ${userOf(config)}.`,
      expiry(config, now),
    ]
      .filter(Boolean)
      .join(' '),
  WrongProtocol: (config) => `Check http or https in "server" of ${serverOrigin(config)}.`,
  UnexpectedResponse: (config) =>
    `Is ${config.url.href} the API server, or a login page in front of it? It comes from ${serverOrigin(config)}.`,
  Unauthorized: refusedCredentials,
};

function refusedCredentials(config: ClientConfig, now: Date): string {
  const { origin } = config.credentials;
  if (hasNone(config)) return nothingSent(config);
  const gave = config.credentials.refresh === undefined ? origin : `credentials that the ${origin} gave`;
  const refused = `The server did not accept the ${gave}. ${expiry(config, now) ?? (gave === origin ? 'Has it expired?' : 'Have they expired?')}`;
  // A flag wins over every context and user.
  return origin.includes(' from --') ? refused : `${refused} Log in again, or choose another --context or --user.`;
}

/** When the client certificate that was sent has expired; undefined if it has not, or if there is none. */
function expiry({ tls }: ClientConfig, now: Date): string | undefined {
  if (tls.clientCertificate === undefined) return undefined;
  try {
    // Not loaded with this module, for it takes some milliseconds, and connections are opened after that.
    const { validToDate } = new (getBuiltinModule('node:crypto').X509Certificate)(reveal(tls.clientCertificate.certificate.pem));
    return validToDate < now ? `The client certificate expired on ${validToDate.toISOString().replace(/\.\d+Z$/, 'Z')}.` : undefined;
  } catch {
    return undefined;
  }
}

/** For what took too long before there was anything to send. */
export function blamingCredentials(error: ClusterError, { credentials }: ClientConfig): ClusterError {
  return withHint(error, [`It was waiting for the ${credentials.origin}, not for the server.`, error.hint].filter(Boolean).join(' '));
}

function hasNone({ credentials }: ClientConfig): boolean {
  return credentials.origin.startsWith('no credentials');
}

function nothingSent(config: ClientConfig): string {
  const { origin } = config.credentials;
  return `The request had ${origin === 'no credentials' ? `no credentials: none are configured for ${userOf(config)}` : origin}.`;
}

function nothingConfigured({ files, contextName, clusterName, contextNames = [] }: ClientConfig): string {
  const read = files.read.join(', ');
  if (read === '') return `Config not found: ${files.missing.join(', ')}. Give a file with --kubeconfig, or choose a server with --server.`;
  if (contextName === undefined)
    return `current-context is not set in ${read}. Choose a context with --context, or a file with --kubeconfig.${known(contextNames)}`;
  if (clusterName === undefined) return `Context "${contextName}" in ${read} names no cluster.`;
  return `Cluster "${clusterName}" of context "${contextName}" is not in ${read}, or has no "server".`;
}

/** More contexts than this are left to kubectl. */
const MOST_NAMES = 8;

function known(contexts: readonly string[]): string {
  if (contexts.length === 0) return '';
  const rest = contexts.length > MOST_NAMES ? `, and ${contexts.length - MOST_NAMES} more: kubectl config get-contexts` : '';
  return ` The contexts are ${contexts.slice(0, MOST_NAMES).join(', ')}${rest}`;
}

function serverOrigin({ clusterName, contextName, inCluster, flags }: ClientConfig): string {
  if (inCluster) return "the pod's environment";
  if (clusterName === undefined || clusterName === '') return flags?.has('--server') ? '--server' : 'KUBERNETES_MASTER';
  return contextName === undefined ? `cluster "${clusterName}"` : `cluster "${clusterName}" of context "${contextName}"`;
}

function trustOrigin({ tls }: ClientConfig): string {
  return tls.ca ? tls.ca.origin : "the system's authorities; no certificate-authority is configured";
}

function userOf({ userName }: ClientConfig): string {
  return userName === undefined || userName === '' ? 'the user' : `user "${userName}"`;
}
