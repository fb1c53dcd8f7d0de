import { dump } from 'js-yaml';

/** PEM texts or a token. */
export type Credential = { readonly token: string } | { readonly certificate: string; readonly key: string };

export interface KubeconfigOptions {
  /** Of the context. */
  readonly namespace?: string;
  /** Sent with each request (`as`, `as-groups`). */
  readonly as?: string;
  readonly asGroups?: readonly string[];
}

export interface KubeconfigParts extends KubeconfigOptions {
  readonly server: string;
  /** PEM; absent over plain http. */
  readonly authority: string | undefined;
  /** Names the user entry and the context. */
  readonly user: string;
  /** Absent: none is sent. */
  readonly credential: Credential | undefined;
}

/** A kubeconfig (YAML) with one context. */
export function kubeconfig({ server, authority, user, credential, namespace, as, asGroups }: KubeconfigParts): string {
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, ...(authority && { 'certificate-authority-data': base64(authority) }) } }],
    users: [{ name: user, user: { ...fields(credential), ...(as && { as }), ...(asGroups && { 'as-groups': asGroups }) } }],
    contexts: [{ name: user, context: { cluster: 'test', user, ...(namespace && { namespace }) } }],
    'current-context': user,
  });
}

function fields(credential: Credential | undefined): object {
  if (credential === undefined) return {};
  if ('token' in credential) return { token: credential.token };
  return { 'client-certificate-data': base64(credential.certificate), 'client-key-data': base64(credential.key) };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
