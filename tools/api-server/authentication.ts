import { type Identity, parseServiceAccountUser, serviceAccountGroups } from '../../src/domain/kubernetes/identity.ts';
import { refuse } from './answer.ts';
import type { ApiRequest } from './api.ts';

/** Somebody whom the server knows. */
export interface User {
  readonly name: string;
  /** Without `system:authenticated` and a ServiceAccount's own groups, which the server adds. */
  readonly groups?: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export const ANONYMOUS: Identity = { user: 'system:anonymous', groups: ['system:unauthenticated'] };

/** The bearer token of a user of these tests. */
export function tokenOf(user: User): string {
  return `token-of-${Buffer.from(user.name).toString('base64url')}`;
}

export function identityOf({ name, groups = [], uid, extra }: User): Identity {
  const account = parseServiceAccountUser(name);
  const implied = account === undefined ? ['system:authenticated'] : serviceAccountGroups(account);
  return {
    user: name,
    groups: [...new Set([...groups, ...implied])],
    ...(uid === undefined ? {} : { uid }),
    ...(extra === undefined ? {} : { extra }),
  };
}

/** A client certificate comes first, then a token; neither is anonymous, a bad one is 401. */
export function authenticate(request: ApiRequest, users: readonly User[]): Identity {
  if (request.certificate !== undefined && request.certificate !== 'untrusted') {
    const { commonName, organizations, fingerprint } = request.certificate;
    const extra = { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${fingerprint}`] };
    return identityOf({ name: commonName, groups: organizations, extra });
  }
  const authorization = request.headers.authorization?.[0];
  if (authorization === undefined && request.certificate === undefined) return ANONYMOUS;
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  const user = users.find((one) => tokenOf(one) === token);
  if (user === undefined) throw refuse({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });
  return identityOf(user);
}
