import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import packageJson from '../../package.json' with { type: 'json' };
import { completeWords } from '../../src/cli/completion/complete.ts';
import { connect } from '../../src/cluster/connect.ts';
import { createHost } from '../support/run-cli.ts';
import { skipOnWindows } from '../support/skip.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const NOWHERE = join(tmpdir(), 'nonexistent');
const BIG = 5 * 1024 * 1024;

function start(argv: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const env = { PATH: process.env.PATH, HOME: NOWHERE, ...options.env };
  return spawn(process.execPath, [MAIN, ...argv], { stdio: ['ignore', 'pipe', 'pipe'], ...options, env });
}

/** Runs the program in a shell, for what only a shell can do to its streams. */
function startInShell(context: Mocha.Context, script: string): ChildProcess {
  skipOnWindows(context, 'shells of that kind');
  const env = { PATH: process.env.PATH, HOME: NOWHERE, NODE: process.execPath, MAIN };
  return spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'pipe'], env });
}

async function ended(child: ChildProcess) {
  const [stdout, stderr, [code, signal]] = await Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null || child.stderr.destroyed ? '' : text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, signal, stdout, stderr };
}

/** Undefined while nobody reads the pipe. */
function openToWrite(pipe: string): number | undefined {
  try {
    return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

describe('main', () => {
  let server: Server | undefined;

  /** A server of the shortest kind; gives the flag that leads there. */
  async function serve(listener: RequestListener): Promise<string> {
    server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `--server=http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
  });

  const bigAnswer: RequestListener = (request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url?.startsWith('/version')) return response.end(JSON.stringify({ gitVersion: 'v'.repeat(BIG) }));
    return response.end(JSON.stringify({ kind: 'APIGroupList', apiVersion: 'v1', groups: [] }));
  };

  it('prints the version of package.json', async () => {
    assert.deepEqual(await ended(start(['version', '--client'])), {
      code: 0,
      signal: null,
      stdout: `Plugin Version: v${packageJson.version}\nNode.js: ${process.version} (${process.platform}/${process.arch})\n`,
      stderr: '',
    });
  });

  it('exits 2 on misuse', async () => {
    const { code, stdout, stderr } = await ended(start(['vresion']));
    assert.deepEqual([code, stdout], [2, '']);
    assert.equal(stderr, 'error: unknown command "vresion" (did you mean "version"?)\nSee \'kubectl-kserve -h\' for help and examples\n');
  });

  it('completes under its second name and by __complete, always with code 0', async () => {
    const direct = await ended(start(['__complete', 'vers']));
    assert.deepEqual([direct.code, direct.stderr], [0, '']);
    assert.match(direct.stdout, /^version\t.*\n:4\n$/);
    const named = await ended(start(['vers'], { argv0: 'kubectl_complete-kserve' }));
    assert.deepEqual(named, direct);
    const nonsense = await ended(start(['__complete', '--bogus', '-Z', '']));
    assert.deepEqual([nonsense.code, nonsense.stdout.split('\n').at(-2)], [0, ':4']);
  });

  it('exits 3 with a bug that nobody catches, and completes even then', async () => {
    // Thrown as soon as the program listens, while it is loading the rest of itself.
    const bug = `process.on('newListener', (event) => event === 'uncaughtException' && queueMicrotask(() => { throw new Error('bug'); }));`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(bug)}` };
    const { code, stdout, stderr } = await ended(start(['version', '--client'], { env }));
    assert.deepEqual([code, stdout, stderr], [3, '', 'error: internal error: bug\n']);
    const completion = await ended(start(['__complete', 'vers'], { env }));
    assert.deepEqual([completion.code, completion.stdout, completion.stderr], [0, ':4\n', '']);
  });

  it('writes 5 MB completely to a reader that is slow', async () => {
    const child = start(['version', '-o', 'json', await serve(bigAnswer)]);
    let length = 0;
    let tail = '';
    for await (const chunk of child.stdout ?? []) {
      length += chunk.length;
      tail = `${tail}${chunk}`.slice(-3);
      await setImmediate();
    }
    const [code] = child.exitCode === null ? await once(child, 'close') : [child.exitCode];
    assert.deepEqual([code, length > BIG, tail], [0, true, '\n}\n']);
  });

  it('stops quietly with 0 when nobody reads on', async () => {
    const child = start(['version', '-o', 'json', await serve(bigAnswer)]);
    child.stdout?.once('data', () => child.stdout?.destroy());
    const stderr = child.stderr === null ? '' : text(child.stderr);
    const [code] = await once(child, 'exit');
    assert.deepEqual([code, await stderr], [0, '']);
  });

  it('answers no where nobody reads why, in any format', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'main-test-'));
    const file = join(folder, 'a.yaml');
    writeFileSync(
      file,
      '{apiVersion: serving.kserve.io/v1beta1, kind: InferenceService, metadata: {name: A}, spec: {predictor: {bogus: 1}}}',
    );
    try {
      for (const format of [[], ['-o', 'json'], ['-o', 'sarif'], ['-o', 'jsonpath={.findings}']]) {
        const child = start(['doctor', '-f', file, '--offline', ...format]);
        child.stdout?.destroy();
        child.stderr?.resume();
        const [code] = await once(child, 'exit');
        assert.equal(code, 1);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('does not mind a closed stdout', async function () {
    const child = startInShell(this, '"$NODE" "$MAIN" version --client >&-');
    assert.deepEqual(await ended(child), { code: 0, signal: null, stdout: '', stderr: '' });
  });

  for (const [args, expected, answer] of [
    [['bogus'], 2, ''],
    [['version', '--server=http://127.0.0.1:1'], 3, 'Plugin Version: '],
  ] as const) {
    it(`exits ${expected} with the same answer when nobody reads stderr: ${args.join(' ')}`, async () => {
      const child = start(args);
      child.stderr?.destroy();
      const { code, stdout } = await ended(child);
      assert.deepEqual([code, stdout.slice(0, answer.length)], [expected, answer]);
    });
  }

  it('exits 3 when stdout cannot be written, and completes without a word', async function () {
    skipOnWindows(this, 'disk that is always full');
    if (!existsSync('/dev/full')) this.skip();
    const { code, stderr } = await ended(startInShell(this, '"$NODE" "$MAIN" version --client >/dev/full'));
    assert.deepEqual([code, stderr], [3, 'error: write /dev/stdout: no space left on device\n']);
    const completing = await ended(startInShell(this, '"$NODE" "$MAIN" __complete "" >/dev/full'));
    assert.deepEqual([completing.code, completing.stderr], [0, '']);
  });

  it('reads no more than there is time for while TAB waits', async () => {
    const flag = await serve((_request, response) => response.end(`{"kind":"NamespaceList","a":"${'a'.repeat(BIG)}"}`));
    // In this process: the start of another would eat up the time that TAB waits on a busy machine.
    const { host, written } = createHost({ argv: ['__complete', 'runtimes', 'list', flag, '-n', ''], connect });
    await completeWords(host.argv, host);
    assert.equal(written().stdout, "_activeHelp_ the server's response is larger than 4194304 bytes\n:4\n");
  });

  it('exits 3 where the server switches to another protocol', async () => {
    const flag = await serve(() => undefined);
    server?.on('connection', (socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\nConnection: Upgrade\r\n\r\n'));
    for (const words of [['runtimes', 'list'], ['rbac', 'check', 'list', 'servingruntimes', '-q'], ['version']]) {
      const { code, stderr } = await ended(start([...words, flag]));
      assert.equal(code, 3);
      assert.match(stderr, /HTTP 101/);
    }
  });

  describe('with pipes and signals', () => {
    let folder = '';
    before(function () {
      skipOnWindows(this, 'named pipes in folders, nor signals');
      folder = mkdtempSync(join(tmpdir(), 'main-test-'));
    });
    after(() => {
      if (folder === '') return;
      for (const pid of readFileSync(join(folder, 'started'), 'utf8').trim().split('\n')) process.kill(Number(pid));
      rmSync(folder, { recursive: true, force: true });
    });

    /** A kubeconfig whose plugin leaves a process that holds its stdout open, and writes its number to `started`. */
    function kubeconfig(started: string): string {
      const plugin = join(folder, 'plugin');
      writeFileSync(plugin, `#!/bin/sh\nsleep 60 &\necho $! >> ${started}\n`, { mode: 0o700 });
      const file = join(folder, 'kubeconfig');
      const exec = { command: plugin, apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never' };
      const config = {
        'current-context': 'c',
        contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
        clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
        users: [{ name: 'u', user: { exec } }],
      };
      writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
      return file;
    }

    it('completes from a kubeconfig that nobody writes', async () => {
      const pipe = join(folder, 'pipe');
      execFileSync('mkfifo', [pipe]);
      // Somebody who could write has it open, or else it would have ended.
      const writer = openSync(pipe, 'r+');
      const { code, stdout } = await ended(start(['__complete', 'runtimes', 'list', '--context', ''], { env: { KUBECONFIG: pipe } }));
      closeSync(writer);
      assert.deepEqual([code, stdout], [0, '_activeHelp_ the kubeconfig could not be read within a second\n:4\n']);
    });

    it('ends on SIGINT while a thread reads what nobody writes', async () => {
      const pipe = join(folder, 'authorities');
      execFileSync('mkfifo', [pipe]);
      const child = start(['runtimes', 'list', '--server=https://127.0.0.1:1'], { env: { SSL_CERT_FILE: pipe } });
      let writer: number | undefined;
      for (; writer === undefined; writer = openToWrite(pipe)) await setImmediate();
      child.kill('SIGINT');
      assert.deepEqual(await once(child, 'exit'), [130, null]);
      closeSync(writer);
    });

    it('leaves pipes as it found them for who writes there next, also if a thread is busy', async function () {
      const pipe = join(folder, 'busy');
      execFileSync('mkfifo', [pipe]);
      const program = `SSL_CERT_FILE=${pipe} "$NODE" "$MAIN" version --server=https://127.0.0.1:1 --request-timeout=200ms 2>&1`;
      // Nobody reads until both are done or the pipe is full: to a pipe that does not block, head would lose all but its start.
      const { stdout } = await ended(startInShell(this, `{ ${program}; head -c 1000000 /dev/zero; } | { sleep 2; wc -c; }`));
      assert.ok(Number(stdout) > 1_000_000, stdout);
    });

    it('waits for a certificate from a pipe, and not for ever', async () => {
      const pipe = join(folder, 'certificate');
      execFileSync('mkfifo', [pipe]);
      const writer = openSync(pipe, 'r+');
      const words = ['runtimes', 'list', '--server=https://127.0.0.1:1', `--certificate-authority=${pipe}`];
      const { code, stderr } = await ended(start(words));
      closeSync(writer);
      assert.deepEqual([code, stderr.split('\n')[0]], [3, `error: open ${pipe}: nothing comes through the pipe`]);
    });

    it('ends on SIGINT, and when completion has answered', async () => {
      const started = join(folder, 'started');
      const env = { KUBECONFIG: kubeconfig(started) };
      const child = start(['runtimes', 'list'], { env });
      while (!existsSync(started)) await setImmediate();
      child.kill('SIGINT');
      assert.deepEqual(await once(child, 'exit'), [130, null]);
      const completing = start(['__complete', 'runtimes', 'list', '-n', ''], { env });
      const [answer, [code]] = await Promise.all([text(completing.stdout as Readable), once(completing, 'exit')]);
      assert.deepEqual([code, answer], [0, '_activeHelp_ the cluster did not answer within a second\n:4\n']);
    });
  });

  for (const [signal, expected] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`exits ${expected} on ${signal}, without a word`, async function () {
      skipOnWindows(this, 'signals');
      const { promise: asked, resolve } = Promise.withResolvers<void>();
      const child = start(['version', await serve(() => resolve())]);
      const result = ended(child);
      await asked;
      child.kill(signal);
      assert.deepEqual(await result, { code: expected, signal: null, stdout: '', stderr: '' });
    });
  }

  it('says what failed when there is no server, without a stack', async () => {
    const { code, stderr, stdout } = await ended(start(['version', '--server=http://127.0.0.1:1']));
    assert.equal(code, 3);
    assert.match(stdout, /^Plugin Version: /);
    assert.match(stderr, /^The connection to the server 127\.0\.0\.1:1 was refused - did you specify the right host or port\?\n/);
    assert.doesNotMatch(stderr, /\n\s+at /);
  });
});
