import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { ClientConfig } from '../../../src/cluster/kubeconfig/client-config.ts';
import { Secret } from '../../../src/text/secret.ts';
import { clientConfig, closeAll, failureOf, serveRaw, transportTo } from '../../support/wire.ts';

/** Accepts connections and never writes a byte. */
async function serveSilence() {
  const { promise: accepted, resolve } = Promise.withResolvers<Socket>();
  const { port } = await serveRaw((socket) => {
    socket.resume();
    resolve(socket);
  });
  return { port, accepted };
}

const HOST = 'kube.example';

describe('a dial that gets no answer', function () {
  // Less than the 10 s after which a handshake fails of itself.
  this.timeout(8000);
  afterEach(closeAll);

  const cases: Readonly<Record<string, (port: number) => Partial<ClientConfig> & Pick<ClientConfig, 'url'>>> = {
    'a TLS handshake': (port) => ({ url: new URL(`https://127.0.0.1:${port}`) }),
    'a proxy': (port) => ({ url: new URL(`https://${HOST}`), proxyUrl: new Secret(new URL(`http://127.0.0.1:${port}`)) }),
    'a TLS handshake with a proxy': (port) => ({
      url: new URL(`https://${HOST}`),
      proxyUrl: new Secret(new URL(`https://127.0.0.1:${port}`)),
    }),
    'a SOCKS proxy': (port) => ({ url: new URL(`https://${HOST}`), proxyUrl: new Secret(new URL(`socks5://127.0.0.1:${port}`)) }),
  };
  for (const [name, config] of Object.entries(cases)) {
    it(`of ${name} ends with the request's interruption`, async () => {
      const { port, accepted } = await serveSilence();
      const { url, ...parts } = config(port);
      const interruption = new AbortController();
      const transport = await transportTo(clientConfig(url, parts), { signal: interruption.signal });
      const failure = failureOf(transport.get('/api'));
      const closed = once(await accepted, 'close');
      interruption.abort();
      assert.equal((await failure).reason, 'Interrupted');
      await closed;
    });

    it(`of ${name} ends with --request-timeout`, async () => {
      const { port, accepted } = await serveSilence();
      const { url, ...parts } = config(port);
      const transport = await transportTo(clientConfig(url, { ...parts, requestTimeout: 200 }));
      const failure = failureOf(transport.get('/api'));
      const closed = once(await accepted, 'close');
      assert.equal((await failure).reason, 'RequestTimedOut');
      await closed;
    });
  }
});
