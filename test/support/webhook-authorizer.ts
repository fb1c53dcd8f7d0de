import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ResourceAccessRequest } from '../../src/domain/rbac/access-review.ts';
import type { Webhook } from '../../tools/api-server/authorization.ts';

/** The authorizer that a real API server asks, with answers of the test's choice. */
export interface WebhookAuthorizer {
  readonly url: string;
  /** No answer is no opinion. */
  readonly answerBy: (decide: Webhook['decide'] | undefined) => void;
  readonly close: () => Promise<void>;
}

interface Review {
  readonly spec: {
    readonly user?: string;
    readonly groups?: readonly string[];
    readonly resourceAttributes?: ResourceAccessRequest;
    readonly nonResourceAttributes?: { readonly path: string; readonly verb: string };
  };
}

export async function startWebhookAuthorizer(): Promise<WebhookAuthorizer> {
  let decide: Webhook['decide'] | undefined;
  const server = createServer(async (request, response) => {
    const review = JSON.parse(await text(request)) as Review;
    const { user = '', groups = [], resourceAttributes, nonResourceAttributes } = review.spec;
    const asked = resourceAttributes ?? nonResourceAttributes;
    const status = asked === undefined ? undefined : decide?.({ user, groups }, asked as ResourceAccessRequest);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...review, status: { allowed: false, ...status } }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answerBy: (next) => {
      decide = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
