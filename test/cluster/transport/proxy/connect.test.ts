import assert from 'node:assert/strict';
import type { ClientConfig } from '../../../../src/cluster/kubeconfig/client-config.ts';
import { Secret } from '../../../../src/text/secret.ts';
import { type Authority, createAuthority } from '../../../../tools/certificates.ts';
import { httpProxy, socksProxy } from '../../../support/proxies.ts';
import {
  clientConfig,
  closeAll,
  deadPort,
  failureOf,
  sendJson,
  serve,
  serveRaw,
  type TestServer,
  transportTo,
} from '../../../support/wire.ts';

describe('requests through a proxy', () => {
  let root: Authority;
  let secure: TestServer;
  let plain: TestServer;
  before(async () => {
    root = await createAuthority('root');
  });
  beforeEach(async () => {
    secure = await serve((_request, response) => sendJson(response, { secure: true }), {
      tls: await root.issue({ hosts: ['api.example.test', '10.1.2.3'] }),
    });
    plain = await serve((_request, response) => sendJson(response, { secure: false }));
  });
  afterEach(closeAll);

  /** A client of a host that only the proxy can find. */
  function through(proxyUrl: string, server: TestServer, parts: Partial<ClientConfig> = {}, host = 'api.example.test') {
    const tls = { insecure: false, ca: { pem: Buffer.from(root.certificate), origin: 'ca' } };
    const url = `${server.url.protocol}//${host}:${server.port}`;
    return transportTo(clientConfig(url, { tls, proxyUrl: new Secret(new URL(proxyUrl)), ...parts }), { now: () => new Date() });
  }

  it('opens a tunnel to an https server, with user and password', async () => {
    const proxy = await httpProxy();
    const transport = await through(`http://us%40er:pass%3A@127.0.0.1:${proxy.port}`, secure);
    assert.equal((await transport.get('/apis')).body.toString(), '{"secure":true}\n');
    assert.deepEqual(proxy.asked, [`CONNECT api.example.test:${secure.port} Basic ${btoa('us@er:pass:')}`]);
    assert.deepEqual(
      secure.requests.map(({ url, lines }) => [url, lines[0], lines.some((line) => /^proxy-/i.test(line))]),
      [['/apis', `Host: api.example.test:${secure.port}`, false]],
    );
  });

  it('keeps the tunnel', async () => {
    const proxy = await httpProxy();
    const transport = await through(`http://127.0.0.1:${proxy.port}`, secure);
    await transport.get('/1');
    await transport.get('/2');
    assert.equal(proxy.asked.length, 1);
  });

  it('speaks TLS with an https proxy by the settings of the cluster', async () => {
    const proxy = await httpProxy({ tls: await root.issue({ hosts: ['127.0.0.1'] }) });
    const transport = await through(`https://127.0.0.1:${proxy.port}`, secure);
    assert.equal((await transport.get('/apis')).status, 200);
    assert.deepEqual(proxy.asked, [`CONNECT api.example.test:${secure.port}`]);
  });

  it('does not trust an https proxy of another authority', async () => {
    const other = await createAuthority('other');
    const proxy = await httpProxy({ tls: await other.issue({ hosts: ['127.0.0.1'] }) });
    const { reason, message } = await failureOf((await through(`https://127.0.0.1:${proxy.port}`, secure)).get('/apis'));
    assert.deepEqual(
      [reason, message],
      [
        'ProxyFailed',
        `proxy https://127.0.0.1:${proxy.port}: tls: failed to verify certificate: x509: certificate signed by unknown authority`,
      ],
    );
  });

  it('asks an http server in absolute form, with user and password', async () => {
    const proxy = await httpProxy();
    const transport = await through(`http://u:p@127.0.0.1:${proxy.port}`, plain);
    assert.equal((await transport.get('/apis?a=b')).body.toString(), '{"secure":false}\n');
    assert.deepEqual(proxy.asked, [`GET http://api.example.test:${plain.port}/apis?a=b Basic ${btoa('u:p')}`]);
  });

  it('asks an http server in absolute form through an https proxy', async () => {
    const proxy = await httpProxy({ tls: await root.issue({ hosts: ['127.0.0.1'] }) });
    const transport = await through(`https://127.0.0.1:${proxy.port}`, plain);
    assert.equal((await transport.get('/apis')).status, 200);
    assert.deepEqual(proxy.asked, [`GET http://api.example.test:${plain.port}/apis`]);
  });

  for (const kind of ['https', 'http'] as const) {
    it(`lets a SOCKS proxy find the name of an ${kind} server`, async () => {
      const server = kind === 'https' ? secure : plain;
      const proxy = await socksProxy();
      const transport = await through(`socks5://127.0.0.1:${proxy.port}`, server);
      assert.equal((await transport.get('/apis')).status, 200);
      assert.deepEqual(proxy.asked, [`api.example.test:${server.port}`]);
    });
  }

  it('gives a SOCKS proxy user and password', async () => {
    const proxy = await socksProxy({ user: { name: 'ü', password: 'p@ss' } });
    const transport = await through(`socks5h://%C3%BC:p%40ss@127.0.0.1:${proxy.port}`, secure, {}, '10.1.2.3');
    assert.equal((await transport.get('/apis')).status, 200);
    assert.deepEqual(proxy.asked, [`10.1.2.3:${secure.port}`]);
  });

  it('names a SOCKS proxy that refuses, without the password', async () => {
    const proxy = await socksProxy({ user: { name: 'u', password: 'right' } });
    const transport = await through(`socks5://u:wrong-password@127.0.0.1:${proxy.port}`, secure);
    assert.deepEqual(await failureOf(transport.get('/apis')), {
      reason: 'ProxyFailed',
      message: `proxy socks5://127.0.0.1:${proxy.port}: socks connect: Socks5 Authentication failed`,
      hint: 'The proxy comes from proxy-url of cluster "here".',
    });
    const closed = await socksProxy({ reply: 5 });
    const { message } = await failureOf((await through(`socks5://127.0.0.1:${closed.port}`, secure)).get('/apis'));
    assert.match(message, /^proxy socks5:\/\/127\.0\.0\.1:\d+: socks connect: .*ConnectionRefused/);
  });

  it('says what a proxy answered', async () => {
    const proxy = await httpProxy({ refusal: 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n' });
    const transport = await through(`http://user:secret-password@127.0.0.1:${proxy.port}`, secure);
    assert.deepEqual(await failureOf(transport.get('/apis')), {
      reason: 'ProxyFailed',
      message: `proxy http://127.0.0.1:${proxy.port}: 407 Proxy Authentication Required`,
      hint: 'Give user and password in proxy-url of cluster "here".',
    });
  });

  it('says when a proxy does not speak HTTP, or hangs up', async () => {
    const junk = await serveRaw((socket) => socket.once('data', () => socket.end('SSH-2.0\r\n')));
    const hangup = await serveRaw((socket) => socket.once('data', () => socket.end()));
    const messages = await Promise.all(
      [junk, hangup].map(async ({ port }) =>
        (await failureOf((await through(`http://127.0.0.1:${port}`, secure)).get('/'))).message.replace(/:\d+:/, ':'),
      ),
    );
    assert.deepEqual(messages, ['proxy http://127.0.0.1: malformed answer', 'proxy http://127.0.0.1: EOF']);
  });

  it('names a dead proxy of the environment, and the variable', async () => {
    const port = await deadPort();
    const transport = await transportTo(clientConfig('https://api.example.test'), { env: { HTTPS_PROXY: `127.0.0.1:${port}` } });
    assert.deepEqual(await failureOf(transport.get('/apis')), {
      reason: 'ProxyFailed',
      message: `proxy http://127.0.0.1:${port}: connection refused`,
      hint: "The proxy comes from HTTPS_PROXY; NO_PROXY excludes servers from the environment's proxies.",
    });
  });

  it('ends at once on an interrupt', async () => {
    for (const scheme of ['http', 'socks5']) {
      const controller = new AbortController();
      const silent = await serveRaw((socket) => socket.once('data', () => controller.abort('SIGINT')));
      const config = clientConfig('https://api.example.test', { proxyUrl: new Secret(new URL(`${scheme}://127.0.0.1:${silent.port}`)) });
      const transport = await transportTo(config, { signal: controller.signal });
      assert.equal((await failureOf(transport.get('/'))).reason, 'Interrupted');
    }
  });
});
