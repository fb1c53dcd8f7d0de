import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { ClientConfig } from '../../../src/cluster/kubeconfig/client-config.ts';
import { clientConfig, closeAll, deadPort, failureOf, sendJson, serve, serveRaw, transportTo } from '../../support/wire.ts';

const CONNECT = new URL('../../../src/cluster/connect.ts', import.meta.url).href;
const RUN_CLI = new URL('../../support/run-cli.ts', import.meta.url).href;

/** Sends two requests in a process of its own, and prints in what order TCP connects and TLS is loaded. */
const SCRIPT = `
import { subscribe } from 'node:diagnostics_channel';
import { registerHooks } from 'node:module';
const happened = [];
registerHooks({
  load(url, context, next) {
    if (url.endsWith('/tls/trust.ts')) happened.push('TLS');
    return next(url, context);
  },
});
subscribe('net.client.socket', ({ socket }) => socket.once('connectionAttempt', () => happened.push('TCP')));
const { connect } = await import(${JSON.stringify(CONNECT)});
const { createHost } = await import(${JSON.stringify(RUN_CLI)});
const { host } = createHost({ argv: '' });
const { cluster } = await connect({ server: process.argv[1], token: 't' }, host);
await Promise.allSettled([cluster.serverVersion(), cluster.serverVersion()]);
console.log(happened.join(' '));
`;

/** Credentials for which nobody is asked, though a test may keep them waiting. */
function atHand(get: () => Promise<object>): ClientConfig['credentials'] {
  return { origin: 'token', isAtHand: true, get };
}

describe('a connection that is opened early', () => {
  afterEach(closeAll);

  it('is under way before TLS is loaded', async () => {
    const args = ['--input-type=module', '-e', SCRIPT, `https://127.0.0.1:${await deadPort()}`];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: { HOME: join(tmpdir(), 'nonexistent') } });
    assert.equal(stdout, 'TCP TCP TLS\n');
  });

  it('is used, and no other', async () => {
    const server = await serve((_request, response) => sendJson(response, {}));
    const { promise: accepted, resolve } = Promise.withResolvers<object>();
    const transport = await transportTo(clientConfig(server.url, { credentials: atHand(() => accepted) }));
    const answers = Promise.all([transport.get('/a'), transport.get('/b')]);
    while (server.connections() < 2) await delay(1);
    resolve({});
    await answers;
    await transport.get('/c');
    assert.equal(server.connections(), 2);
  });

  it('waits for no plugin that gives credentials', async () => {
    const server = await serve((_request, response) => sendJson(response, {}));
    const other = await serve((_request, response) => sendJson(response, {}));
    let before = 0;
    const get = async () => {
      // Long enough for a connection, as another one shows.
      await (await transportTo(clientConfig(other.url))).get('/');
      before += server.connections();
      return {};
    };
    const transport = await transportTo(clientConfig(server.url, { credentials: { origin: 'plugin', get } }));
    await transport.get('/a');
    assert.deepEqual([before, server.connections()], [0, 1]);
  });

  it('is closed where the configuration turns out to be of no use', async () => {
    const { promise: accepted, resolve } = Promise.withResolvers<Socket>();
    const server = await serveRaw((socket) => {
      socket.resume();
      resolve(socket);
    });
    const tls = { insecure: false, ca: { pem: Buffer.from('no certificate'), origin: 'certificate-authority' } };
    const transport = await transportTo(clientConfig(`https://127.0.0.1:${server.port}`, { tls, credentials: atHand(async () => ({})) }));
    const closed = accepted.then((socket) => once(socket, 'close'));
    assert.equal((await failureOf(transport.get('/a'))).reason, 'ConfigInvalid');
    await closed;
  });

  it('is opened again if the server closed it before it was used', async () => {
    const { promise: accepted, resolve: accept } = Promise.withResolvers<Socket>();
    const server = await serveRaw((socket, number) => {
      if (number === 1) accept(socket);
      else socket.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}');
    });
    const { promise: closed, resolve: close } = Promise.withResolvers<object>();
    const watch = (message: unknown) => {
      const { socket } = message as { readonly socket: Socket };
      unsubscribe('net.client.socket', watch);
      socket.once('connect', async () => (await accepted).resetAndDestroy()).once('close', () => close({}));
    };
    subscribe('net.client.socket', watch);
    const transport = await transportTo(clientConfig(server.url, { credentials: atHand(() => closed) }));
    assert.equal((await transport.get('/a')).status, 200);
    assert.equal(server.connections(), 2);
  });
});
