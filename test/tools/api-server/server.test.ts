import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Cluster, Connection } from '../../../src/cluster/cluster.ts';
import { connect } from '../../../src/cluster/connect.ts';
import type { KubeObject, ResourceType } from '../../../src/domain/kubernetes/resource.ts';
import { BAD_JSON, EXPIRED, htmlFault, statusFault, tooManyRequests } from '../../../tools/api-server/faults.ts';
import { type ApiServer, type ApiServerOptions, startApiServer } from '../../../tools/api-server/server.ts';
import { createAuthority } from '../../../tools/certificates.ts';
import { createClient } from '../../../tools/control-plane/client.ts';
import { createHost } from '../../support/run-cli.ts';

const TYPE: ResourceType = {
  group: 'serving.kserve.io',
  version: 'v1alpha1',
  plural: 'servingruntimes',
  kind: 'ServingRuntime',
  namespaced: true,
};
const runtime = (name: string, spec: object = {}): KubeObject => ({
  apiVersion: 'serving.kserve.io/v1alpha1',
  kind: 'ServingRuntime',
  metadata: { name, namespace: 'a' },
  spec,
});
const objects = ['x', 'y', 'z'].map((name) => runtime(name));
const names = (object: KubeObject) => object.metadata.name;

describe('embedded API server', () => {
  const opened: { close: () => unknown }[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  });

  async function start(options: ApiServerOptions = {}): Promise<ApiServer> {
    const server = await startApiServer({ objects, ...options });
    opened.push(server);
    return server;
  }

  /** Connects as the program does; what it writes is in `written`. */
  async function open(server: ApiServer, user = 'admin', flags: { requestTimeout?: string; as?: string; asGroup?: string[] } = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'embedded-'));
    opened.push({ close: () => rmSync(folder, { recursive: true }) });
    const file = join(folder, 'config');
    writeFileSync(file, server.kubeconfig(user, { namespace: 'a' }));
    const { host, written } = createHost({ argv: [], now: new Date() });
    const connection: Connection = await connect({ kubeconfig: file, ...flags }, host);
    opened.push(connection);
    return { ...connection, written };
  }

  async function cluster(options: ApiServerOptions): Promise<Cluster> {
    return (await open(await start(options))).cluster;
  }

  const list = (one: Cluster, chunkSize?: number) => one.list(TYPE, { namespace: 'a', chunkSize }, names);

  it('knows users by token and by certificate, over TLS', async () => {
    const server = await start({
      users: [
        { name: 'ana', groups: ['ml'] },
        { name: 'bob', groups: ['x', 'y'], credential: 'certificate' },
      ],
    });
    assert.match(server.url, /^https:\/\/127\.0\.0\.1:\d+$/);
    const ana = await open(server, 'ana');
    assert.equal(ana.namespace, 'a');
    assert.equal(ana.contextName, 'ana');
    assert.deepEqual((await whoAmI(ana.cluster)).groups, ['ml', 'system:authenticated']);
    assert.deepEqual((await whoAmI((await open(server, 'bob')).cluster)).groups, ['x', 'y', 'system:authenticated']);
  });

  it('refuses certificates of another authority', async () => {
    const stranger = await (await createAuthority('other')).issue({ commonName: 'admin', organizations: ['system:masters'] });
    const server = await start();
    const client = createClient({ url: server.url, authority: server.ca ?? '' }, stranger);
    opened.push(client);
    const { status, body } = await client.request('GET', '/apis');
    assert.deepEqual([status, body.message], [401, 'Unauthorized']);
  });

  it('serves plain http, and below a path', async () => {
    const server = await start({ scheme: 'http', pathPrefix: '/k8s/one' });
    assert.equal(server.ca, undefined);
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+\/k8s\/one$/);
    assert.equal((await raw(server, '/healthz')).body.toString(), 'ok');
  });

  it('keeps a log of requests and connections', async () => {
    const server = await start();
    const { cluster } = await open(server, 'admin', { as: 'zoe', asGroup: ['g1,g2', 'g3'] });
    await assert.rejects(list(cluster), { reason: 'Forbidden' });
    const [request] = server.requests;
    assert.deepEqual(
      server.requests.map(({ method, url, connection }) => [method, url, connection]),
      [['GET', '/apis/serving.kserve.io/v1alpha1/namespaces/a/servingruntimes?limit=500', 1]],
    );
    assert.deepEqual(request?.headers['impersonate-user'], ['zoe']);
    assert.deepEqual(request?.headers['impersonate-group'], ['g1,g2', 'g3']);
  });

  it('compresses large answers for who takes them', async () => {
    const server = await start({ objects: [runtime('large', { text: 'x'.repeat(200_000) })] });
    const { cluster } = await open(server);
    const { items } = await cluster.list(TYPE, { namespace: 'a' }, ({ spec }) => (spec as { text: string }).text.length);
    assert.deepEqual(items, [200_000]);
    const path = '/apis/serving.kserve.io/v1alpha1/servingruntimes';
    const compressed = await raw(server, path, { 'accept-encoding': 'gzip' });
    assert.equal(compressed.headers['content-encoding'], 'gzip');
    assert.equal(JSON.parse(gunzipSync(compressed.body).toString('utf8')).items[0].spec.text.length, 200_000);
    assert.equal((await raw(server, path)).headers['content-encoding'], undefined);
  });

  it('sends what changes to who watches', async () => {
    const server = await start();
    const client = await secured(server);
    const path = '/apis/serving.kserve.io/v1alpha1/namespaces/a/servingruntimes';
    const { metadata } = await client.get(path);
    const events = readEvents(server, `${path}?watch=1&resourceVersion=${metadata.resourceVersion}&labelSelector=!skip`, 3);
    await client.request('POST', path, { body: { metadata: { name: 'n' } } });
    await client.request('POST', path, { body: { metadata: { name: 'skipped', labels: { skip: '' } } } });
    const headers = { 'content-type': 'application/merge-patch+json' };
    await client.request('PATCH', `${path}/n`, { body: { metadata: { labels: { a: 'b' } } }, headers });
    await client.request('DELETE', `${path}/n`);
    assert.deepEqual(
      (await events).map(({ type, object }) => [type, object.kind, object.metadata.name]),
      ['ADDED', 'MODIFIED', 'DELETED'].map((type) => [type, 'ServingRuntime', 'n']),
    );
  });

  it('forgets what a list began with', async () => {
    const expired = await cluster({ faults: [{ on: { resource: 'servingruntimes', page: 2 }, fault: EXPIRED }] });
    assert.deepEqual(await list(expired, 2), { items: ['x', 'y', 'z'] });
  });

  describe('plays', () => {
    const on = { resource: 'servingruntimes', times: 1 } as const;

    it('a Status', async () => {
      const fault = statusFault(503, 'ServiceUnavailable', 'etcd is down');
      await assert.rejects(list(await cluster({ faults: [{ on, fault }] })), {
        reason: 'ServiceUnavailable',
        message: 'etcd is down',
        code: 503,
      });
    });

    it("a gateway's page", async () => {
      const fault = htmlFault(403, '<html>RBAC: access denied</html>');
      const error = { reason: 'Forbidden', fromStatus: false, code: 403 };
      await assert.rejects(list(await cluster({ faults: [{ on, fault }] })), error);
    });

    it('a server under load, which is asked again', async () => {
      const server = await start({ faults: [{ on, fault: tooManyRequests(0) }] });
      assert.deepEqual(await list((await open(server)).cluster), { items: ['x', 'y', 'z'] });
      assert.equal(server.requests.length, 2);
    });

    it('bad JSON', async () => {
      await assert.rejects(list(await cluster({ faults: [{ on, fault: BAD_JSON }] })), { reason: 'UnexpectedResponse' });
    });

    it('a body that is cut off', async () => {
      const faults = [{ on: { resource: 'servingruntimes' }, fault: { kind: 'truncate', bytes: 20 } as const }];
      const server = await start({ faults, scheme: 'http' });
      await assert.rejects(raw(server, '/apis/serving.kserve.io/v1alpha1/servingruntimes'), { code: 'ECONNRESET' });
    });

    it('a reset, with and without TLS', async () => {
      const faults = [{ on: { path: '/healthz' }, fault: { kind: 'reset' } as const }];
      for (const scheme of ['http', 'https'] as const) {
        await assert.rejects(raw(await start({ faults, scheme }), '/healthz'), { code: 'ECONNRESET' });
      }
    });

    it('a server that never answers', async () => {
      const server = await start({ faults: [{ on, fault: { kind: 'hang' } }] });
      const { cluster } = await open(server, 'admin', { requestTimeout: '50ms' });
      await assert.rejects(list(cluster), { reason: 'RequestTimedOut' });
      assert.deepEqual(await list((await open(server)).cluster), { items: ['x', 'y', 'z'] });
    });

    it('a slow one', async () => {
      const fault = { kind: 'slow', bytes: 100, everyMs: 1 } as const;
      assert.deepEqual(await list(await cluster({ faults: [{ on, fault }] })), { items: ['x', 'y', 'z'] });
    });

    it('a warning beside the answer', async () => {
      const fault = { kind: 'headers', headers: { Warning: '299 - "old"' } } as const;
      const { cluster, written, warningCount } = await open(await start({ faults: [{ on, fault }] }));
      await list(cluster);
      assert.equal(warningCount(), 1);
      assert.match(written().stderr, /Warning: old/);
    });
  });

  describe('asks a webhook before RBAC', () => {
    const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview' };
    const spec = { resourceAttributes: { verb: 'list', group: TYPE.group, resource: TYPE.plural, namespace: 'a' } };
    const reviews: ResourceType = {
      group: 'authorization.k8s.io',
      version: 'v1',
      plural: 'selfsubjectaccessreviews',
      kind: review.kind,
      namespaced: false,
    };
    const ask = async (status: object) => {
      const decide = (_: unknown, request: object) => ('resource' in request && request.resource === TYPE.plural ? status : undefined);
      const server = await start({ users: [{ name: 'ana' }], webhook: { name: 'policy', decide } });
      const { cluster } = await open(server, 'ana');
      const { status: answer } = await cluster.create(reviews, { ...review, spec }, {});
      const listed = await list(cluster).then(
        ({ items }) => items,
        (error: Error) => error.message,
      );
      return { answer, listed };
    };

    it('that allows', async () => {
      assert.deepEqual(await ask({ allowed: true, reason: 'welcome' }), {
        answer: { allowed: true, reason: 'welcome' },
        listed: ['x', 'y', 'z'],
      });
    });

    it('that denies, has an opinion, or fails', async () => {
      const refused =
        'servingruntimes.serving.kserve.io is forbidden: User "ana" cannot list resource "servingruntimes" in API group "serving.kserve.io" in the namespace "a"';
      assert.deepEqual(await ask({ denied: true, reason: 'never' }), {
        answer: { allowed: false, denied: true, reason: 'never' },
        listed: `${refused}: never`,
      });
      assert.deepEqual(await ask({ reason: 'no opinion' }), {
        answer: { allowed: false, reason: 'policy: no opinion' },
        listed: `${refused}: policy: no opinion`,
      });
      const { answer, listed } = await ask({ evaluationError: 'broken' });
      assert.deepEqual(answer, { allowed: false, evaluationError: 'broken' });
      assert.match(
        String(listed),
        /^an error on the server \("Internal Server Error: .*: broken"\) has prevented the request from succeeding/,
      );
    });
  });

  async function secured(server: ApiServer) {
    const client = createClient({ url: server.url, authority: server.ca ?? '' }, server.credential('admin') as { token: string });
    opened.push(client);
    return client;
  }
});

async function whoAmI(cluster: Cluster): Promise<{ groups: string[] }> {
  const type = {
    group: 'authentication.k8s.io',
    version: 'v1',
    plural: 'selfsubjectreviews',
    kind: 'SelfSubjectReview',
    namespaced: false,
  };
  const { status } = await cluster.create(type, { apiVersion: 'authentication.k8s.io/v1', kind: type.kind }, {});
  return (status as { userInfo: { groups: string[] } }).userInfo;
}

function authorization(server: ApiServer): { authorization: string } {
  return { authorization: `Bearer ${(server.credential('admin') as { token: string }).token}` };
}

function send(server: ApiServer, path: string, headers: OutgoingHttpHeaders, use: (response: IncomingMessage) => void): ClientRequest {
  const request = server.ca === undefined ? httpRequest : httpsRequest;
  const options = { ...(server.ca && { ca: server.ca }), headers: { ...authorization(server), ...headers } };
  return request(`${server.url}${path}`, options, use);
}

/** One GET as the administrator, without the code under test. */
function raw(server: ApiServer, path: string, headers: OutgoingHttpHeaders = {}): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const outgoing = send(server, path, { connection: 'close', ...headers }, (response) => {
      response.toArray().then((chunks) => resolve({ headers: response.headers, body: Buffer.concat(chunks) }), reject);
    });
    outgoing.on('error', reject).end();
  });
}

/** The first events of a watch. */
function readEvents(server: ApiServer, path: string, count: number): Promise<{ type: string; object: KubeObject }[]> {
  return new Promise((resolve, reject) => {
    const outgoing = send(server, path, {}, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const lines = text.split('\n').slice(0, -1);
        if (lines.length < count) return;
        resolve(lines.map((line) => JSON.parse(line)));
        outgoing.destroy();
      });
      response.on('error', () => undefined);
    });
    outgoing.on('error', reject).end();
  });
}
