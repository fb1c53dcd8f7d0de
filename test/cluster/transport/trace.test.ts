import assert from 'node:assert/strict';
import { Secret } from '../../../src/text/secret.ts';
import { clientConfig, closeAll, deadPort, failureOf, type Handler, sendJson, serve, transportTo } from '../../support/wire.ts';

const credentials = { origin: 'token', get: async () => ({ authorization: new Secret('Bearer s3cret-token') }) };

const answer: Handler = (_request, response) => {
  response.setHeader('Set-Cookie', 'session=abcdef');
  response.sendDate = false;
  response.setHeader('Content-Length', '34');
  sendJson(response, { kind: 'X', echo: 's3cret-token' });
};

async function traced(verbosity: number, handler: Handler = answer): Promise<string> {
  const server = await serve(handler);
  const config = clientConfig(server.url, { credentials, impersonation: { user: 'bob', groups: ['g', "h'i"], extra: {} } });
  const transport = await transportTo(config, { verbosity });
  await transport.request({ method: 'POST', path: '/apis', body: '{"spec":{"token":"other-token"}}' });
  assert.doesNotMatch(transport.written(), /s3cret|other-token|abcdef/);
  return transport.written().replaceAll(`127.0.0.1:${server.port}`, 'HOST');
}

const REQUEST_HEADERS = [
  'Request Headers:',
  '    Host: HOST',
  '    User-Agent: kubectl-kserve/0.1.0 (linux/amd64)',
  '    Content-Length: 32',
  '    Content-Type: application/json',
  '    Accept: application/json',
  '    Authorization: Bearer <masked>',
  '    Impersonate-User: bob',
  '    Impersonate-Group: g',
  "    Impersonate-Group: h'i",
  '    Accept-Encoding: gzip',
];
const FILES = 'Config loaded from file: /home/ana/.kube/config';
const STATUS = 'POST http://HOST/apis 200 OK in 0 milliseconds';
const REST = [
  'Response Headers:',
  '    Set-Cookie: <masked>',
  '    Content-Length: 34',
  '    Content-Type: application/json',
  '    Connection: keep-alive',
  '    Keep-Alive: timeout=5',
  'Response Body: {"kind":"X","echo":"<masked>"}',
];
const BODY = 'Request Body: {"spec":{"token":"<masked>"}}';
const CURL =
  "curl -v -XPOST -H 'Host: HOST' -H 'User-Agent: kubectl-kserve/0.1.0 (linux/amd64)' -H 'Content-Length: 32' -H 'Content-Type: application/json' " +
  "-H 'Accept: application/json' -H 'Authorization: Bearer <masked>' -H 'Impersonate-User: bob' -H 'Impersonate-Group: g' " +
  "-H 'Impersonate-Group: h'\\''i' -H 'Accept-Encoding: gzip' 'http://HOST/apis'";

describe('-v', () => {
  afterEach(closeAll);

  const levels: readonly [number, readonly string[]][] = [
    [0, []],
    [5, []],
    [6, [FILES, STATUS]],
    [7, [FILES, ...REQUEST_HEADERS, STATUS]],
    [8, [FILES, ...REQUEST_HEADERS, BODY, STATUS, ...REST]],
    [9, [FILES, CURL, ...REQUEST_HEADERS, BODY, STATUS, ...REST]],
    [10, [FILES, CURL, ...REQUEST_HEADERS, BODY, STATUS, ...REST]],
  ];
  for (const [verbosity, lines] of levels) {
    it(`${verbosity}`, async () => assert.equal(await traced(verbosity), lines.map((line) => `${line}\n`).join('')));
  }

  for (const [verbosity, end] of [
    [8, `${'a'.repeat(1024)} [truncated 18976 chars]`],
    [9, `${'a'.repeat(10_240)} [truncated 9760 chars]`],
    [10, 'a'.repeat(20_000)],
  ] as const) {
    it(`${verbosity} shows of a long body as much as kubectl`, async () => {
      const written = await traced(verbosity, (_request, response) => response.end('a'.repeat(20_000)));
      assert.equal(written.trimEnd().split('\n').at(-1), `Response Body: ${end}`);
    });
  }

  it('keeps control characters visible', async () => {
    const written = await traced(8, (_request, response) => response.end('\u001b[31mred'));
    assert.match(written, /Response Body: \^\[\[31mred\n$/);
  });

  it('shows what failed', async () => {
    const port = await deadPort();
    const transport = await transportTo(clientConfig(`http://127.0.0.1:${port}`), { verbosity: 6 });
    await failureOf(transport.get('/apis'));
    assert.equal(
      transport.written(),
      `${FILES}\nGET http://127.0.0.1:${port}/apis failed in 0 milliseconds: The connection to the server 127.0.0.1:${port} was refused - did you specify the right host or port?\n`,
    );
  });

  for (const [level, most] of [
    [8, 1024],
    [9, 10_240],
  ] as const) {
    it(`-v=${level} shows no part of a secret across the cut of a body`, async () => {
      const body = `${'x'.repeat(most - 6)}s3cret-token`;
      assert.match(await traced(level, (_request, response) => response.end(body)), /x<maske \[truncated/);
    });
  }
});
