import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { load, loadAll } from 'js-yaml';
import { type ControlPlane, startControlPlane } from '../../../../tools/control-plane/control-plane.ts';
import { grant } from '../../../../tools/rbac-objects.ts';
import { cuttingProxy } from '../../../support/cutting-proxy.ts';
import { describeReal } from '../../../support/describe-real.ts';
import { closeAll } from '../../../support/wire.ts';

const MAIN = fileURLToPath(new URL('../../../../src/main.ts', import.meta.url));
const PATH = '/apis/serving.kserve.io/v1alpha1';
const MERGE = { 'content-type': 'application/merge-patch+json' };

function runtime(name: string, namespace: string, labels: object = {}): object {
  const spec = { supportedModelFormats: [{ name: 'sklearn', version: '1' }], containers: [{ name: 'kserve-container', image: 'a<b' }] };
  return { apiVersion: 'serving.kserve.io/v1alpha1', kind: 'ServingRuntime', metadata: { name, namespace, labels }, spec };
}

/** A program that watches, and what it has written. */
interface Watching {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Waits until stdout or stderr fits. */
  readonly until: (condition: () => boolean) => Promise<void>;
  readonly end: (signal?: NodeJS.Signals) => Promise<number | null>;
  readonly ended: Promise<number | null>;
}

const started: ChildProcess[] = [];

function start(command: string, args: readonly string[], plane: ControlPlane): Watching {
  const child = spawn(command, args, { env: { HOME: plane.folder, PATH: process.env.PATH }, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const until = async (condition: () => boolean) => {
    for (let poll = 0; !condition(); poll++) {
      assert.ok(poll < 2500, `waited in vain: ${stdout}\n${stderr}`);
      await delay(20);
    }
  };
  return {
    stdout: () => stdout,
    stderr: () => stderr,
    until,
    ended,
    end: (signal = 'SIGINT') => {
      child.kill(signal);
      return ended;
    },
  };
}

function kubectl(plane: ControlPlane, kubeconfig: string, words: readonly string[]): Watching {
  return start(plane.kubectlPath, ['--kubeconfig', kubeconfig, 'get', 'servingruntimes', '-v=6', ...words], plane);
}

function ours(plane: ControlPlane, kubeconfig: string, words: readonly string[]): Watching {
  return start(process.execPath, [MAIN, 'runtimes', 'list', '--scope=namespace', '--kubeconfig', kubeconfig, '-v=6', ...words], plane);
}

const isOpen = ({ stderr }: Watching) => /watch=true\S* (?:200|status="200)/.test(stderr());

/** The same changes for all who watch, once each of them does. */
async function change(plane: ControlPlane, namespace: string): Promise<void> {
  const path = `${PATH}/namespaces/${namespace}/servingruntimes`;
  const patch = (name: string, body: object) => plane.admin.request('PATCH', `${path}/${name}`, { body, headers: MERGE });
  await plane.admin.apply(runtime('b', namespace, { tier: 'x' }), runtime('a-much-longer-name', namespace, { tier: 'x' }));
  await patch('b', { metadata: { labels: { more: 'yes' } } });
  await patch('b', { metadata: { labels: { tier: 'y' } } });
  await patch('b', { metadata: { labels: { tier: 'x' } } });
  await plane.admin.delete(runtime('b', namespace), runtime('a-much-longer-name', namespace));
  // Nothing that is compared: it says that all before has been seen.
  await plane.admin.apply(runtime('the-end', namespace, { tier: 'x' }));
}

describeReal('runtimes list --watch beside kubectl', (plane) => {
  beforeEach(function () {
    this.currentTest?.timeout(60_000);
  });
  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
    closeAll();
  });

  /** What both have written of the same changes. */
  async function both(words: readonly string[]): Promise<readonly [kubectl: string, ours: string]> {
    const namespace = await plane().createNamespace('watch');
    await plane().admin.apply(runtime('first', namespace, { tier: 'x' }));
    const kubeconfig = plane().kubeconfig('admin');
    const all = ['-n', namespace, '-l', 'tier=x', ...words];
    const programs = [kubectl(plane(), kubeconfig, all), ours(plane(), kubeconfig, all)] as const;
    for (const program of programs) await program.until(() => isOpen(program));
    await change(plane(), namespace);
    for (const program of programs) await program.until(() => program.stdout().includes('the-end'));
    for (const program of programs) await program.end();
    return [programs[0].stdout(), programs[1].stdout()];
  }

  for (const words of [
    ['-w', '-o', 'name'],
    ['-w', '-o', 'name', '--output-watch-events'],
    ['-w', '-o', 'json'],
    ['--watch-only', '-o', 'json'],
    ['-w', '-o', 'yaml'],
    ['-w', '-o', 'custom-columns=NAME:.metadata.name,TIER:.metadata.labels.tier'],
    ['-w', '-o', 'custom-columns=T:.type,N:.object.metadata.name', '--output-watch-events'],
    ['-w', '-o', 'jsonpath={.metadata.name}/{.metadata.resourceVersion} '],
    ['--watch-only', '-o', 'jsonpath={.type}/{.object.metadata.name} ', '--output-watch-events'],
    ['-w', '-o', 'jsonpath-as-json={.metadata.name}'],
  ])
    it(`writes the same bytes with ${words.join(' ')}`, async () => {
      const [expected, actual] = await both(words);
      assert.equal(actual, expected);
    });

  for (const format of ['json', 'yaml'])
    it(`writes the same events as ${format}, without managedFields`, async () => {
      const [expected, actual] = await both(['-w', '-o', format, '--output-watch-events']);
      const eventsIn = (text: string) =>
        format === 'json'
          ? text
              .trim()
              .split('\n')
              .map((line) => JSON.parse(line))
          : loadAll(text);
      const bare = (event: { object: { metadata: { managedFields?: unknown } } }) => {
        const { managedFields: _, ...metadata } = event.object.metadata;
        return { ...event, object: { ...event.object, metadata } };
      };
      assert.deepEqual(
        eventsIn(actual),
        eventsIn(expected).map((event) => bare(event as Parameters<typeof bare>[0])),
      );
      assert.equal(actual.includes('managedFields'), false);
      if (format === 'json') assert.match(actual, /^\{"type":"ADDED","object":\{"apiVersion"/);
    });

  for (const words of [
    ['-w'],
    ['-w', '--output-watch-events'],
    ['--watch-only', '--output-watch-events'],
    ['-w', '--show-kind'],
    ['-w', '--no-headers'],
  ])
    it(`writes the same rows as a table with ${words.join(' ')}`, async () => {
      const [expected, actual] = await both(words);
      // Columns after the name are our own; so is what follows the name, but for the blanks of the event.
      const own = words.includes('--output-watch-events') ? /^\S+ +\S+/ : /^\S+/;
      const starts = (text: string) =>
        text
          .trimEnd()
          .split('\n')
          .map((line) => own.exec(line)?.[0]);
      assert.deepEqual(starts(actual), starts(expected));
    });

  it('lasts as long as --request-timeout, and ends with 0', async () => {
    const namespace = await plane().createNamespace('watch');
    const kubeconfig = plane().kubeconfig('admin');
    const words = ['-n', namespace, '-w', '--request-timeout=3s'];
    const programs = [kubectl(plane(), kubeconfig, words), ours(plane(), kubeconfig, words)];
    assert.deepEqual(await Promise.all(programs.map(({ ended }) => ended)), [0, 0]);
  });

  it('goes on where kubectl ends with 0, when the connection is cut', async () => {
    const namespace = await plane().createNamespace('watch');
    const proxy = await cuttingProxy(Number(new URL(plane().url).port));
    const kubeconfig = through(proxy.port);
    const words = ['-n', namespace, '-w', '-o', 'name'];
    const [other, own] = [kubectl(plane(), kubeconfig, words), ours(plane(), kubeconfig, words)];
    for (const program of [other, own]) await program.until(() => isOpen(program));
    proxy.cut();
    assert.equal(await other.ended, 0);
    await plane().admin.apply(runtime('later', namespace));
    await own.until(() => own.stdout().includes('later'));
    assert.equal(await own.end(), 130);
  });

  it('refuses as kubectl where the verb watch is missing, and what it suggests grants it', async () => {
    const namespace = await plane().createNamespace('watch');
    await plane().admin.apply(
      runtime('first', namespace),
      ...grant('lister', 'watch-lister', { namespace }, ['list'], 'servingruntimes.serving.kserve.io'),
    );
    const user = await plane().addUser('watch-lister');
    const kubeconfig = plane().kubeconfig(user);
    const words = ['-n', namespace, '-w', '-o', 'name'];
    const [other, own] = [kubectl(plane(), kubeconfig, words), ours(plane(), kubeconfig, words)];
    assert.deepEqual(await Promise.all([other.ended, own.ended]), [1, 4]);
    const refusal = /servingruntimes.serving.kserve.io is forbidden: User "watch-lister" cannot watch resource .*/;
    assert.equal(refusal.exec(own.stderr())?.[0], refusal.exec(other.stderr())?.[0]);
    assert.equal(own.stdout(), other.stdout());
    const commands = own
      .stderr()
      .split('\n')
      .filter((line) => line.startsWith('  kubectl '));
    assert.equal(commands.length, 2, own.stderr());
    for (const command of commands) assert.match(command, /--verb=watch |rolebinding/);
    await plane().paste(commands.join('\n'));
    const allowed = ours(plane(), kubeconfig, words);
    await allowed.until(() => isOpen(allowed));
    await plane().admin.apply(runtime('second', namespace));
    await allowed.until(() => allowed.stdout().includes('second'));
    await allowed.end();
  });

  it('loses and doubles nothing though the connection is cut ten times', async () => {
    const namespace = await plane().createNamespace('watch');
    const proxy = await cuttingProxy(Number(new URL(plane().url).port));
    const own = ours(plane(), through(proxy.port), ['-n', namespace, '--watch-only', '-o', 'jsonpath={.metadata.resourceVersion}{"\\n"}']);
    await own.until(() => isOpen(own));
    const expected: string[] = [];
    for (let cut = 0; cut < 10; cut++) {
      for (let index = 0; index < 30; index++) {
        const [object] = await plane().admin.apply(runtime(`r${index % 7}`, namespace, { round: `${cut}-${index}` }));
        expected.push(String(object?.metadata.resourceVersion));
        if (index === 15) proxy.cut();
      }
    }
    await own.until(() => own.stdout().includes(expected.at(-1) ?? '?'));
    assert.deepEqual(own.stdout().trim().split('\n'), expected);
    await own.end();
  });

  /** A kubeconfig whose server is reached through a port of this host. */
  function through(port: number): string {
    const file = plane().kubeconfig('admin');
    const text = readFileSync(file, 'utf8').replaceAll(plane().url, `https://127.0.0.1:${port}`);
    assert.equal(typeof load(text), 'object');
    writeFileSync(file, text);
    return file;
  }
});

describeReal('runtimes list --watch at an API server that is restarted', () => {
  let own: ControlPlane;
  before(async function () {
    this.timeout(120_000);
    const outcome = await startControlPlane();
    assert.ok(outcome.kind === 'ready');
    own = outcome;
  });
  after(() => own?.stop());

  it('goes on, loses nothing and doubles nothing', async function () {
    this.timeout(240_000);
    const namespace = await own.createNamespace('watch');
    await own.admin.apply(runtime('r0', namespace), runtime('deleted-while-away', namespace));
    const watching = ours(own, own.kubeconfig('admin'), [
      '-n',
      namespace,
      '-w',
      '-o',
      'jsonpath={.type} {.object.metadata.name} {.object.metadata.resourceVersion}{"\\n"}',
      '--output-watch-events',
    ]);
    await watching.until(() => isOpen(watching));
    const expected: string[] = [];
    for (let restart = 0; restart < 3; restart++) {
      for (const name of ['x', 'y']) {
        const [object] = await own.admin.apply(runtime(name, namespace, { restart: `${restart}` }));
        expected.push(`${restart === 0 ? 'ADDED' : 'MODIFIED'} ${name} ${object?.metadata.resourceVersion}`);
      }
      await watching.until(() => watching.stdout().includes(expected.at(-1) ?? '?'));
      await own.restart();
    }
    await own.admin.delete(runtime('deleted-while-away', namespace));
    const [last] = await own.admin.apply(runtime('last', namespace));
    expected.push(`ADDED last ${last?.metadata.resourceVersion}`);
    await watching.until(() => watching.stdout().includes(expected.at(-1) ?? '?'));
    const lines = watching.stdout().trim().split('\n');
    assert.deepEqual(
      lines.filter((line) => !/ (?:r0|deleted-while-away) /.test(line)),
      expected,
    );
    assert.deepEqual(
      lines.filter((line) => / deleted-while-away /.test(line)).map((line) => line.split(' ')[0]),
      ['ADDED', 'DELETED'],
    );
    assert.equal(await watching.end(), 130);
  });
});
