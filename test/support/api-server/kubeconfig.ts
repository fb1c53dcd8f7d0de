import { dump } from 'js-yaml';
import type { CertificateAndKey } from '../certificates.ts';
import { tokenOf, type User } from './authentication.ts';

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
  readonly user: User | undefined;
  /** In place of the user's token. */
  readonly certificate: CertificateAndKey | undefined;
}

/** A kubeconfig (YAML) with one context, named after its user. */
export function kubeconfig(parts: KubeconfigParts): string {
  const { server, authority, user, namespace } = parts;
  const name = user?.name ?? 'anonymous';
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'embedded', cluster: { server, ...(authority && { 'certificate-authority-data': base64(authority) }) } }],
    users: [{ name, user: { ...credentials(parts), ...impersonation(parts) } }],
    contexts: [{ name, context: { cluster: 'embedded', user: name, ...(namespace && { namespace }) } }],
    'current-context': name,
  });
}

function credentials({ user, certificate }: KubeconfigParts): object {
  if (certificate !== undefined) {
    return { 'client-certificate-data': base64(certificate.certificate), 'client-key-data': base64(certificate.key) };
  }
  return user === undefined ? {} : { token: tokenOf(user) };
}

function impersonation({ as, asGroups }: KubeconfigOptions): object {
  return { ...(as && { as }), ...(asGroups && { 'as-groups': asGroups }) };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
