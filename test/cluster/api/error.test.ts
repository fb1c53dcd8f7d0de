import assert from 'node:assert/strict';
import { objectIn } from '../../../src/cluster/api/error.ts';
import type { WireAnswer } from '../../../src/cluster/transport/exchange.ts';
import { ClusterError } from '../../../src/errors.ts';

interface Parts {
  readonly type?: string;
  readonly body?: unknown;
  readonly headers?: WireAnswer['headers'];
}

function answer(status: number, { type = 'application/json', body = '', headers = {} }: Parts = {}): WireAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const contentType = type === '' ? {} : { 'content-type': type };
  return { status, statusText: 'Text', headers: { ...contentType, ...headers }, rawHeaders: [], body: Buffer.from(text) };
}

function failure(
  response: WireAnswer,
  asked = { method: 'GET', resource: 'pods.example.io' } as Parameters<typeof objectIn>[1],
): ClusterError {
  try {
    objectIn(response, asked, (text) => text.replaceAll('s3cret', '<masked>'));
  } catch (error) {
    if (error instanceof ClusterError) return error;
    throw error;
  }
  throw new Error('no failure');
}

const STATUS = { kind: 'Status', apiVersion: 'v1', status: 'Failure' };

describe('objectIn: a Status', () => {
  it('keeps what the server says', () => {
    const details = { name: 'a', group: 'g', kind: 'pods', uid: 'x', retryAfterSeconds: 3, causes: [] };
    const error = failure(answer(403, { body: { ...STATUS, message: 'pods "a" is forbidden', reason: 'Forbidden', code: 403, details } }));
    assert.deepEqual(
      [error.reason, error.message, error.code, error.fromStatus, error.details],
      ['Forbidden', 'pods "a" is forbidden', 403, true, { name: 'a', group: 'g', kind: 'pods', retryAfterSeconds: 3 }],
    );
  });

  it('counts at 200 too', () => {
    const error = failure(answer(200, { body: { ...STATUS, message: 'gone', reason: 'NotFound', code: 404 } }));
    assert.deepEqual([error.reason, error.code], ['NotFound', 404]);
  });

  it('takes the HTTP status where it names none', () => {
    assert.equal(failure(answer(418, { body: { ...STATUS, message: 'x' } })).code, 418);
  });

  for (const [reason, shown] of [
    ['QuotaIsFull', 'QuotaIsFull'],
    ['Interrupted', 'Unknown'],
    ['ConfigMissing', 'Unknown'],
    ['\u001b[31m', 'Unknown'],
    ['', 'Unknown'],
    [7, 'Unknown'],
  ] as const) {
    it(`with the reason ${JSON.stringify(reason)} is ${shown}`, () =>
      assert.equal(failure(answer(400, { body: { ...STATUS, message: 'x', reason } })).reason, shown));
  }

  it('without a message gets the text of its HTTP status', () => {
    assert.equal(
      failure(answer(404, { body: { ...STATUS } })).message,
      'the server could not find the requested resource (get pods.example.io)',
    );
  });

  it('does not repeat secrets, nor megabytes', () => {
    assert.equal(failure(answer(400, { body: { ...STATUS, message: 'token s3cret' } })).message, 'token <masked>');
    const { message } = failure(answer(400, { body: { ...STATUS, message: 'a'.repeat(100_000) } }));
    assert.equal(message, `${'a'.repeat(32_768)} [truncated 67232 chars]`);
  });

  it('of Success is an object', () => {
    const status = { ...STATUS, status: 'Success' };
    assert.deepEqual(
      objectIn(answer(200, { body: status }), { method: 'DELETE' }, (text) => text),
      status,
    );
  });
});

describe('objectIn: other failures', () => {
  const suffix = ' (get pods.example.io)';
  const cases: readonly [number, Parts, string, string][] = [
    [400, {}, 'BadRequest', `the server rejected our request for an unknown reason${suffix}`],
    [401, {}, 'Unauthorized', `the server has asked for the client to provide credentials${suffix}`],
    [403, { type: 'text/html', body: '<h1>no</h1>\n' }, 'Forbidden', `<h1>no</h1>${suffix}`],
    [403, { type: 'application/json', body: '{"a":1}' }, 'Forbidden', `unknown${suffix}`],
    [403, { type: '', body: 'plain' }, 'Forbidden', `plain${suffix}`],
    [403, { type: 'text/plain', body: 'b'.repeat(3000) }, 'Forbidden', `${'b'.repeat(2048)}${suffix}`],
    [404, {}, 'NotFound', `the server could not find the requested resource${suffix}`],
    [405, {}, 'MethodNotAllowed', `the server does not allow this method on the requested resource${suffix}`],
    [406, {}, 'NotAcceptable', `the server was unable to respond with a content type that the client supports${suffix}`],
    [406, { type: 'text/plain', body: 'only yaml' }, 'NotAcceptable', `only yaml${suffix}`],
    [409, {}, 'Conflict', `the server reported a conflict${suffix}`],
    [415, { type: 'text/plain', body: 'what?' }, 'UnsupportedMediaType', `what?${suffix}`],
    [418, {}, 'Unknown', `the server responded with the status code 418 but did not return more information${suffix}`],
    [302, {}, 'Unknown', `the server responded with the status code 302 but did not return more information${suffix}`],
    [207, {}, 'Unknown', `the server responded with the status code 207 but did not return more information${suffix}`],
    [422, {}, 'Invalid', `the server rejected our request due to an error in our request${suffix}`],
    [429, {}, 'TooManyRequests', `the server has received too many requests and has asked us to try again later${suffix}`],
    [
      500,
      { type: 'text/plain', body: 'a "b"\n' },
      'InternalError',
      `an error on the server ("a \\"b\\"") has prevented the request from succeeding${suffix}`,
    ],
    [502, {}, 'InternalError', `an error on the server ("unknown") has prevented the request from succeeding${suffix}`],
    [503, { type: 'text/html', body: 'x' }, 'ServiceUnavailable', `the server is currently unable to handle the request${suffix}`],
    [
      504,
      {},
      'Timeout',
      `the server was unable to return a response in the time allotted, but may still be processing the request${suffix}`,
    ],
  ];
  for (const [status, parts, reason, message] of cases) {
    it(`${status} of ${JSON.stringify(parts.type ?? 'json')} is ${reason}`, () => {
      const error = failure(answer(status, parts));
      assert.deepEqual([error.reason, error.message, error.code, error.fromStatus], [reason, message, status, false]);
    });
  }

  it('names the object, and takes a conflict of a POST for AlreadyExists', () => {
    const error = failure(answer(409), { method: 'POST', resource: 'pods', name: 'a' });
    assert.deepEqual([error.reason, error.message], ['AlreadyExists', 'the server reported a conflict (post pods a)']);
    assert.deepEqual(error.details, { name: 'a', kind: 'pods', group: '' });
  });

  it('says nothing of a resource where none was asked for', () => {
    assert.equal(failure(answer(404), { method: 'GET' }).message, 'the server could not find the requested resource');
  });

  it('keeps Retry-After', () => {
    assert.equal(failure(answer(429, { headers: { 'retry-after': '7' } })).details?.retryAfterSeconds, 7);
  });

  it('recognises an https server that was asked in plain text', () => {
    const error = failure(answer(400, { type: 'text/plain; charset=utf-8', body: 'Client sent an HTTP request to an HTTPS server.\n' }));
    assert.deepEqual([error.reason, error.message], ['WrongProtocol', 'client sent an HTTP request to an HTTPS server']);
  });
});

describe('objectIn: no object', () => {
  const cases: readonly [Parts, string][] = [
    [
      { type: 'text/html; charset=utf-8', body: '\n<!DOCTYPE html>\n<title>Log in</title>' },
      'text/html in place of JSON: "<!DOCTYPE html>"',
    ],
    [{ type: 'text/plain', body: '{}' }, 'text/plain in place of JSON: "{}"'],
    [{ type: 'application/json', body: '{"kind":' }, 'a body that is no JSON object: "{\\"kind\\":"'],
    [{ type: 'application/json', body: '' }, 'a body that is no JSON object: ""'],
    [{ type: 'application/json', body: '[]' }, 'a body that is no JSON object: "[]"'],
    [{ type: 'application/json', body: 'null' }, 'a body that is no JSON object: "null"'],
    [{ type: '', body: 'hello' }, 'no content type in place of JSON: "hello"'],
    [{ type: 'text/html', body: 's3cret' }, 'text/html in place of JSON: "<masked>"'],
    [{ type: 'text/html', body: 'a'.repeat(200) }, `text/html in place of JSON: "${'a'.repeat(80)}"`],
  ];
  for (const [parts, what] of cases) {
    it(`200 with ${JSON.stringify(parts).slice(0, 60)}`, () => {
      const error = failure(answer(200, parts));
      assert.deepEqual([error.reason, error.message, error.code], ['UnexpectedResponse', `the server answered 200 Text with ${what}`, 200]);
    });
  }

  it('reads JSON of any name, and without one', () => {
    for (const type of ['application/json;g=apidiscovery.k8s.io;v=v2', 'application/problem+json', '']) {
      assert.deepEqual(
        objectIn(answer(200, { type, body: { a: 1 } }), { method: 'GET' }, (text) => text),
        { a: 1 },
      );
    }
  });
});

describe('objectIn: a secret across a cut', () => {
  const SECRET = 's3cret';
  const cut = (length: number) => `${'x'.repeat(length - 3)}${SECRET} tail`;
  const cases: readonly [string, WireAnswer][] = [
    ['a plain 500', answer(500, { type: 'text/plain', body: cut(2048) })],
    ['a plain 403', answer(403, { type: 'text/plain', body: cut(2048) })],
    ['a Status', answer(500, { body: { ...STATUS, message: cut(32 * 1024) } })],
    ['HTML', answer(200, { type: 'text/html', body: `${' '.repeat(2045)}${SECRET}` })],
    ['the first line', answer(200, { type: 'text/html', body: cut(80) })],
  ];
  for (const [name, response] of cases) {
    it(`of ${name} is masked`, () => assert.doesNotMatch(failure(response).message, /s3/));
  }

  it('is masked in a content type before that is lower-cased', () => {
    const redact = (text: string) => text.replaceAll('S3cret', '<masked>');
    assert.throws(() => objectIn(answer(200, { type: 'S3cret; a=b', body: 'x' }), { method: 'GET' }, redact), {
      message: 'the server answered 200 Text with <masked> in place of JSON: "x"',
    });
  });
});
