import assert from 'node:assert/strict';
import type { ClientConfig } from '../../../src/cluster/kubeconfig/client-config.ts';
import { ClusterError } from '../../../src/errors.ts';
import { Secret } from '../../../src/text/secret.ts';
import { createAuthority } from '../../../tools/certificates.ts';
import { clientConfig, closeAll, deadPort, failureOf, transportTo } from '../../support/wire.ts';

const REFUSED = new ClusterError('Unauthorized', 'refused', { code: 401 });

describe('hints', () => {
  afterEach(closeAll);

  const hintFrom = async (url: string, parts: Partial<ClientConfig> = {}, env: Record<string, string> = {}) =>
    (await failureOf((await transportTo(clientConfig(url, parts), { env })).get('/'))).hint;

  it('say that a proxy of the environment is not used for this machine', async () => {
    const url = `http://127.0.0.1:${await deadPort()}`;
    const running = 'Is the cluster running? The server comes from cluster "here" of context "test".';
    assert.equal(await hintFrom(url, {}, { HTTP_PROXY: 'http://proxy' }), `${running} HTTP_PROXY is not used for this machine itself.`);
    assert.equal(
      await hintFrom(url, {}, { all_proxy: 'http://proxy' }),
      `${running} all_proxy is not used, as kubectl does not use it; set HTTP_PROXY.`,
    );
    assert.equal(await hintFrom(url, {}, { HTTPS_PROXY: 'http://proxy', NO_PROXY: '*' }), running);
  });

  it('say of which proxies NO_PROXY has no power', async () => {
    const proxyUrl = new Secret(new URL(`http://127.0.0.1:${await deadPort()}`));
    assert.equal(await hintFrom('http://server.test', { proxyUrl }), 'The proxy comes from proxy-url of cluster "here".');
  });

  it('say that it is what a plugin gave that was refused', async () => {
    const credentials = {
      origin: 'credential plugin aws of user "ana"',
      get: async () => ({ authorization: new Secret('Bearer t') }),
      refresh: () => false,
    };
    const transport = await transportTo(clientConfig('http://server.test', { credentials }));
    const { hint } = transport.explain(REFUSED);
    assert.equal(
      hint,
      'The server did not accept the credentials that the credential plugin aws of user "ana" gave. Have they expired? Log in again, or choose another --context or --user.',
    );
  });

  it('say when a client certificate expired', async () => {
    const root = await createAuthority('root');
    const pair = await root.issue({ commonName: 'ana', notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01T00:00:00Z') });
    const pem = (text: string) => ({ pem: new Secret(Buffer.from(text)), origin: 'x' });
    const tls = { insecure: true, clientCertificate: { certificate: pem(pair.certificate), key: pem(pair.key) } };
    const credentials = { origin: 'client certificate of user "ana"', get: async () => ({}) };
    const transport = await transportTo(clientConfig('https://127.0.0.1:1', { tls, credentials }));
    const { hint } = transport.explain(REFUSED);
    assert.equal(
      hint,
      'The server did not accept the client certificate of user "ana". The client certificate expired on 2021-01-01T00:00:00Z. Log in again, or choose another --context or --user.',
    );
  });

  it('list the contexts where none is current', async () => {
    const url = `http://localhost:${await deadPort()}`;
    const { contextName: _, clusterName: __, ...config } = clientConfig(url, { isFallback: true, contextNames: ['dev', 'prod'] });
    const { hint } = await failureOf((await transportTo(config)).get('/'));
    assert.equal(
      hint,
      'current-context is not set in /home/ana/.kube/config. Choose a context with --context, or a file with --kubeconfig. The contexts are dev, prod',
    );
  });
});
