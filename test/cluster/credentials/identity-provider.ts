import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ProviderRequest, SendToProvider } from '../../../src/cluster/credentials/oidc-token.ts';
import { reveal } from '../../../src/text/secret.ts';

/** What an identity provider was asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly form: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status?: number;
  readonly contentType?: string;
  /** An object is sent as JSON. */
  readonly body: string | object;
}

export interface IdentityProvider {
  readonly issuer: string;
  readonly asked: Asked[];
  readonly close: () => Promise<void>;
}

/** An OpenID provider on a port of its own; `answer` decides what its token endpoint says. */
export async function startIdentityProvider(answer: (asked: Asked) => Answer): Promise<IdentityProvider> {
  const asked: Asked[] = [];
  const server = createServer(async (incoming, reply) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const one: Asked = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      authorization: incoming.headers.authorization,
      form: Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString())),
    };
    asked.push(one);
    const isDiscovery = one.path === '/realm/.well-known/openid-configuration';
    const {
      status = 200,
      contentType = 'application/json',
      body,
    } = isDiscovery ? { body: { token_endpoint: `${origin}/token` } } : answer(one);
    reply.writeHead(status, { 'content-type': contentType, connection: 'close' });
    reply.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { issuer: `${origin}/realm/`, asked, close };
}

type ProviderReply = Awaited<ReturnType<SendToProvider>>;

/** Sends without TLS and proxy. */
export function sendPlainly({ method, url, headers, authorization, body, signal }: ProviderRequest): Promise<ProviderReply> {
  const { promise, resolve, reject } = Promise.withResolvers<ProviderReply>();
  const outgoing = request(
    url,
    { method, headers: { ...headers, ...(authorization && { authorization: reveal(authorization) }) }, signal, agent: false },
    async (incoming) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      resolve({
        status: incoming.statusCode ?? 0,
        statusText: incoming.statusMessage ?? '',
        contentType: incoming.headers['content-type'] ?? '',
        body: Buffer.concat(chunks).toString(),
      });
    },
  );
  outgoing.on('error', reject);
  outgoing.end(body && reveal(body));
  return promise;
}
