// What `rbac check` says when the API server fails, over real connections. Never yes, never no.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { REVIEWS_IN_FLIGHT } from '../../../../src/async/in-flight.ts';
import { connect } from '../../../../src/cluster/connect.ts';
import { LIMITS } from '../../../../src/cluster/limits.ts';
import { firstInTime } from '../../../../src/commands/wait.ts';
import type { KserveError } from '../../../../src/errors.ts';
import { BAD_JSON, type Fault, htmlFault, type ScriptedFault, statusFault, tooManyRequests } from '../../../../tools/api-server/faults.ts';
import { type ApiServer, type ApiServerOptions, startApiServer } from '../../../../tools/api-server/server.ts';
import { grant } from '../../../../tools/rbac-objects.ts';
import { type CliResult, runCli } from '../../../support/run-cli.ts';

const KSERVE = 'serving.kserve.io';
const ALLOWED = grant('reader', 'ana', { namespace: 'a' }, ['get', 'list', 'watch'], `servingruntimes.${KSERVE}`);
const ONE = ['rbac', 'check', 'list', 'servingruntimes', '-n', 'a'];
const REVIEW = { resource: 'selfsubjectaccessreviews' };

/** Polls, for a while. */
async function until(isTrue: () => boolean): Promise<void> {
  for (let poll = 0; poll < 1_000 && !isTrue(); poll++) await delay(5);
  assert.ok(isTrue());
}

describe('rbac check when the API server fails', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rbac-check-'));
  const servers: ApiServer[] = [];
  let files = 0;

  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });
  after(() => rmSync(folder, { recursive: true }));

  async function start(options: Omit<ApiServerOptions, 'users'>): Promise<ApiServer> {
    const server = await startApiServer({ objects: ALLOWED, users: [{ name: 'ana' }], ...options });
    servers.push(server);
    return server;
  }

  async function run(server: ApiServer, argv: readonly string[], user = 'ana', signal?: AbortSignal): Promise<CliResult> {
    files += 1;
    const kubeconfig = join(folder, `${files}.yaml`);
    writeFileSync(kubeconfig, server.kubeconfig(user), { mode: 0o600 });
    return runCli({ argv: [...argv, '--kubeconfig', kubeconfig], connect, wait: async () => undefined, ...(signal && { signal }) });
  }

  async function runWith(on: ScriptedFault['on'], fault: Fault, argv: readonly string[] = ONE): Promise<CliResult> {
    return run(await start({ faults: [{ on, fault }] }), argv);
  }

  const OF_REVIEWS: readonly (readonly [string, Fault, RegExp])[] = [
    ['403', statusFault(403, 'Forbidden', 'selfsubjectaccessreviews.authorization.k8s.io is forbidden: no'), /is forbidden: no/],
    ['404', statusFault(404, 'NotFound', 'the server could not find the requested resource'), /could not find/],
    ['500', statusFault(500, 'InternalError', 'etcdserver: no leader'), /no leader/],
    ['503', statusFault(503, 'ServiceUnavailable', 'apiserver is shutting down'), /shutting down/],
    ['429', tooManyRequests(0), /[Tt]oo many requests/],
    ['a gateway', htmlFault(403, '<html>RBAC: access denied</html>'), /determined/],
    ['bad JSON', BAD_JSON, /determined/],
    [
      'an answer that is no review',
      {
        kind: 'answer',
        status: 201,
        contentType: 'application/json',
        body: { kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', metadata: {} },
      },
      /no status\.allowed/,
    ],
    ['a reset connection', { kind: 'reset' }, /determined/],
  ];
  for (const [name, fault, message] of OF_REVIEWS) {
    it(`takes ${name} on the review for unknown`, async () => {
      const { code, stdout, stderr } = await runWith(REVIEW, fault);
      assert.deepEqual([code, stdout], [3, 'unknown\n'], stderr);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /\bat .*\.ts:/);
    });
  }

  it('says once what to do about a refused --as', async () => {
    for (const words of [[], ['list', 'servingruntimes'], ['-q'], ['-o', 'json']]) {
      const { code, stderr } = await run(await start({}), ['rbac', 'check', ...words, '--as', 'bob']);
      assert.equal(code, 3);
      assert.deepEqual(
        stderr.split('\n').filter((line) => line.startsWith('hint: ')),
        ['hint: "ana" may not impersonate "bob". Drop --as, or have the verb impersonate granted to "ana" on users.'],
      );
    }
  });

  it('keeps the answers it has when some reviews fail', async () => {
    const argv = ['rbac', 'check', '-n', 'a', '-o', 'json'];
    const on = { ...REVIEW, times: 3 };
    const { code, stdout } = await runWith(on, statusFault(500, 'InternalError', 'etcdserver: no leader'), argv);
    const { summary } = JSON.parse(stdout) as { summary: { unknown: number; total: number } };
    assert.deepEqual([code, summary.unknown, summary.total], [3, 3, 6]);
  });

  it('says of 401 that one must log in, once', async () => {
    const { code, stdout, stderr } = await runWith({}, statusFault(401, 'Unauthorized', 'Unauthorized'));
    assert.deepEqual([code, stdout], [3, '']);
    assert.equal(stderr.split('\n').filter((line) => line.startsWith('error: ')).length, 1);
    assert.match(stderr, /^error: You must be logged in to the server/);
  });

  it('says of missing credentials that one must log in', async () => {
    const { code, stderr } = await run(await start({}), ONE, 'anonymous');
    assert.equal(code, 3);
    assert.match(stderr, /^error: You are not logged in/);
  });

  it('says once that nobody is there', async () => {
    const server = await start({});
    await server.close();
    const { code, stdout, stderr } = await run(server, ONE);
    assert.deepEqual([code, stdout], [3, '']);
    assert.equal(stderr.match(/refused/g)?.length, 1, stderr);
  });

  for (const [name, fault] of [
    ['403', statusFault(403, 'Forbidden', 'forbidden: User "ana" cannot get path "/apis"')],
    ['500', statusFault(500, 'InternalError', 'etcdserver: no leader')],
    ['429', tooManyRequests(0)],
  ] as const) {
    it(`does not say yes if discovery fails with ${name}: the kind may not be there`, async () => {
      const { code, stdout, stderr } = await runWith({ path: /^\/apis(\/serving\.kserve\.io.*)?$/ }, fault);
      assert.deepEqual([code, stdout], [3, 'unknown\n']);
      assert.match(stderr, /^Warning: could not determine which kinds are installed/m);
    });
  }

  it('is not moved by an aggregated API that is down', async () => {
    const item = { metadata: { name: 'metrics.k8s.io' }, versions: [{ version: 'v1beta1', freshness: 'Stale', resources: [] }] };
    const kserve = {
      metadata: { name: KSERVE },
      versions: [
        {
          version: 'v1alpha1',
          freshness: 'Current',
          resources: [
            {
              resource: 'servingruntimes',
              responseKind: { group: KSERVE, version: 'v1alpha1', kind: 'ServingRuntime' },
              scope: 'Namespaced',
              singularResource: 'servingruntime',
              verbs: ['get', 'list'],
            },
          ],
        },
      ],
    };
    const body = { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items: [kserve, item] };
    const contentType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    const server = await start({ faults: [{ on: { path: '/apis' }, fault: { kind: 'answer', status: 200, contentType, body } }] });
    const known = await run(server, ONE);
    assert.deepEqual([known.code, known.stdout], [0, 'yes\n']);
    assert.equal(known.stderr.match(/^Warning: /gm)?.length, 1);
    assert.match(known.stderr, /^Warning: the server cannot say at the moment which kinds metrics\.k8s\.io\/v1beta1 has$/m);
    const open = await run(server, ['rbac', 'check', 'list', 'nodemetrics', '-n', 'a']);
    assert.deepEqual([open.code, open.stdout], [3, '']);
  });

  it('steps down the ladder for refusals only', async () => {
    const faults: readonly (readonly [Fault, string, number])[] = [
      [statusFault(500, 'InternalError', 'boom'), 'unknown\n', 3],
      [statusFault(403, 'Forbidden', 'subjectaccessreviews.authorization.k8s.io is forbidden: no'), 'no\n', 1],
      [statusFault(404, 'NotFound', 'the server could not find the requested resource'), 'no\n', 1],
    ];
    for (const [fault, stdout, code] of faults) {
      const server = await start({ faults: [{ on: { resource: 'subjectaccessreviews' }, fault }] });
      const result = await run(server, [...ONE, '--sa', 'a:bot'], 'admin');
      assert.deepEqual([result.code, result.stdout], [code, stdout]);
      const asked = server.requests.filter(({ path }) => path.includes('localsubjectaccessreviews')).length;
      assert.equal(asked, code === 3 ? 0 : 1);
    }
  });

  it('ends at once when interrupted while it waits', async () => {
    const server = await start({ objects: [] });
    const interrupt = new AbortController();
    const result = run(server, [...ONE, '--wait=1h'], 'ana', interrupt.signal);
    await until(() => server.requests.some(({ path }) => path.endsWith('/selfsubjectaccessreviews')));
    interrupt.abort('SIGINT');
    assert.equal((await result).code, 130);
  });

  it('waits for a grant that comes later', async () => {
    const server = await start({
      objects: [],
      faults: [
        { on: { ...REVIEW, times: 1 }, fault: review(false) },
        { on: REVIEW, fault: review(true) },
      ],
    });
    const { code, stdout } = await run(server, [...ONE, '--wait=1m']);
    assert.deepEqual([code, stdout], [0, 'yes\n']);
  });

  it('waits no longer than it was told to for a server that stops answering', async () => {
    const once = await start({ objects: [], faults: [{ on: REVIEW, fault: review(false) }] });
    await run(once, ONE);
    const times = once.requests.filter(({ path }) => path.endsWith(`/${REVIEW.resource}`)).length;
    const server = await start({
      objects: [],
      faults: [
        { on: { ...REVIEW, times }, fault: review(false) },
        { on: REVIEW, fault: { kind: 'hang' } },
      ],
    });
    const { code, stdout, stderr } = await run(server, [...ONE, '--wait=600ms']);
    assert.deepEqual([code, stdout], [124, 'no\n']);
    assert.match(stderr, /^error: timed out waiting for the answer to become yes$/m);
  });

  it('waits five seconds, or as long as it was told to, for a first answer', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      for (const [wait, milliseconds] of [
        [1, 5_000],
        [60_000, 60_000],
      ] as const) {
        const answer = firstInTime(Promise.withResolvers<never>().promise, wait);
        let ended = false;
        const failure = answer.catch((error: KserveError) => {
          ended = true;
          return [error.exitCode, error.message];
        });
        mock.timers.tick(milliseconds - 1);
        await Promise.resolve();
        assert.equal(ended, false);
        mock.timers.tick(1);
        assert.deepEqual(await failure, [124, 'timed out waiting for the server to answer at all']);
      }
    } finally {
      mock.timers.reset();
    }
  });

  it('waits for an answer also if it was told to wait for months', async () => {
    const { code } = await run(await start({}), [...ONE, '--wait=99999h']);
    assert.equal(code, 0);
    await assert.rejects(firstInTime(Promise.reject(new Error('answered')), 1e15), { message: 'answered' });
  });

  it('has as many reviews under way as there may be at a server that does not answer, and no more', async () => {
    const server = await start({ objects: [], faults: [{ on: REVIEW, fault: { kind: 'hang' } }] });
    const interrupt = new AbortController();
    const result = run(server, ['rbac', 'check', '--for', 'deploy', '-n', 'a,b,c'], 'ana', interrupt.signal);
    const reviews = (): number => server.requests.filter(({ path }) => path.endsWith('/selfsubjectaccessreviews')).length;
    await until(() => reviews() >= LIMITS.sockets);
    // Whole commands in the meantime: one more review would be here by then.
    for (let other = 0; other < 3; other++) assert.equal((await run(server, ['version', '-o', 'json'])).code, 0);
    // More than on a line that is near, where this machine was too busy to be.
    assert.ok(reviews() <= Math.min(REVIEWS_IN_FLIGHT, LIMITS.farSockets), `${reviews()}`);
    assert.ok(LIMITS.sockets > 1 && LIMITS.farSockets <= 16);
    interrupt.abort('SIGINT');
    assert.equal((await result).code, 130);
  });

  function review(allowed: boolean): Fault {
    return {
      kind: 'answer',
      status: 201,
      contentType: 'application/json',
      body: { kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', metadata: {}, status: { allowed } },
    };
  }
});

describe('rbac check of many questions', () => {
  it('has at most 16 requests under way, and more than one', async () => {
    const running = { now: 0, most: 0 };
    const { fakeCluster } = await import('../../../support/fake-cluster.ts');
    const fake = fakeCluster({ user: { name: 'ana' } });
    const counted: typeof fake.create = async (type, object, options) => {
      running.now += 1;
      running.most = Math.max(running.most, running.now);
      await new Promise((resolve) => setImmediate(resolve));
      try {
        return await fake.create(type, object, options);
      } finally {
        running.now -= 1;
      }
    };
    const { code } = await runCli({ argv: 'rbac check --for deploy -n a,b,c,d,e --report-excess', cluster: { ...fake, create: counted } });
    assert.deepEqual([code, running.most], [1, 16]);
  });
});
