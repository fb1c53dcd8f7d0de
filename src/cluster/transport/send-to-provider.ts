import { ClusterError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { reveal } from '../../text/secret.ts';
import type { ProviderRequest, SendToProvider } from '../credentials/oidc-token.ts';
import type { ClientConfig } from '../kubeconfig/client-config.ts';
import { createTransport, type TransportOptions } from './transport.ts';
import { userAgent } from './user-agent.ts';

/** Talks to identity providers as to an API server: same bounds, environment proxies and TLS rules, but never traced. */
export function providerSender(host: Host): SendToProvider {
  return async (request) => {
    const transport = await createTransport({ ...outsideWorld(host), config: providerConfig(request), signal: request.signal });
    try {
      const { method, url, headers, body } = request;
      const contentType = headers['content-type'];
      const path = `${url.pathname}${url.search}`;
      const answer = await transport.request({
        method,
        path,
        ...(body !== undefined && { body: reveal(body) }),
        ...(contentType && { contentType }),
      });
      const { status, statusText } = answer;
      return { status, statusText, contentType: answer.headers['content-type'] ?? '', body: answer.body.toString('utf8') };
    } catch (error) {
      throw error instanceof ClusterError ? withProviderHint(error) : error;
    } finally {
      transport.close();
    }
  };
}

function outsideWorld(host: Host): Omit<TransportOptions, 'config' | 'signal'> {
  const { env, platform, now, secrets } = host;
  return { env, platform, now, secrets, userAgent: userAgent(host), write: () => undefined, verbosity: 0 };
}

function providerConfig({ url, authorization, certificateAuthority: ca }: ProviderRequest): ClientConfig {
  return {
    url: new URL(url.origin),
    tls: { ...(ca && { ca }), insecure: false },
    credentials: { origin: 'client-id and client-secret', get: async () => (authorization === undefined ? {} : { authorization }) },
    compression: false,
    files: { read: [], missing: [] },
    isFallback: false,
    inCluster: false,
    namespace: '',
  };
}

function withProviderHint({ reason, message, cause }: ClusterError): ClusterError {
  return new ClusterError(reason, message, { cause, hint: 'This is the identity provider: idp-issuer-url of the auth-provider.' });
}
