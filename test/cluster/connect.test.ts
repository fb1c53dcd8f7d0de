import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { connect } from '../../src/cluster/connect.ts';
import { userAgent } from '../../src/cluster/transport/user-agent.ts';
import { createAuthority } from '../../tools/certificates.ts';
import { CLUSTER_RUNTIMES } from '../support/kinds.ts';
import { createHost, runCli } from '../support/run-cli.ts';
import { atClose, closeAll, failureOf, listen, sendJson, serve } from '../support/wire.ts';
import { createPlace, kubeconfigOf } from './kubeconfig/config-host.ts';

const list = { kind: 'ClusterServingRuntimeList', apiVersion: 'serving.kserve.io/v1alpha1', items: [] };

function place() {
  const made = createPlace();
  atClose(made.remove);
  return made;
}

describe('connect', () => {
  afterEach(closeAll);

  it('finds kubeconfig and proxy on Windows whatever the case of their variables', async () => {
    const proxy = await serve((_request, response) => sendJson(response, list));
    const kubeconfig = place().write('config', kubeconfigOf({ username: 'ana', password: 'p' }, { server: 'http://server.test' }));
    const { host } = createHost({ argv: '', env: { kubeconfig, Http_Proxy: proxy.url.origin }, platform: 'win32' });
    const connection = await connect({}, host);
    await connection.cluster.list(CLUSTER_RUNTIMES, {}, (object) => object);
    connection.close();
    assert.equal(new URL(proxy.requests[0]?.url ?? '').hostname, 'server.test');
  });

  it('reaches the server of a kubeconfig as its user', async () => {
    const root = await createAuthority('root');
    const server = await serve(
      (_request, response) => {
        response.setHeader('Warning', '299 - "old"');
        sendJson(response, list);
      },
      { tls: await root.issue({ hosts: ['127.0.0.1'] }) },
    );
    const file = place().write('config', {
      'current-context': 'dev',
      contexts: [{ name: 'dev', context: { cluster: 'c', user: 'u', namespace: 'team-a' } }],
      clusters: [{ name: 'c', cluster: { server: `${server.url.origin}/prefix/`, 'certificate-authority-data': btoa(root.certificate) } }],
      users: [{ name: 'u', user: { token: 's3cret' } }],
    });
    const { host, written } = createHost({ argv: '', env: { KUBECONFIG: file }, now: new Date() });
    const connection = await connect({ as: 'bob', asGroup: ['g'], requestTimeout: '1m', verbosity: 6 }, host);
    assert.deepEqual(await connection.cluster.list(CLUSTER_RUNTIMES, {}, (object) => object), { items: [] });
    connection.close();
    assert.deepEqual([connection.namespace, connection.contextName, connection.warningCount()], ['team-a', 'dev', 1]);
    assert.deepEqual(server.requests, [
      {
        method: 'GET',
        url: '/prefix/apis/serving.kserve.io/v1alpha1/clusterservingruntimes?limit=500&timeout=1m0s',
        lines: [
          `Host: 127.0.0.1:${server.port}`,
          `User-Agent: ${userAgent(host)}`,
          'Accept: application/json',
          'Authorization: Bearer s3cret',
          'Impersonate-User: bob',
          'Impersonate-Group: g',
          'Accept-Encoding: gzip',
          'Connection: keep-alive',
        ],
        body: '',
      },
    ]);
    assert.deepEqual(written(), {
      stdout: '',
      stderr: `Config loaded from file: ${file}\nGET ${server.url.origin}/prefix${server.requests[0]?.url.slice(7)} 200 OK in 0 milliseconds\nWarning: old\n`,
    });
  });

  for (const command of ['runtimes list', 'rbac check', 'version']) {
    it(`takes a flag that is wrong everywhere for misuse of ${command}`, async () => {
      const file = place().write('config', kubeconfigOf({}));
      const argv = [...command.split(' '), '--request-timeout', 'abc'];
      const { code, stdout, stderr } = await runCli({ argv, env: { KUBECONFIG: file }, connect });
      assert.deepEqual([code, stdout], [2, '']);
      const [error, see, ...rest] = stderr.split('\n');
      assert.match(error ?? '', /^error: --request-timeout: Invalid timeout value\. /);
      assert.deepEqual([see, rest], [`See 'kubectl kserve ${command} --help' for usage.`, ['']]);
    });
  }

  it('sends nothing by itself, and reports a bad configuration', async () => {
    const file = place().write('config', { kind: 'Pod', apiVersion: 'v1' });
    const { host } = createHost({ argv: '', env: { KUBECONFIG: file } });
    assert.equal((await failureOf(connect({}, host))).reason, 'ConfigInvalid');
  });

  it('refreshes OIDC tokens at their issuer, never tracing what is sent', async () => {
    const root = await createAuthority('root');
    const tls = await root.issue({ hosts: ['127.0.0.1'] });
    const idToken = ['{}', JSON.stringify({ exp: 4_000_000_000 }), 'x'].map((part) => Buffer.from(part).toString('base64url')).join('.');
    const provider = await serve(
      (request, response) => {
        const issuer = `https://127.0.0.1:${provider.port}/issuer`;
        if (request.method === 'GET') sendJson(response, { issuer, token_endpoint: `${issuer}/token` });
        else
          sendJson(response, {
            access_token: 'access-s3cret',
            token_type: 'Bearer',
            id_token: idToken,
            refresh_token: 'second-refresh-token',
          });
      },
      { tls },
    );
    const server = await serve((_request, response) => sendJson(response, list), { tls });
    const authority = btoa(root.certificate);
    const config = {
      'idp-issuer-url': `https://127.0.0.1:${provider.port}/issuer`,
      'idp-certificate-authority-data': authority,
      'client-id': 'me',
      'client-secret': 'client-s3cret',
      'refresh-token': 'first-refresh-token',
    };
    const file = place().write('config', {
      'current-context': 'dev',
      contexts: [{ name: 'dev', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster: { server: server.url.origin, 'certificate-authority-data': authority } }],
      users: [{ name: 'u', user: { 'auth-provider': { name: 'oidc', config } } }],
    });
    const { host, written } = createHost({ argv: '', env: { KUBECONFIG: file }, now: new Date() });
    const connection = await connect({ verbosity: 10 }, host);
    await connection.cluster.list(CLUSTER_RUNTIMES, {}, (object) => object);
    connection.close();
    assert.deepEqual(
      provider.requests.map(({ method, url, body }) => [method, url, new URLSearchParams(body).get('refresh_token')]),
      [
        ['GET', '/issuer/.well-known/openid-configuration', null],
        ['POST', '/issuer/token', 'first-refresh-token'],
      ],
    );
    assert.ok(provider.requests[1]?.lines.includes(`Authorization: Basic ${btoa('me:client-s3cret')}`));
    assert.ok(server.requests[0]?.lines.includes(`Authorization: Bearer ${idToken}`));
    assert.doesNotMatch(written().stderr, new RegExp(`refresh-token|s3cret|${idToken}`));
  });

  it('leaves nothing that keeps the process alive', async () => {
    const server = await serve((_request, response) => sendJson(response, list));
    const script = `
      const { createTransport } = await import(${JSON.stringify(import.meta.resolve('../../src/cluster/transport/transport.ts'))});
      const { clientConfig } = await import(${JSON.stringify(import.meta.resolve('../support/wire.ts'))});
      const config = clientConfig('${server.url.origin}', { requestTimeout: 1e6 });
      const transport = await createTransport({ config, env: {}, platform: 'linux', now: () => new Date(), signal: new AbortController().signal,
        userAgent: 'test', write: () => undefined, verbosity: 0 });
      const { status } = await transport.request({ method: 'GET', path: '/' });
      process.stdout.write(String(status));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    assert.equal(stdout, '200');
  });

  it('waits for nobody after an interrupt while it connects', async () => {
    const { port } = await listen(createServer());
    const controller = new AbortController();
    const { host } = createHost({ argv: '', signal: controller.signal, env: { HOME: place().folder } });
    const { cluster } = await connect({ server: `https://127.0.0.1:${port}`, insecureSkipTlsVerify: true }, host);
    const failure = failureOf(cluster.serverVersion());
    controller.abort('SIGINT');
    assert.equal((await failure).reason, 'Interrupted');
  });
});
