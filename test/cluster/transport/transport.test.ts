import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import type { Credential } from '../../../src/cluster/kubeconfig/client-config.ts';
import { Secret } from '../../../src/text/secret.ts';
import { revealed } from '../../support/revealed.ts';
import { clientConfig, closeAll, failureOf, type Handler, sendJson, serve, serveRaw, transportTo } from '../../support/wire.ts';

const ok: Handler = (_request, response) => sendJson(response, { ok: true });

describe('transport: requests', () => {
  afterEach(closeAll);

  it('sends what client-go sends', async () => {
    const server = await serve(ok);
    const transport = await transportTo(clientConfig(server.url));
    const answer = await transport.get('/apis');
    assert.equal(answer.status, 200);
    assert.equal(answer.body.toString(), '{"ok":true}\n');
    assert.deepEqual(server.requests, [
      {
        method: 'GET',
        url: '/apis',
        lines: [
          `Host: 127.0.0.1:${server.port}`,
          'User-Agent: kubectl-kserve/0.1.0 (linux/amd64)',
          'Accept: application/json',
          'Accept-Encoding: gzip',
          'Connection: keep-alive',
        ],
        body: '',
      },
    ]);
  });

  it('sends a body with its length and type', async () => {
    const server = await serve(ok);
    const transport = await transportTo(clientConfig(server.url, { compression: false }), { commandName: 'kubectl kserve rbac check' });
    await transport.request({ method: 'POST', path: '/apis', query: { dryRun: 'All', a: 'x y&z' }, body: '{"a":"ü"}' });
    assert.deepEqual(server.requests, [
      {
        method: 'POST',
        url: '/apis?dryRun=All&a=x+y%26z',
        lines: [
          `Host: 127.0.0.1:${server.port}`,
          'User-Agent: kubectl-kserve/0.1.0 (linux/amd64)',
          'Content-Length: 10',
          'Content-Type: application/json',
          'Accept: application/json',
          'Kubectl-Command: kubectl kserve rbac check',
          'Connection: keep-alive',
        ],
        body: '{"a":"ü"}',
      },
    ]);
  });

  it('sends one line a group and a value of extra', async () => {
    const server = await serve(ok);
    const impersonation = { user: 'zoë', uid: '7', groups: ['a', 'b, c'], extra: { 'a/b%': ['1', '2'] } };
    const transport = await transportTo(clientConfig(server.url, { impersonation }));
    await transport.get('/api');
    assert.deepEqual(
      server.requests[0]?.lines.filter((line) => line.startsWith('Impersonate')),
      [
        'Impersonate-User: zoë',
        'Impersonate-Uid: 7',
        'Impersonate-Group: a',
        'Impersonate-Group: b, c',
        'Impersonate-Extra-a%2Fb%25: 1',
        'Impersonate-Extra-a%2Fb%25: 2',
      ],
    );
  });

  it('lets one request impersonate another user and nothing else', async () => {
    const server = await serve(ok);
    const impersonation = { user: 'zoe', uid: '7', groups: ['a'], extra: { k: ['v'] } };
    const transport = await transportTo(clientConfig(server.url, { impersonation }));
    await transport.request({ method: 'GET', path: '/api', impersonation: { user: 'bob', groups: [], extra: {} } });
    assert.deepEqual(
      server.requests[0]?.lines.filter((line) => line.startsWith('Impersonate')),
      ['Impersonate-User: bob'],
    );
  });

  it('refuses a credential with a line break', async () => {
    const server = await serve(ok);
    const credentials = { origin: 'token of user "ana"', get: async () => ({ authorization: new Secret('Bearer a\nb') }) };
    const transport = await transportTo(clientConfig(server.url, { credentials }));
    assert.deepEqual(await failureOf(transport.get('/api')), {
      reason: 'CredentialsFailed',
      message: 'net/http: invalid header field value for "Authorization"',
      hint: 'The token has a line break or another control character in it.',
    });
    assert.equal(server.requests.length, 0);
  });

  it('refuses a user to impersonate with a line break', async () => {
    const server = await serve(ok);
    const transport = await transportTo(clientConfig(server.url, { impersonation: { user: 'a\r\nX: y', groups: [], extra: {} } }));
    const { reason, message } = await failureOf(transport.get('/api'));
    assert.deepEqual([reason, message], ['ConfigInvalid', 'net/http: invalid header field value for "Impersonate-User"']);
    assert.equal(server.requests.length, 0);
  });

  it('puts the path prefix before every path', async () => {
    const server = await serve(ok);
    const transport = await transportTo(clientConfig(`${server.url.origin}/k8s/clusters/c-1`));
    await transport.get('/apis/apps/v1');
    assert.equal(server.requests[0]?.url, '/k8s/clusters/c-1/apis/apps/v1');
  });

  it('reaches an IPv6 address', async () => {
    const server = await serve(ok, { host: '::1' });
    const transport = await transportTo(clientConfig(server.url));
    await transport.get('/api');
    assert.equal(server.requests[0]?.lines[0], `Host: [::1]:${server.port}`);
  });

  it('uses one connection for requests after each other, and four at most at a time', async () => {
    const server = await serve(ok);
    const transport = await transportTo(clientConfig(server.url));
    for (const path of ['/1', '/2', '/3']) await transport.get(path);
    assert.equal(server.connections(), 1);
    await Promise.all(Array.from({ length: 20 }, (_, index) => transport.get(`/${index}`)));
    assert.equal(server.requests.length, 23);
    // Two where this machine is so busy that its own server looks far.
    assert.ok([2, 4].includes(server.connections()), `${server.connections()}`);
  });

  it('reads a compressed answer', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }).end(gzipSync('{"big":true}'));
    });
    const transport = await transportTo(clientConfig(server.url));
    assert.equal((await transport.get('/api')).body.toString(), '{"big":true}');
  });

  it('masks what is no HTTP before it cuts it', async () => {
    const server = await serveRaw((socket) => socket.once('data', () => socket.end(`${'x'.repeat(74)}s3cret-token\r\n`)));
    const credentials = { origin: 'token', get: async () => ({ authorization: new Secret('Bearer s3cret-token') }) };
    const transport = await transportTo(clientConfig(server.url, { credentials }));
    const { message } = await failureOf(transport.get('/api'));
    assert.equal(message, `net/http: HTTP/1.x transport connection broken: malformed HTTP response "${'x'.repeat(74)}<maske"`);
  });

  it('sends a token as its UTF-8 bytes, without blanks around it', async () => {
    const server = await serve(ok);
    const credentials = { origin: 'token', get: async () => ({ authorization: new Secret('Bearer tökén \t') }) };
    const transport = await transportTo(clientConfig(server.url, { credentials }));
    await transport.get('/');
    assert.ok(server.requests[0]?.lines.includes('Authorization: Bearer tökén'));
  });

  it('asks for credentials before each request', async () => {
    const server = await serve(ok);
    let count = 0;
    const get = async () => {
      count++;
      return { authorization: new Secret(`Bearer t${count}`) };
    };
    const transport = await transportTo(clientConfig(server.url, { credentials: { origin: 'exec', get } }));
    await transport.get('/1');
    await transport.get('/2');
    assert.deepEqual(
      server.requests.map(({ lines }) => lines.find((line) => line.startsWith('Authorization'))),
      ['Authorization: Bearer t1', 'Authorization: Bearer t2'],
    );
  });

  it('passes on a failure of the credentials', async () => {
    const credentials = {
      origin: 'exec',
      get: async () => {
        throw new Error('no login');
      },
    };
    const transport = await transportTo(clientConfig('http://127.0.0.1:1', { credentials }));
    assert.equal((await failureOf(transport.get('/1'))).message, 'no login');
  });
});

describe('transport: 401', () => {
  afterEach(closeAll);

  async function refusingServer(accepted: string) {
    return serve((request, response) => {
      const isAccepted = request.lines.includes(`Authorization: Bearer ${accepted}`);
      sendJson(response, {}, isAccepted ? 200 : 401);
    });
  }

  function tokens(rejected: (Credential | undefined)[], ...values: string[]) {
    let index = 0;
    return {
      origin: 'exec',
      get: async () => ({ authorization: new Secret(`Bearer ${values[Math.min(index, values.length - 1)]}`) }),
      refresh: (credential?: Credential) => {
        rejected.push(credential);
        index++;
        return true;
      },
    };
  }

  it('tries once more with refreshed credentials', async () => {
    const server = await refusingServer('new');
    const rejected: (Credential | undefined)[] = [];
    const transport = await transportTo(clientConfig(server.url, { credentials: tokens(rejected, 'old', 'new') }));
    assert.equal((await transport.get('/api')).status, 200);
    assert.equal(server.requests.length, 2);
    assert.deepEqual(revealed(rejected), [{ authorization: 'Bearer old' }]);
  });

  it('tries only once', async () => {
    const server = await refusingServer('none');
    const transport = await transportTo(clientConfig(server.url, { credentials: tokens([], 'a', 'b', 'c') }));
    assert.equal((await transport.get('/api')).status, 401);
    assert.equal(server.requests.length, 2);
  });

  it('does not try again where nothing can be refreshed', async () => {
    const server = await refusingServer('none');
    const credentials = { origin: 'token', get: async () => ({ authorization: new Secret('Bearer a') }), refresh: () => false };
    const transport = await transportTo(clientConfig(server.url, { credentials }));
    assert.equal((await transport.get('/api')).status, 401);
    assert.equal(server.requests.length, 1);
  });
});

describe('transport: redirects', () => {
  afterEach(closeAll);

  function redirecting(status: number, location: string): Handler {
    return (request, response) => {
      if (request.url === '/from') response.writeHead(status, { Location: location }).end();
      else sendJson(response, {});
    };
  }

  for (const status of [301, 302, 303, 307, 308]) {
    it(`follows ${status} of a GET`, async () => {
      const server = await serve(redirecting(status, '/to?x=1'));
      const transport = await transportTo(clientConfig(server.url));
      assert.equal((await transport.get('/from')).status, 200);
      const second = server.requests[1];
      assert.deepEqual([second?.method, second?.url, second?.body], ['GET', '/to?x=1', '']);
    });

    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      it(`does not follow ${status} of a ${method}`, async () => {
        const server = await serve(redirecting(status, '/to'));
        const transport = await transportTo(clientConfig(server.url));
        const { reason, message } = await failureOf(transport.request({ method, path: '/from', body: '{}', repeatable: true }));
        assert.equal(reason, 'UnexpectedResponse');
        assert.equal(message, `the server redirects a ${method} request, which is not followed: it may mean something else there`);
        assert.equal(server.requests.length, 1);
      });
    }
  }

  for (const location of ['//', 'HOST//', 'HOST//a//b', '/..//', 'HOST']) {
    it(`follows ${location} on the same server`, async () => {
      const server = await serve((request, response) => {
        if (request.url === '/from') response.writeHead(302, { Location: location.replace('HOST', server.url.origin) }).end();
        else if (request.url === '/there') sendJson(response, {});
        else response.writeHead(302, { Location: '/there' }).end();
      });
      const transport = await transportTo(clientConfig(server.url));
      if (location === '//') assert.equal((await failureOf(transport.get('/from'))).message, 'the server redirects to an invalid URL');
      else assert.equal((await transport.get('/from')).status, 200);
    });
  }

  it('follows a redirect relative to the path, and a whole URL of the same server', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/a/b') response.writeHead(302, { Location: '../c' }).end();
      else if (request.url === '/c') response.writeHead(302, { Location: `${server.url.origin}/d` }).end();
      else sendJson(response, {});
    });
    const transport = await transportTo(clientConfig(server.url));
    await transport.get('/a/b');
    assert.deepEqual(
      server.requests.map(({ url }) => url),
      ['/a/b', '/c', '/d'],
    );
  });

  it('stops after ten requests', async () => {
    const server = await serve((_request, response) => response.writeHead(302, { Location: '/again' }).end());
    const transport = await transportTo(clientConfig(server.url));
    const { reason, message } = await failureOf(transport.get('/'));
    assert.deepEqual([reason, message], ['UnexpectedResponse', 'stopped after 10 redirects']);
    assert.equal(server.requests.length, 10);
  });

  for (const location of ['file:///etc/passwd', 'data:application/json,{}', 'javascript:alert(1)']) {
    it(`does not follow ${location}`, async () => {
      const server = await serve(redirecting(302, location));
      const transport = await transportTo(clientConfig(server.url));
      assert.equal(
        (await failureOf(transport.get('/from'))).message,
        `the server redirects to "${location}", which is not followed: it is neither http nor https`,
      );
    });
  }

  it('shows no megabyte of where it is sent', async () => {
    const server = await serve(redirecting(302, `file:///${'a'.repeat(100_000)}`));
    const { message } = await failureOf((await transportTo(clientConfig(server.url))).get('/from'));
    assert.match(message, /a \[truncated \d+ chars\]$/);
  });

  it('does not carry credentials to another place', async () => {
    const other = await serve(ok);
    const server = await serve(redirecting(302, `${other.url.href}to`));
    const transport = await transportTo(clientConfig(server.url));
    assert.deepEqual(await failureOf(transport.get('/from')), {
      reason: 'UnexpectedResponse',
      message: `the server redirects to another place, ${other.url.origin}, where no credentials are sent`,
      hint: `Is ${server.url.href} the API server, or a login page in front of it? It comes from cluster "here" of context "test".`,
    });
    assert.equal(other.requests.length, 0);
  });

  it('returns a redirect without a target as it is', async () => {
    const server = await serve((_request, response) => response.writeHead(302).end());
    const transport = await transportTo(clientConfig(server.url));
    assert.equal((await transport.get('/')).status, 302);
  });
});

describe('transport: time', () => {
  afterEach(closeAll);
  const silent: Handler = () => undefined;

  it('tells the server the limit as a Go duration', async () => {
    const server = await serve(ok);
    const transport = await transportTo(clientConfig(server.url, { requestTimeout: 90_000 }));
    await transport.request({ method: 'GET', path: '/api', query: { limit: '500' } });
    assert.equal(server.requests[0]?.url, '/api?limit=500&timeout=1m30s');
  });

  it('ends a request that takes longer', async () => {
    const server = await serve(silent);
    const transport = await transportTo(clientConfig(server.url, { requestTimeout: 50 }));
    assert.deepEqual(await failureOf(transport.get('/api')), {
      reason: 'RequestTimedOut',
      message: 'context deadline exceeded (--request-timeout=50ms)',
      hint: 'Give it longer with --request-timeout, or no limit with --request-timeout=0.',
    });
  });

  it('counts the body, credentials and waits in', async () => {
    const server = await serve((request, response) => {
      if (request.url.startsWith('/body')) response.writeHead(200).write('{');
      else response.writeHead(503, { 'Retry-After': '1' }).end();
    });
    const never = () => new Promise<never>(() => undefined);
    const limited = clientConfig(server.url, { requestTimeout: 50 });
    const stuck = { ...limited, credentials: { origin: 'exec', get: never } };
    const reasons = await Promise.all([
      failureOf((await transportTo(limited)).get('/body')),
      failureOf((await transportTo(stuck)).get('/')),
      failureOf(
        (
          await transportTo(limited, {
            wait: (_ms, signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
          })
        ).get('/busy'),
      ),
    ]);
    assert.deepEqual(
      reasons.map(({ reason }) => reason),
      ['RequestTimedOut', 'RequestTimedOut', 'RequestTimedOut'],
    );
  });

  it('says that it was the plugin that took so long, for each request that waited for it', async () => {
    const server = await serve(silent);
    const longer = 'Give it longer with --request-timeout, or no limit with --request-timeout=0.';
    const config = clientConfig(server.url, { requestTimeout: 50 });
    const never = () => new Promise<never>(() => undefined);
    const stuck = await transportTo({ ...config, credentials: { origin: 'credential plugin login of user "ana"', get: never } });
    const slow = `It was waiting for the credential plugin login of user "ana", not for the server. ${longer}`;
    const failures = await Promise.all(Array.from({ length: 20 }, () => failureOf(stuck.get('/'))));
    assert.deepEqual(new Set(failures.map(({ hint }) => hint)), new Set([slow]));
    const given = await transportTo({ ...config, credentials: { origin: 'credential plugin login of user "ana"', get: async () => ({}) } });
    assert.equal((await failureOf(given.get('/'))).hint, longer);
  });

  it('ends at once on an interrupt, wherever it is', async () => {
    const controller = new AbortController();
    const server = await serve(() => controller.abort('SIGINT'));
    const transport = await transportTo(clientConfig(server.url), { signal: controller.signal });
    const { reason, message } = await failureOf(transport.get('/'));
    assert.deepEqual([reason, message], ['Interrupted', 'interrupted']);
    assert.equal((await failureOf(transport.get('/'))).reason, 'Interrupted');
    assert.equal(server.requests.length, 1);
  });

  it('ends while requests queue for a connection', async () => {
    const controller = new AbortController();
    const server = await serve(() => {
      if (server.requests.length === 4) controller.abort('SIGTERM');
    });
    const transport = await transportTo(clientConfig(server.url), { signal: controller.signal });
    const failures = await Promise.all(Array.from({ length: 9 }, () => failureOf(transport.get('/'))));
    assert.deepEqual(new Set(failures.map(({ reason }) => reason)), new Set(['Interrupted']));
    assert.equal(server.requests.length, 4);
  });
});

describe('transport: a server that repeats secrets', () => {
  afterEach(closeAll);

  it('does not bring them into an error', async () => {
    const server = await serveRaw((socket) => socket.once('data', () => socket.end('Your token is s3cret\r\n')));
    const credentials = { origin: 'token', get: async () => ({ authorization: new Secret('Bearer s3cret') }) };
    const transport = await transportTo(clientConfig(server.url, { credentials }));
    const { message } = await failureOf(transport.get('/'));
    assert.equal(message, 'net/http: HTTP/1.x transport connection broken: malformed HTTP response "Your token is <masked>"');
  });
});

describe('transport: warnings', () => {
  afterEach(closeAll);

  it('prints each once as it comes, whatever the status, and counts them', async () => {
    const server = await serve((request, response) => {
      response.setHeader('Warning', [
        '299 - "v1beta1 is old"',
        '199 proxy "ignored", 299 - "say \\"hi\\" to \u00c3\u00bc"',
        '299 - "token is s3cret"',
      ]);
      sendJson(response, {}, request.url === '/fail' ? 404 : 200);
    });
    const credentials = { origin: 'token', get: async () => ({ authorization: new Secret('Bearer s3cret') }) };
    const transport = await transportTo(clientConfig(server.url, { credentials }));
    await transport.get('/fail');
    await transport.get('/2');
    assert.equal(transport.written(), 'Warning: v1beta1 is old\nWarning: say "hi" to ü\nWarning: token is <masked>\n');
    assert.equal(transport.warningCount(), 3);
  });
});
