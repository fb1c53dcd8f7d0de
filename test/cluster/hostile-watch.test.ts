import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { clusterOver } from '../../src/cluster/api/client.ts';
import type { WatchEvent } from '../../src/cluster/cluster.ts';
import type { ClientConfig } from '../../src/cluster/kubeconfig/client-config.ts';
import { LIMITS } from '../../src/cluster/limits.ts';
import { ClusterError } from '../../src/errors.ts';
import { RUNTIMES } from '../support/kinds.ts';
import { clientConfig, closeAll, failureOf, serve, serveRaw, transportTo } from '../support/wire.ts';

const EVENT_TYPES = { 'Content-Type': 'application/json' };

function object(name: string, more: object = {}) {
  const metadata = { name, namespace: 'a', resourceVersion: '7' };
  return { apiVersion: 'serving.kserve.io/v1alpha1', kind: 'ServingRuntime', metadata, ...more };
}

function event(type: string, of: unknown): string {
  return `${JSON.stringify({ type, object: of })}\n`;
}

async function watching(url: URL, parts: Partial<ClientConfig> = {}, ended = new AbortController().signal) {
  const transport = await transportTo(clientConfig(url, parts));
  return clusterOver(transport).watch(RUNTIMES, { namespace: 'a', resourceVersion: '1' }, ended);
}

/** All events until the watch ends, and what it ended with. */
async function told(events: AsyncIterable<WatchEvent>) {
  const seen: WatchEvent[] = [];
  const collect = async () => {
    for await (const one of events) seen.push(one);
  };
  const failure = await collect().then(
    () => undefined,
    (error: unknown) => error,
  );
  return { seen: seen.map((one) => (one.type === 'BOOKMARK' ? one.type : `${one.type} ${one.object.metadata.name}`)), failure };
}

/** What a watch gives that answers with `body`, in one piece and byte by byte. */
async function outcomeOf(body: string | Buffer, end: (response: ServerResponse) => void = (response) => void response.end()) {
  const server = await serve((_request, response) => {
    response.writeHead(200, EVENT_TYPES);
    response.write(body, () => end(response));
  });
  const { seen, failure } = await told(await watching(server.url));
  return [...seen, ...(failure instanceof ClusterError ? [`${failure.reason}: ${failure.message}`] : [])];
}

const NOT_ASKED = "UnexpectedResponse: the server's response is not what was asked for: ";

describe('a watch', () => {
  afterEach(closeAll);
  const good = event('ADDED', object('x'));

  it('asks for bookmarks, from a version on, and for nothing packed', async () => {
    const server = await serve((_request, response) => response.writeHead(200, EVENT_TYPES).end(good));
    assert.deepEqual((await told(await watching(server.url))).seen, ['ADDED x']);
    const [request] = server.requests;
    assert.equal(
      request?.url,
      '/apis/serving.kserve.io/v1alpha1/namespaces/a/servingruntimes?watch=true&allowWatchBookmarks=true&resourceVersion=1',
    );
    assert.deepEqual(
      request?.lines.filter((line) => /encoding/i.test(line)),
      [],
    );
  });

  it('hands over events as they come, in pieces of any size', async () => {
    const text = `${good}\r\n\n${event('BOOKMARK', object('', { metadata: { resourceVersion: '9' } }))}${event('DELETED', object('ü'))}`;
    for (const size of [1, 2, 7, 1000]) {
      const server = await serve(async (_request, response) => {
        response.writeHead(200, EVENT_TYPES);
        const bytes = Buffer.from(text);
        for (let at = 0; at < bytes.length; at += size) response.write(bytes.subarray(at, at + size));
        response.end();
      });
      assert.deepEqual(
        await told(await watching(server.url)),
        { seen: ['ADDED x', 'BOOKMARK', 'DELETED ü'], failure: undefined },
        `${size}`,
      );
    }
  });

  it('takes a last event without a line break, and no half one', async () => {
    assert.deepEqual(await outcomeOf(good.trimEnd()), ['ADDED x']);
    assert.deepEqual(await outcomeOf(`${good}{"type":"ADD`), ['ADDED x', `${NOT_ASKED}an event that is no JSON`]);
  });

  it('says that the connection was lost, after all that came before', async () => {
    const broken = (response: ServerResponse) => void response.socket?.destroy();
    assert.deepEqual(await outcomeOf(`${good}{"type":"ADD`, broken), ['ADDED x', 'ConnectionLost: unexpected EOF']);
  });

  it('rejects with the failure that an event tells, or a Status in place of events', async () => {
    const status = {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      message: 'too old resource version: 1 (9)',
      reason: 'Expired',
      code: 410,
    };
    assert.deepEqual(await outcomeOf(good + event('ERROR', status)), ['ADDED x', 'Expired: too old resource version: 1 (9)']);
    assert.deepEqual(await outcomeOf(`${JSON.stringify(status)}\n`), ['Expired: too old resource version: 1 (9)']);
  });

  const wrong: readonly (readonly [title: string, body: string, message: string])[] = [
    ['no JSON', 'nonsense\n', 'an event that is no JSON'],
    ['JSON that is no event', '[1]\n', 'an event without a type and an object'],
    ['an event without an object', '{"type":"ADDED"}\n', 'an event without a type and an object'],
    ['a list', '{"kind":"ServingRuntimeList","items":[]}\n', 'an event without a type and an object'],
    ['an unknown type', event('RENAMED\u001b[31m', object('x')), 'an event of the type "RENAMED\\u001b[31m"'],
    ['an ERROR that is no Status', event('ERROR', object('x')), 'an event of the type "ERROR"'],
    [
      'an object without metadata',
      event('ADDED', { kind: 'ServingRuntime' }),
      'a watch of servingruntimes.serving.kserve.io with an item that is no object',
    ],
    ['an object without a name', event('ADDED', object('')), 'a watch of servingruntimes.serving.kserve.io with an item without a name'],
    [
      'an object without a version',
      event('ADDED', object('x', { metadata: { name: 'x', namespace: 'a' } })),
      'an event of servingruntimes.serving.kserve.io without a resourceVersion',
    ],
    [
      'a bookmark without a version',
      event('BOOKMARK', object('', { metadata: {} })),
      'a bookmark of servingruntimes.serving.kserve.io without a resourceVersion',
    ],
    [
      'another kind',
      event('ADDED', object('x', { kind: 'Secret' })),
      'Secret of serving.kserve.io/v1alpha1 in a watch of servingruntimes.serving.kserve.io',
    ],
    [
      'a bookmark of another kind',
      event('BOOKMARK', object('', { kind: 'Pod' })),
      'a bookmark of Pod of serving.kserve.io/v1alpha1 in a watch of servingruntimes.serving.kserve.io',
    ],
    [
      'an object of another namespace',
      event('ADDED', object('x', { metadata: { name: 'x', namespace: 'b', resourceVersion: '7' } })),
      'a watch of servingruntimes.serving.kserve.io with an item of the namespace "b"',
    ],
  ];
  for (const [title, body, message] of wrong)
    it(`does not take ${title} for an event`, async () => {
      assert.deepEqual(await outcomeOf(`${good}${body}${good}`), ['ADDED x', `${NOT_ASKED}${message}`]);
    });

  it('holds no more of a line without end than one event may have', async () => {
    const chunk = Buffer.alloc(65_536, 'a');
    const endless = await serveRaw((socket: Socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"type":"');
        const more = () => {
          while (!socket.destroyed && socket.write(chunk));
        };
        socket.on('drain', more);
        more();
      }),
    );
    const { failure } = await told(await watching(endless.url));
    assert.equal((failure as Error).message, `the server sent an event larger than ${LIMITS.eventBytes} bytes`);
  });

  it('unpacks what a gateway packed, as it comes, and no bomb', async () => {
    const packed = async (bytes: Buffer) => {
      const server = await serve((_request, response) =>
        response.writeHead(200, { ...EVENT_TYPES, 'Content-Encoding': 'gzip' }).end(bytes),
      );
      return told(await watching(server.url));
    };
    assert.deepEqual(await packed(gzipSync(good + good)), { seen: ['ADDED x', 'ADDED x'], failure: undefined });
    const bomb = await packed(gzipSync(Buffer.alloc(LIMITS.eventBytes + 1, 'a')));
    assert.equal((bomb.failure as Error).message, `the server sent an event larger than ${LIMITS.eventBytes} bytes`);
    assert.equal((await packed(gzipSync(good).subarray(0, -12))).failure instanceof ClusterError, true);
    assert.equal(((await packed(Buffer.from(good))).failure as Error).message, 'gzip: invalid header');
  });

  it('bounds the values of one event', async () => {
    const many = `{"type":"ADDED","object":{"a":[${'{},'.repeat(1_600_000)}{}]}}\n`;
    assert.match((await outcomeOf(many)).join(), /has more than 3000000 values/);
  });

  it('follows a redirect to the same server, and no other', async () => {
    const server = await serve((request, response) => {
      if (request.url.startsWith('/elsewhere')) response.writeHead(200, EVENT_TYPES).end(good);
      else response.writeHead(307, { Location: '/elsewhere?watch=true' }).end();
    });
    assert.deepEqual((await told(await watching(server.url))).seen, ['ADDED x']);
    const away = await serve((_request, response) => response.writeHead(307, { Location: 'http://127.0.0.1:1/x' }).end());
    assert.equal(
      (await failureOf(watching(away.url))).message,
      'the server redirects to another place, http://127.0.0.1:1, where no credentials are sent',
    );
  });

  it('takes no page for a watch', async () => {
    const page = await serve((_request, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>Log in</html>'));
    assert.equal(
      (await failureOf(watching(page.url))).message,
      'the server answered 200 OK with text/html in place of JSON: "<html>Log in</html>"',
    );
  });

  it('asks once more with other credentials after a 401', async () => {
    const server = await serve((request, response) => {
      if (request.lines.includes('Authorization: Bearer new')) response.writeHead(200, EVENT_TYPES).end(good);
      else
        response
          .writeHead(401, EVENT_TYPES)
          .end('{"kind":"Status","status":"Failure","reason":"Unauthorized","message":"Unauthorized","code":401}');
    });
    const { Secret } = await import('../../src/text/secret.ts');
    let token = 'old';
    const credentials: ClientConfig['credentials'] = {
      origin: 'exec plugin',
      get: async () => ({ authorization: new Secret(`Bearer ${token}`) }),
      refresh: () => {
        token = 'new';
        return true;
      },
    };
    assert.deepEqual((await told(await watching(server.url, { credentials }))).seen, ['ADDED x']);
  });

  it('lasts as long as a request may, and says which limit that was', async () => {
    const server = await serve((_request, response) => void response.writeHead(200, EVENT_TYPES).write(good));
    const { seen, failure } = await told(await watching(server.url, { requestTimeout: 300 }));
    assert.deepEqual(seen, ['ADDED x']);
    assert.equal((failure as ClusterError).reason, 'RequestTimedOut');
    assert.equal(server.requests[0]?.url.endsWith('resourceVersion=1&timeout=300ms'), true);
  });

  it('ends with the reason of who ends it, before and after it began', async () => {
    const server = await serve((_request, response) => void response.writeHead(200, EVENT_TYPES).write(good));
    const reason = new ClusterError('ConnectionLost', 'nothing came for long');
    const late = new AbortController();
    const events = await watching(server.url, {}, late.signal);
    const all = told(events);
    late.abort(reason);
    assert.equal(((await all).failure as Error).message, reason.message);
    const silent = await serve(() => undefined);
    const early = new AbortController();
    const opening = failureOf(watching(silent.url, {}, early.signal));
    early.abort(reason);
    assert.equal((await opening).message, reason.message);
  });

  it('leaves room for other requests, however many are open', async () => {
    const server = await serve((request, response) => {
      if (request.url.includes('watch=true')) response.writeHead(200, EVENT_TYPES).write(good);
      else response.writeHead(404, EVENT_TYPES).end('{}');
    });
    const transport = await transportTo(clientConfig(server.url));
    const cluster = clusterOver(transport);
    const ended = new AbortController();
    const open = Array.from({ length: 3 * LIMITS.sockets }, () => cluster.watch(RUNTIMES, { resourceVersion: '1' }, ended.signal));
    await Promise.all(open);
    assert.equal((await transport.get('/other')).status, 404);
    ended.abort(new Error('over'));
  });
});
