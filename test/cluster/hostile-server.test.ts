import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { clusterOver } from '../../src/cluster/api/client.ts';
import { PODS } from '../../src/domain/kubernetes/core-kinds.ts';
import { clientConfig, closeAll, failureOf, serve, serveRaw, transportTo } from '../support/wire.ts';

const MEBIBYTE = 1024 * 1024;

/** Answers every request with these bytes, then does `after`. */
function answering(head: string, after: (socket: Socket) => void = (socket) => socket.end()) {
  return serveRaw((socket) =>
    socket.on('data', () => {
      socket.write(head, () => after(socket));
    }),
  );
}

/** Writes for as long as somebody reads. */
function writeForEver(socket: Socket, chunk: Buffer): void {
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', more);
  more();
}

async function failureAt(url: URL, mostBodyBytes = MEBIBYTE) {
  const transport = await transportTo(clientConfig(url), { mostBodyBytes });
  const { reason, message } = await failureOf(clusterOver(transport).list(PODS, {}, (pod) => pod));
  return [reason, message];
}

describe('a hostile server', () => {
  afterEach(closeAll);
  const json = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';

  it('sends a body without end', async () => {
    const server = await answering(`${json}\r\n{"kind":"`, (socket) => writeForEver(socket, Buffer.alloc(65_536, 'a')));
    assert.deepEqual(await failureAt(server.url), ['UnexpectedResponse', "the server's response is larger than 1048576 bytes"]);
  });

  it('sends chunks without end', async () => {
    const chunk = Buffer.from(`10000\r\n${'a'.repeat(65_536)}\r\n`);
    const server = await answering(`${json}Transfer-Encoding: chunked\r\n\r\n`, (socket) => writeForEver(socket, chunk));
    assert.deepEqual(await failureAt(server.url), ['UnexpectedResponse', "the server's response is larger than 1048576 bytes"]);
  });

  it('promises 2 GB, and is not waited for', async () => {
    const server = await answering(`${json}Content-Length: 2147483648\r\n\r\n{`, () => undefined);
    assert.deepEqual(await failureAt(server.url, 256 * MEBIBYTE), [
      'UnexpectedResponse',
      "the server's response is larger than 268435456 bytes",
    ]);
  });

  const status = (message: string) => JSON.stringify({ kind: 'Status', status: 'Failure', reason: 'Forbidden', message, code: 403 });
  const refusing = (body: string | Buffer, headers: object = {}) =>
    serve((_request, response) => response.writeHead(403, { 'Content-Type': 'application/json', ...headers }).end(body));

  it('refuses with megabytes, which are not read', async () => {
    const large = status('a'.repeat(10 * MEBIBYTE));
    const packed = { 'Content-Encoding': 'gzip' };
    for (const server of [
      await refusing(large),
      await refusing(large, { 'Transfer-Encoding': 'chunked' }),
      await refusing(gzipSync(large), packed),
    ])
      assert.deepEqual(await failureAt(server.url), [
        'Forbidden',
        "unknown: the server's response is larger than 2097152 bytes (get pods)",
      ]);
    const repeating = await refusing(status(`refused: ${'a'.repeat(1.5 * MEBIBYTE)}`));
    assert.match(String((await failureAt(repeating.url))[1]), /^refused: a+ \[truncated \d+ chars\]$/);
  });

  it('packs much into little', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * MEBIBYTE));
    const server = await serve((_request, response) =>
      response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Type': 'application/json' }).end(bomb),
    );
    assert.deepEqual(await failureAt(server.url), ['UnexpectedResponse', "the server's response is larger than 1048576 bytes"]);
  });

  it('packs many values into little', async () => {
    const bomb = gzipSync(
      `{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[${'{"metadata":{}},'.repeat(1_000_001)}{"metadata":{}}]}`,
    );
    const server = await serve((_request, response) =>
      response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Type': 'application/json' }).end(bomb),
    );
    assert.deepEqual(await failureAt(server.url, 64 * MEBIBYTE), [
      'UnexpectedResponse',
      "the server's response has more than 3000000 values",
    ]);
  });

  it('sends 100,000 headers', async () => {
    const headers = Array.from({ length: 100_000 }, (_, index) => `X-Header-${index}: value\r\n`).join('');
    const server = await answering(`${json}${headers}\r\n{}`);
    assert.deepEqual(await failureAt(server.url), [
      'UnexpectedResponse',
      'net/http: server response headers exceeded 1048576 bytes; aborted',
    ]);
  });

  it('sends headers without end', async () => {
    const server = await answering(json, (socket) => writeForEver(socket, Buffer.from(`X: ${'a'.repeat(8192)}\r\n`)));
    assert.deepEqual(await failureAt(server.url), [
      'UnexpectedResponse',
      'net/http: server response headers exceeded 1048576 bytes; aborted',
    ]);
  });

  it('sends 1xx without end', async () => {
    const server = await answering('', (socket) => writeForEver(socket, Buffer.from('HTTP/1.1 102 Processing\r\n\r\n')));
    assert.deepEqual(await failureAt(server.url), ['UnexpectedResponse', 'net/http: too many 1xx informational responses']);
  });

  it('nests deeply', async () => {
    const deep = `{"kind":"PodList","apiVersion":"v1","items":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const server = await serve((_request, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(deep));
    assert.deepEqual(await failureAt(server.url), ['UnexpectedResponse', "the server's response nests deeper than 1000 levels"]);
  });

  it('is believed with brackets in strings', async () => {
    const pod = {
      metadata: { name: 'a', namespace: 'n', annotations: { a: '[{'.repeat(2000), b: '\\"[', c: `${'\\'.repeat(7)}"${'['.repeat(1500)}` } },
    };
    const list = { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: [pod] };
    const server = await serve((_request, response) =>
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(list)),
    );
    const transport = await transportTo(clientConfig(server.url));
    assert.deepEqual(await clusterOver(transport).list(PODS, {}, ({ metadata }) => metadata), { items: [pod.metadata] });
  });

  it('sends bytes that are no UTF-8, which become U+FFFD as in kubectl', async () => {
    const body = Buffer.from(
      '{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[{"metadata":{"name":"a\xff","namespace":"n"}}]}',
      'latin1',
    );
    const server = await serve((_request, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(body));
    const transport = await transportTo(clientConfig(server.url));
    assert.deepEqual(await clusterOver(transport).list(PODS, {}, ({ metadata }) => metadata.name), { items: ['a\ufffd'] });
  });

  it('cuts the body short', async () => {
    const server = await answering(`${json}Content-Length: 100\r\n\r\n{"kind":`);
    assert.deepEqual(await failureAt(server.url), ['ConnectionLost', 'unexpected EOF']);
  });

  it('cuts a chunk short', async () => {
    const server = await answering(`${json}Transfer-Encoding: chunked\r\n\r\n64\r\n{"kind":`);
    assert.deepEqual(await failureAt(server.url), ['ConnectionLost', 'unexpected EOF']);
  });

  it('resets in the middle of the body', async () => {
    const server = await answering(`${json}Content-Length: 100\r\n\r\n{"kind":`, (socket) => setImmediate(() => socket.resetAndDestroy()));
    const [reason, message] = await failureAt(server.url);
    assert.equal(reason, 'ConnectionLost');
    assert.match(String(message), /^(unexpected EOF|connection reset by peer|EOF)$/);
  });

  it('cuts compressed data short, or sends junk in its place', async () => {
    const zipped = gzipSync(JSON.stringify({ kind: 'PodList', apiVersion: 'v1', items: [] }));
    const headers = { 'Content-Encoding': 'gzip', 'Content-Type': 'application/json' };
    const cut = await serve((_request, response) => response.writeHead(200, headers).end(zipped.subarray(0, -12)));
    assert.deepEqual(await failureAt(cut.url), ['ConnectionLost', 'unexpected EOF']);
    const junk = await serve((_request, response) => response.writeHead(200, headers).end('{"kind":"PodList"}'));
    assert.deepEqual(await failureAt(junk.url), ['UnexpectedResponse', 'gzip: invalid header']);
  });

  it('speaks no HTTP', async () => {
    const server = await answering('SSH-2.0-OpenSSH_9.6\r\n');
    assert.deepEqual(await failureAt(server.url), [
      'WrongProtocol',
      'net/http: HTTP/1.x transport connection broken: malformed HTTP response "SSH-2.0-OpenSSH_9.6"',
    ]);
  });

  it('speaks TLS where http is configured', async () => {
    const server = await serveRaw((socket) => socket.on('data', () => socket.end(Buffer.from([0x15, 3, 1, 0, 2, 2, 0x46]))));
    assert.deepEqual(await failureAt(server.url), [
      'WrongProtocol',
      'net/http: HTTP/1.x transport connection broken: malformed HTTP response "\\x15\\x03\\x01\\x00\\x02\\x02F"',
    ]);
  });

  it('sends a header that is none', async () => {
    const server = await answering('HTTP/1.1 200 OK\r\nno header\r\n\r\n');
    assert.deepEqual(await failureAt(server.url), [
      'UnexpectedResponse',
      'net/http: HTTP/1.x transport connection broken: malformed HTTP response header',
    ]);
  });

  it('never answers', async () => {
    const server = await serveRaw(() => undefined);
    const transport = await transportTo(clientConfig(server.url, { requestTimeout: 50 }));
    assert.equal((await failureOf(transport.get('/'))).reason, 'RequestTimedOut');
  });

  it('sends one byte now and then', async () => {
    const server = await answering(`${json}Content-Length: 1000000\r\n\r\n`, (socket) => {
      const timer = setInterval(() => socket.write(' '), 5);
      socket.once('close', () => clearInterval(timer));
    });
    const transport = await transportTo(clientConfig(server.url, { requestTimeout: 60 }));
    assert.equal((await failureOf(transport.get('/'))).reason, 'RequestTimedOut');
  });

  it('gives pages without end', async () => {
    const server = await serve((_request, response) => {
      response
        .writeHead(200, { 'Content-Type': 'application/json' })
        .end('{"kind":"PodList","apiVersion":"v1","metadata":{"continue":"again"},"items":[]}');
    });
    const transport = await transportTo(clientConfig(server.url));
    const { items, failure } = await clusterOver(transport).list(PODS, {}, (pod) => pod);
    assert.deepEqual(
      [items, failure?.reason, failure?.message],
      [[], 'UnexpectedResponse', 'the list does not go on: the server gave the same continue token twice'],
    );
  });
});
