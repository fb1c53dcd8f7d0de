import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import type { KubeObject } from '../../../../src/domain/kubernetes/resource.ts';
import { ClusterError, type FailureReason } from '../../../../src/errors.ts';
import { typeOf } from '../../../../tools/api-server/types.ts';
import { grant } from '../../../../tools/rbac-objects.ts';
import { type FakeClock, fakeClock, settle, until } from '../../../support/fake-clock.ts';
import { type FakeCluster, type FakeClusterOptions, fakeCluster, type ScriptedFailure } from '../../../support/fake-cluster.ts';
import { assertGolden } from '../../../support/golden.ts';
import { type CliOptions, type CliResult, createHost, runCli } from '../../../support/run-cli.ts';

const SR = 'servingruntimes.serving.kserve.io';
const CSR = 'clusterservingruntimes.serving.kserve.io';
const ANA = { name: 'ana' };
const NAMESPACE: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } };
function runtime(name: string, spec: object = {}, labels: Record<string, string> = {}): KubeObject {
  const isCluster = name.startsWith('shared');
  const metadata = { name, labels, ...(!isCluster && { namespace: 'team-a' }), managedFields: [{ manager: 'x' }] };
  const formats = { supportedModelFormats: [{ name: 'sklearn', version: '1', autoSelect: true }], protocolVersions: ['v2'] };
  const kind = isCluster ? 'ClusterServingRuntime' : 'ServingRuntime';
  return { apiVersion: 'serving.kserve.io/v1alpha1', kind, metadata, spec: { ...formats, ...spec } };
}

/** A cluster of today's runtimes, made at one time. */
function world(options: FakeClusterOptions = {}): FakeCluster {
  return fakeCluster({ objects: [NAMESPACE, runtime('own'), runtime('shared')], now: () => new Date('2026-11-01T11:00:00Z'), ...options });
}

function put(cluster: FakeCluster, object: KubeObject): void {
  const { store, types } = cluster.api;
  const type = typeOf(object, types);
  const old = store.get(type, object.metadata.namespace ?? '', object.metadata.name ?? '');
  if (old === undefined) store.add(type, object);
  else store.replace(type, old, object);
}

function remove(cluster: FakeCluster, object: KubeObject): void {
  const type = typeOf(object, cluster.api.types);
  cluster.api.store.delete(type, cluster.api.store.get(type, object.metadata.namespace ?? '', object.metadata.name ?? '') ?? assert.fail());
}

interface Watching {
  readonly clock: FakeClock;
  readonly interrupt: (reason?: string) => void;
  readonly ended: Promise<CliResult>;
}

function watching(cluster: FakeCluster, words: string, more: Partial<CliOptions> = {}): Watching {
  const clock = fakeClock();
  const interrupted = new AbortController();
  const argv = `runtimes list -n team-a ${words}`.trim();
  const ended = runCli({ argv, cluster, signal: interrupted.signal, wait: clock.wait, ...more });
  return { clock, ended, interrupt: (reason = 'SIGINT') => interrupted.abort(reason) };
}

/** What a watch writes while some things happen one after the other. */
async function during(cluster: FakeCluster, words: string, steps: readonly (() => void)[], open = 2): Promise<CliResult> {
  const { ended, interrupt } = watching(cluster, words);
  await until(() => cluster.watches().length === open);
  for (const step of steps) {
    step();
    await settle();
  }
  interrupt();
  return ended;
}

/** What happens to both kinds. */
function events(cluster: FakeCluster): (() => void)[] {
  return [
    () => put(cluster, runtime('a-runtime-with-a-long-name')),
    () => put(cluster, runtime('own', { disabled: true }, { team: 'ml' })),
    () => put(cluster, runtime('shared-too')),
    () => remove(cluster, runtime('own')),
    () => remove(cluster, runtime('shared')),
  ];
}

function failing(on: ScriptedFailure['on'], reason: FailureReason, code?: number): ScriptedFailure {
  return { on, error: new ClusterError(reason, `it is ${reason}`, { code, fromStatus: code !== undefined }) };
}

describe('runtimes list --watch', () => {
  for (const words of [
    '-w',
    '-w --output-watch-events',
    '--watch-only --output-watch-events',
    '-w -A --output-watch-events',
    '-w -o wide',
    '-w --no-headers --output-watch-events',
    '-w -L team --show-labels',
    '-w -o name',
    '-w -o name --output-watch-events',
    '-w -o json',
    '--watch-only -o json --output-watch-events',
    '--watch-only -o yaml',
    '--watch-only -o yaml --output-watch-events',
    '-w --model-format sklearn:1 --output-watch-events',
    '-w -l team=ml --output-watch-events',
    '-w --scope cluster --output-watch-events',
    '-w --show-kind --output-watch-events',
    '-w --field-selector metadata.name=own --output-watch-events',
    '-w --sort-by .metadata.name -o name',
    '-w -o custom-columns=N:.metadata.name,D:.spec.disabled',
    '-w -o custom-columns=T:.type,N:.object.metadata.name --output-watch-events',
    'own -w --output-watch-events',
    'csr/shared -w --output-watch-events -o name',
    '-w -o jsonpath={.metadata.name}:',
    '-w -o jsonpath={.type}-{.object.metadata.name}: --output-watch-events',
  ])
    it(`shows what happens to both kinds with ${words}`, async () => {
      const cluster = world();
      const result = await during(cluster, words, events(cluster), /--scope|csr/.test(words) ? 1 : 2);
      assertGolden(
        `runtimes-list/watch.${words.replace(/[^\w]+/g, '-').replace(/^-|-$/g, '')}`,
        `runtimes list -n team-a ${words}`,
        result,
      );
    });

  it('ends with a usage error where a path does not fit the objects', async () => {
    for (const format of ['custom-columns=A:.metadata.name[0]', 'jsonpath={.metadata.name[0]}']) {
      const { code, stdout, stderr } = await runCli({ argv: `runtimes list -n team-a -w -o ${format}`, cluster: world() });
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /string is not array or slice/);
    }
  });

  it('says that there is nothing yet, and goes on', async () => {
    const cluster = world({ objects: [NAMESPACE] });
    const result = await during(cluster, '-w', [() => put(cluster, runtime('first'))]);
    assertGolden('runtimes-list/watch.nothing-yet', 'runtimes list -n team-a -w', result);
  });

  const partial: readonly (readonly [name: string, title: string, objects: readonly KubeObject[], open: number])[] = [
    ['list-refused', 'one kind may not be listed', grant('sr-watcher', 'ana', { namespace: 'team-a' }, ['list', 'watch'], SR), 1],
    [
      'watch-refused',
      'one kind may be listed and not watched',
      [
        ...grant('sr-watcher', 'ana', { namespace: 'team-a' }, ['list', 'watch'], SR),
        ...grant('csr-reader', 'ana', 'cluster', ['get', 'list'], CSR),
      ],
      1,
    ],
  ];
  for (const [name, title, objects, open] of partial)
    it(`says once that ${title}, and goes on with the other`, async () => {
      const cluster = world({ objects: [NAMESPACE, runtime('own'), runtime('shared'), ...objects], user: ANA });
      const result = await during(cluster, '-w', events(cluster).slice(0, 2), open);
      assertGolden(`runtimes-list/watch.${name}`, 'runtimes list -n team-a -w', result);
    });

  it('ends with 4 where everything may be listed and nothing watched, and with 3 if that was all that was asked', async () => {
    const objects = [...grant('sr', 'ana', { namespace: 'team-a' }, ['list'], SR), ...grant('csr', 'ana', 'cluster', ['list'], CSR)];
    for (const words of ['-w', '--watch-only']) {
      const cluster = world({ objects: [NAMESPACE, runtime('own'), runtime('shared'), ...objects], user: ANA });
      const name = `runtimes-list/watch.nothing-may-be-watched.${words.replaceAll('-', '')}`;
      assertGolden(name, `runtimes list -n team-a ${words}`, await watching(cluster, words).ended);
    }
  });

  it('ends with 3 where nothing may be listed, as without it', async () => {
    const { code, stdout } = await watching(world({ user: ANA }), '-w').ended;
    assert.deepEqual([code, stdout], [3, '']);
  });

  it('ends as without it where nothing can be listed for a failing server', async () => {
    const failures = [failing({ verb: 'list', times: 1000 }, 'InternalError', 500)];
    const { code, stdout, stderr } = await watching(world({ failures }), '-w').ended;
    assert.deepEqual([code, stdout, stderr.includes('trying again')], [3, '', false]);
  });

  it('says once that the server fails, and ends where it never answers', async () => {
    const cluster = world({ failures: [failing({ verb: 'watch', times: 1000 }, 'InternalError', 500)] });
    const { clock, ended } = watching(cluster, '-w');
    await until(() => clock.waiting() > 0);
    await clock.advance(600_000);
    const { code, stderr } = await ended;
    assert.deepEqual([code, stderr.split('trying again').length], [4, 2]);
  });

  it('follows a kind that cannot be listed for the moment, and shows it when it can', async () => {
    const cluster = world({ failures: [failing({ verb: 'list', resource: CSR, times: 2 }, 'ServiceUnavailable', 503)] });
    const { clock, ended, interrupt } = watching(cluster, '-w --output-watch-events');
    await until(() => cluster.watches().length === 1);
    await clock.advance(60_000);
    await until(() => cluster.watches().length === 2);
    interrupt();
    assertGolden('runtimes-list/watch.late', 'runtimes list -n team-a -w --output-watch-events', await ended);
  });

  it('says that the server is away, and that it is back, once each, and loses nothing', async () => {
    const failures: ScriptedFailure[] = [];
    const cluster = world({ failures });
    const { clock, ended, interrupt } = watching(cluster, '-w --output-watch-events');
    await until(() => cluster.watches().length === 2);
    failures.push(failing({ verb: 'watch', times: 6 }, 'ConnectionRefused'));
    for (const watch of cluster.watches()) watch.end(new ClusterError('ConnectionLost', 'unexpected EOF'));
    put(cluster, runtime('meanwhile'));
    await clock.advance(300_000);
    await until(() => cluster.watches().length === 2);
    await settle();
    interrupt();
    assertGolden('runtimes-list/watch.server-away', 'runtimes list -n team-a -w --output-watch-events', await ended);
  });

  it('shows what it missed when the server has forgotten where it was', async () => {
    const cluster = world({ objects: [NAMESPACE, runtime('own'), runtime('changed')] });
    const words = '-w -A --scope namespace --output-watch-events';
    const { clock, ended, interrupt } = watching(cluster, words);
    await until(() => cluster.watches().length === 1);
    for (const watch of cluster.watches()) watch.end();
    remove(cluster, runtime('own'));
    put(cluster, runtime('changed', { disabled: true }));
    put(cluster, runtime('new'));
    cluster.api.store.compact();
    await clock.advance(120_000);
    await until(() => cluster.watches().length === 1);
    interrupt();
    assertGolden('runtimes-list/watch.forgotten', `runtimes list -n team-a ${words}`, await ended);
  });

  it('ends with 0 when the time is up that --request-timeout gave it, as kubectl', async () => {
    const cluster = world();
    const { ended } = watching(cluster, '-w -o name');
    await until(() => cluster.watches().length === 2);
    for (const watch of cluster.watches()) watch.end(new ClusterError('RequestTimedOut', 'context deadline exceeded'));
    assert.deepEqual(await ended, {
      code: 0,
      stdout: 'servingruntime.serving.kserve.io/own\nclusterservingruntime.serving.kserve.io/shared\n',
      stderr: '',
    });
  });

  it('ends with 130 when it is interrupted, with 143 when it is terminated, and quietly when nobody reads', async () => {
    for (const [reason, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['EPIPE', 0],
    ] as const) {
      const cluster = world();
      const { ended, interrupt } = watching(cluster, '-w');
      await until(() => cluster.watches().length === 2);
      interrupt(reason);
      const result = await ended;
      assert.deepEqual([result.code, result.stderr], [code, ''], reason);
    }
  });

  it('waits for a reader that is slow, and reads on no sooner', async () => {
    const cluster = world();
    let release: () => void = () => undefined;
    const interrupted = new AbortController();
    const { host, written } = createHost({ argv: 'runtimes list -n team-a -w -o name', cluster, signal: interrupted.signal });
    const flushed = () =>
      new Promise<void>((resolve) => {
        release = resolve;
      });
    const { runCli: run } = await import('../../../../src/cli/run.ts');
    const ended = run({ ...host, streams: { ...host.streams, out: { ...host.streams.out, flushed } } });
    await settle();
    assert.deepEqual([cluster.watches().length, written().stdout.split('\n').length], [0, 3]);
    release();
    await until(() => cluster.watches().length === 2);
    for (const name of ['one', 'two']) put(cluster, runtime(name));
    await settle();
    assert.equal(written().stdout.split('\n')[2], 'servingruntime.serving.kserve.io/one');
    assert.equal(written().stdout.split('\n')[3], '');
    release();
    await settle();
    assert.equal(written().stdout.split('\n')[3], 'servingruntime.serving.kserve.io/two');
    interrupted.abort('SIGINT');
    assert.equal(await ended, 130);
  });

  it('looks whether anybody reads before it waits for changes', async () => {
    const cluster = world();
    const interrupted = new AbortController();
    const { host, written } = createHost({ argv: 'runtimes list -n team-a -w -o name', cluster, signal: interrupted.signal });
    const noticed: string[] = [];
    const writeBeforePause = async (text: string) => void noticed.push(text);
    const { runCli: run } = await import('../../../../src/cli/run.ts');
    const ended = run({ ...host, streams: { ...host.streams, out: { ...host.streams.out, writeBeforePause } } });
    await until(() => cluster.watches().length === 2);
    put(cluster, runtime('one'));
    await settle();
    assert.deepEqual(
      [noticed, written().stdout],
      [
        ['servingruntime.serving.kserve.io/own\nclusterservingruntime.serving.kserve.io/shared\n'],
        'servingruntime.serving.kserve.io/one\n',
      ],
    );
    interrupted.abort('SIGINT');
    assert.equal(await ended, 130);
  });

  it('reads kubeconfig and credentials anew when they are refused', async () => {
    const failures: ScriptedFailure[] = [];
    const old = world({ failures });
    const anew = world();
    const used: FakeCluster[] = [];
    const connect: CliOptions['connect'] = async () => {
      const cluster = used.length === 0 ? old : anew;
      used.push(cluster);
      return { cluster, namespace: 'team-a', contextName: 'test', warningCount: () => 0, close: () => undefined };
    };
    const { clock, ended, interrupt } = watching(old, '-w -o name', { connect });
    await until(() => old.watches().length === 2);
    failures.push(failing({ verb: 'watch' }, 'Unauthorized', 401));
    for (const watch of old.watches()) watch.end();
    await clock.advance(60_000);
    await until(() => anew.watches().length === 2);
    interrupt();
    assert.deepEqual([used.length, (await ended).stderr], [2, '']);
  });

  it('asks with the selector that it lists with', async () => {
    const cluster = world();
    await during(cluster, '-w -l team=ml', []);
    assert.deepEqual(
      cluster.requests.filter(({ query }) => query.get('watch') === 'true').map(({ query }) => query.get('labelSelector')),
      ['team=ml', 'team=ml'],
    );
  });

  it('refuses --output-watch-events alone, as kubectl', async () => {
    const { code, stderr } = await runCli({ argv: 'runtimes list --output-watch-events' });
    assert.equal(code, 2);
    assert.match(stderr, /^error: --output-watch-events option can only be used with --watch or --watch-only\n/);
  });

  for (const columns of [80, 60, 40])
    it(`keeps the rows of a terminal of ${columns} columns within it`, async () => {
      const cluster = world({ objects: [NAMESPACE, runtime('own', { supportedModelFormats: MANY }), runtime('shared')] });
      const { ended, interrupt } = watching(cluster, '-w --output-watch-events', { isTTY: true, columns });
      await until(() => cluster.watches().length === 2);
      for (const step of [
        () => put(cluster, runtime('a-longer-name', { supportedModelFormats: MANY })),
        () => put(cluster, runtime('own', { disabled: true })),
        () => remove(cluster, runtime('own')),
      ]) {
        step();
        await settle();
      }
      interrupt();
      const result = await ended;
      assertGolden(`runtimes-list/watch.terminal-${columns}`, 'runtimes list -n team-a -w --output-watch-events', result);
      for (const line of stripVTControlCharacters(result.stdout).split('\n')) assert.ok(line.length <= columns, line);
    });

  it('makes what a server writes harmless', async () => {
    const cluster = world();
    const { stdout } = await during(cluster, '-w --show-labels', [
      () => put(cluster, runtime('evil', { supportedModelFormats: [{ name: '\u001b[31mx\n' }] })),
    ]);
    assert.match(stdout, /\^\[\[31mx\^J/);
    assert.equal(stdout.includes('\u001b'), false);
  });
});

const MANY = ['sklearn', 'xgboost', 'lightgbm', 'mlflow', 'paddle', 'onnx'].map((name) => ({ name, version: '1' }));
