import { reveal, Secret } from '../../text/secret.ts';
import type { UserInfo } from '../kubeconfig/go-url.ts';

/** A value of `Authorization` or `Proxy-Authorization`, over UTF-8 (RFC 7617). */
export function basicAuthorization({ username, password }: UserInfo): Secret {
  return new Secret(`Basic ${Buffer.from(`${username}:${reveal(password)}`).toString('base64')}`);
}

/** A value of `Authorization` (RFC 6750). */
export function bearerAuthorization(token: Secret): Secret {
  return new Secret(`Bearer ${reveal(token)}`);
}
