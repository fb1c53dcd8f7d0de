import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { dialFault } from '../../src/cluster/transport/tcp/fault.ts';
import { openTcp } from '../../src/cluster/transport/tcp/tcp.ts';
import { Secret } from '../../src/text/secret.ts';
import { clientConfig, closeAll, failureOf, serve, serveRaw, transportTo } from '../support/wire.ts';

describe('limits of time that no flag sets', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => {
    mock.timers.reset();
    closeAll();
  });

  it('30 seconds to connect', async () => {
    const server = await serveRaw(() => undefined);
    const opening = openTcp('127.0.0.1', server.port, new AbortController().signal);
    mock.timers.tick(30_000);
    const error = await opening.catch((failure: unknown) => dialFault(failure, '127.0.0.1', 6443));
    assert.ok(error instanceof Error);
    assert.equal(error.message, 'dial tcp 127.0.0.1:6443: i/o timeout');
  });

  it('10 seconds for the TLS handshake', async () => {
    const server = await serveRaw((socket) => socket.once('data', () => mock.timers.tick(10_000)));
    const transport = await transportTo(clientConfig(`https://127.0.0.1:${server.port}`, { tls: { insecure: true } }));
    assert.deepEqual(await failureOf(transport.get('/')), {
      reason: 'Unreachable',
      message: 'net/http: TLS handshake timeout',
      hint: 'Check VPN, firewall and proxy; the server comes from cluster "here" of context "test".',
    });
    assert.equal(server.connections(), 1);
  });

  for (const scheme of ['http', 'socks5']) {
    it(`a minute for a ${scheme} proxy to open the way`, async () => {
      const proxy = await serveRaw((socket) => socket.once('data', () => mock.timers.tick(60_000)));
      const proxyUrl = new Secret(new URL(`${scheme}://127.0.0.1:${proxy.port}`));
      const transport = await transportTo(clientConfig('https://api.example.test', { proxyUrl }));
      const { reason, message } = await failureOf(transport.get('/'));
      assert.equal(reason, 'ProxyFailed');
      assert.equal(message, `proxy ${scheme}://127.0.0.1:${proxy.port}: i/o timeout`);
    });
  }

  it('none for an answer', async () => {
    const server = await serve((_request, response) => {
      mock.timers.tick(86_400_000);
      response.end('{}');
    });
    const transport = await transportTo(clientConfig(server.url));
    assert.equal((await transport.get('/')).status, 200);
  });
});

describe('dialFault', () => {
  for (const [error, host, reason, message] of [
    [{ code: 'ECONNREFUSED' }, 'h', 'ConnectionRefused', 'connection refused'],
    [{ code: 'ENOTFOUND' }, 'h', 'NameNotResolved', 'dial tcp: lookup h: no such host'],
    [{ code: 'EAI_AGAIN' }, 'h', 'NameNotResolved', 'dial tcp: lookup h: server misbehaving'],
    [{ code: 'ETIMEDOUT' }, 'h', 'Unreachable', 'dial tcp h:1: i/o timeout'],
    [{ code: 'EHOSTUNREACH' }, '10.0.0.1', 'Unreachable', 'dial tcp 10.0.0.1:1: connect: no route to host'],
    [{ code: 'ENETUNREACH' }, '2001:db8::1', 'Unreachable', 'dial tcp [2001:db8::1]:1: connect: network is unreachable'],
    [{ code: 'EWHATEVER' }, 'h', 'Unreachable', 'dial tcp h:1: connect: EWHATEVER'],
  ] as const) {
    it(`${error.code} to ${host}`, () => {
      const fault = dialFault(Object.assign(new Error('secret detail'), error), host, 1);
      assert.deepEqual([fault.reason, fault.message], [reason, message]);
    });
  }

  it('takes the refusal out of attempts at several addresses', () => {
    const attempts = ['ENETUNREACH', 'ECONNREFUSED', 'ETIMEDOUT'].map((code) => Object.assign(new Error(code), { code }));
    assert.equal(dialFault(new AggregateError(attempts), 'h', 1).reason, 'ConnectionRefused');
    assert.equal(dialFault(new AggregateError(attempts.slice(2)), 'h', 1).reason, 'Unreachable');
  });
});
