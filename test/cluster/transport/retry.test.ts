import assert from 'node:assert/strict';
import { clientConfig, closeAll, deadPort, failureOf, type Handler, sendJson, serve, serveRaw, transportTo } from '../../support/wire.ts';

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}';

/** Answers `status` for the first `times` requests. */
function failing(times: number, status: number, headers: Record<string, string>): Handler {
  let count = 0;
  return (_request, response) => {
    count++;
    if (count <= times) response.writeHead(status, headers).end();
    else sendJson(response, {});
  };
}

describe('retries of answers', () => {
  afterEach(closeAll);

  for (const [status, value, waits] of [
    [429, '1', [1, 1]],
    [500, '2', [2, 2]],
    [503, '0', []],
    [599, '7', [7, 7]],
  ] as const) {
    it(`waits after ${status} with Retry-After ${value}`, async () => {
      const server = await serve(failing(2, status, { 'Retry-After': value }));
      const transport = await transportTo(clientConfig(server.url));
      assert.equal((await transport.get('/')).status, 200);
      assert.deepEqual(transport.waits, waits);
      assert.equal(server.requests.length, 3);
    });
  }

  for (const [status, headers] of [
    [429, {}],
    [503, {}],
    [503, { 'Retry-After': 'Wed, 21 Oct 2015 07:28:00 GMT' }],
    [503, { 'Retry-After': '1.5' }],
    [503, { 'Retry-After': '301' }],
    [404, { 'Retry-After': '1' }],
    [409, { 'Retry-After': '1' }],
  ] as const) {
    it(`takes ${status} with ${JSON.stringify(headers)} as final`, async () => {
      const server = await serve(failing(1, status, headers));
      const transport = await transportTo(clientConfig(server.url));
      assert.equal((await transport.get('/')).status, status);
      assert.deepEqual(transport.waits, []);
    });
  }

  it('repeats any method, with its body', async () => {
    const server = await serve(failing(1, 429, { 'Retry-After': '1' }));
    const transport = await transportTo(clientConfig(server.url));
    await transport.request({ method: 'POST', path: '/', body: '{"a":1}' });
    assert.deepEqual(
      server.requests.map(({ method, body }) => [method, body]),
      [
        ['POST', '{"a":1}'],
        ['POST', '{"a":1}'],
      ],
    );
  });

  it('gives the answer back after ten repeats', async () => {
    const server = await serve(failing(100, 503, { 'Retry-After': '1' }));
    const transport = await transportTo(clientConfig(server.url));
    assert.equal((await transport.get('/')).status, 503);
    assert.equal(server.requests.length, 11);
    assert.deepEqual(transport.waits, Array(10).fill(1));
  });
});

describe('retries of lost connections', () => {
  afterEach(closeAll);

  it('repeats a GET each second, ten times', async () => {
    const server = await serveRaw((socket) => socket.once('data', () => socket.end()));
    const transport = await transportTo(clientConfig(server.url));
    assert.deepEqual(await failureOf(transport.get('/')), {
      reason: 'ConnectionLost',
      message: 'EOF',
      hint: 'The connection broke before the answer was complete (tried 11 times). Try again. If the server speaks https, "server" of cluster "here" of context "test" must say so.',
    });
    assert.equal(server.connections(), 11);
    assert.deepEqual(transport.waits, Array(10).fill(1));
  });

  it('names a reset', async () => {
    const server = await serveRaw((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const transport = await transportTo(clientConfig(server.url));
    const { reason, message } = await failureOf(transport.get('/'));
    assert.deepEqual([reason, message], ['ConnectionLost', 'connection reset by peer']);
  });

  it('succeeds when the server is back', async () => {
    const server = await serveRaw((socket, number) =>
      socket.once('data', () => (number < 3 ? socket.resetAndDestroy() : socket.end(ANSWER))),
    );
    const transport = await transportTo(clientConfig(server.url));
    assert.equal((await transport.get('/')).status, 200);
    assert.deepEqual(transport.waits, [1, 1]);
  });

  it('repeats at once on a connection that the server had closed meanwhile', async () => {
    const server = await serveRaw((socket) => {
      socket.once('data', () => {
        socket.write(ANSWER);
        socket.once('data', () => socket.resetAndDestroy());
      });
    });
    const transport = await transportTo(clientConfig(server.url));
    await transport.get('/1');
    assert.equal((await transport.get('/2')).status, 200);
    assert.deepEqual(transport.waits, []);
    assert.equal(server.connections(), 2);
  });

  it('never repeats a write, but an access review', async () => {
    const server = await serveRaw((socket, number) => socket.once('data', () => (number < 3 ? socket.end() : socket.end(ANSWER))));
    const transport = await transportTo(clientConfig(server.url));
    assert.deepEqual(await failureOf(transport.request({ method: 'POST', path: '/', body: '{}' })), {
      reason: 'ConnectionLost',
      message: 'EOF',
      hint: 'The connection broke before the answer was complete (tried once). Try again. If the server speaks https, "server" of cluster "here" of context "test" must say so.',
    });
    assert.equal((await transport.request({ method: 'POST', path: '/', body: '{}', repeatable: true })).status, 200);
    assert.deepEqual(transport.waits, [1]);
  });

  it('does not repeat what was refused', async () => {
    const port = await deadPort();
    const transport = await transportTo(clientConfig(`http://127.0.0.1:${port}`));
    assert.deepEqual(await failureOf(transport.get('/')), {
      reason: 'ConnectionRefused',
      message: `The connection to the server 127.0.0.1:${port} was refused - did you specify the right host or port?`,
      hint: 'Is the cluster running? The server comes from cluster "here" of context "test".',
    });
    assert.deepEqual(transport.waits, []);
    const { contextName: _, clusterName: __, ...config } = clientConfig(`http://127.0.0.1:${port}`);
    const originOf = async (given: object) => (await failureOf((await transportTo({ ...config, ...given })).get('/'))).hint;
    assert.equal(await originOf({ flags: new Set(['--server']) }), 'Is the cluster running? The server comes from --server.');
    assert.equal(await originOf({}), 'Is the cluster running? The server comes from KUBERNETES_MASTER.');
  });

  it('tells of a missing configuration where the last resort refuses', async () => {
    const port = await deadPort();
    const config = clientConfig(`http://localhost:${port}`, { isFallback: true, files: { read: [], missing: ['/a', '/b'] } });
    const nothing = await transportTo(config);
    assert.deepEqual(await failureOf(nothing.get('/')), {
      reason: 'ConfigMissing',
      message: `The connection to the server localhost:${port} was refused - did you specify the right host or port?`,
      hint: 'Config not found: /a, /b. Give a file with --kubeconfig, or choose a server with --server.',
    });
    const { contextName: _, clusterName: __, ...unnamed } = config;
    const hintOf = async (given: object) =>
      (await failureOf((await transportTo({ ...unnamed, files: { read: ['/c'], missing: [] }, ...given })).get('/'))).hint;
    assert.equal(await hintOf({}), 'current-context is not set in /c. Choose a context with --context, or a file with --kubeconfig.');
    assert.equal(await hintOf({ contextName: 'x' }), 'Context "x" in /c names no cluster.');
    assert.equal(await hintOf({ contextName: 'x', clusterName: 'k' }), 'Cluster "k" of context "x" is not in /c, or has no "server".');
  });

  it('does not repeat a name that does not resolve', async () => {
    const transport = await transportTo(clientConfig('http://no-such-host.invalid'));
    const { reason, message, hint } = await failureOf(transport.get('/'));
    assert.equal(reason, 'NameNotResolved');
    assert.match(message, /^dial tcp: lookup no-such-host\.invalid: (no such host|server misbehaving)$/);
    assert.equal(hint, 'Check the network or VPN; the name comes from cluster "here" of context "test".');
    assert.deepEqual(transport.waits, []);
  });
});
