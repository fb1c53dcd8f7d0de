import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { CertificateAndKey } from '../../tools/certificates.ts';

export interface IdentityProviderOptions {
  readonly tls: CertificateAndKey;
  /** Seconds from now. */
  readonly idToken: string;
  /** A new refresh token with the answer; absent: none. */
  readonly refreshToken?: string;
  /** Accepts client credentials in the body only, as some providers do. */
  readonly refusesBasic?: boolean;
  /** Sends token requests on to another path of its own. */
  readonly redirects?: boolean;
  /** Answers the token request with this OAuth error. */
  readonly error?: string;
}

export interface IdentityProvider {
  readonly url: string;
  readonly seen: () => readonly string[];
  readonly reset: () => void;
  readonly close: () => Promise<void>;
}

/** Starts an OpenID Connect provider that knows refresh tokens only. */
export async function startIdentityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  let seen: string[] = [];
  const server = createServer({ cert: options.tls.certificate, key: options.tls.key }, async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const parameters = [...new URLSearchParams(body)].map(([name, value]) => `${name}=${value}`).sort();
    seen.push([request.method, request.url, request.headers.authorization ?? 'no authorization', ...parameters].join(' '));
    const [status, answer] = reply(request.url ?? '', request.headers.authorization !== undefined);
    response
      .writeHead(status, { 'Content-Type': 'application/json', ...(status === 307 && { Location: '/elsewhere' }) })
      .end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function reply(path: string, basic: boolean): [number, object] {
    if (path === '/.well-known/openid-configuration') return [200, { issuer: url, token_endpoint: `${url}/token` }];
    if (path === '/token' && options.redirects) return [307, {}];
    if (path !== '/token' && path !== '/elsewhere') return [404, {}];
    if (options.refusesBasic && basic) return [401, { error: 'invalid_client' }];
    if (options.error) return [400, { error: options.error }];
    const refreshed = options.refreshToken === undefined ? {} : { refresh_token: options.refreshToken };
    return [200, { access_token: 'unused', token_type: 'Bearer', expires_in: 3600, id_token: options.idToken, ...refreshed }];
  }

  return {
    url,
    seen: () => seen,
    reset: () => {
      seen = [];
      server.closeAllConnections();
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An unsigned JSON Web Token that expires so many seconds from now; `name` makes it recognisable. */
export function idToken(name: string, expiresIn: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { sub: 'ana', jti: name, exp: Math.floor(Date.now() / 1000) + expiresIn };
  return `${part({ alg: 'none' })}.${part(claims)}.${Buffer.from(name).toString('base64url')}`;
}
