import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { COMPILED_CODE, compiledName } from '../../scripts/bundle/entry.ts';
import { NO_EMULATOR, starterFor } from '../../scripts/package/starter.ts';
import { describePackaged } from '../support/packages/describe-packages.ts';
import { VERSION } from '../support/packages/packages.ts';
import { type Outcome, run } from '../support/packages/run.ts';
import { skip, skipOrFail } from '../support/skip.ts';

const EMULATED_MS = 5 * 60_000;
/** In the words of qemu: small and old, of servers, and all that it can do. */
const PROCESSORS = ['cortex-a53', 'cortex-a72', 'neoverse-n1', 'max'];

describePackaged('the Linux program', (made) => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'binary-test-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const program = (args: readonly string[], env: Record<string, string> = {}) => run(made().program('linux', 'amd64'), args, { env });
  const version = async (env: Record<string, string>) => {
    const { code, stdout, stderr } = await program(['version', '--client', '-o', 'json'], env);
    return { code, version: JSON.parse(stdout).plugin.version, stderr };
  };
  const fine = { code: 0, version: VERSION, stderr: '' };

  it('runs without any environment', async () => {
    assert.deepEqual(await version({}), fine);
  });

  for (const env of [
    { NODE_OPTIONS: '--no-such-option' },
    { NODE_OPTIONS: '--max-old-space-size=4096' },
    { NODE_DEBUG: '' },
    { NODE_PENDING_DEPRECATION: '1' },
    { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: 'proxy:3128' },
  ]) {
    it(`runs with ${JSON.stringify(env)}`, async () => {
      assert.deepEqual(await version(env), fine);
    });
  }

  // What Debian's slim images have: https://hub.docker.com/_/debian; glibc 2.28 is what README and packaging.md ask for.
  it('needs the C and C++ libraries and nothing else, in the versions that are promised', () => {
    const names = libraries(made().program('linux', 'amd64')).map(([path]) => basename(path));
    const known = ['ld-linux-x86-64.so.2', 'libc.so.6', 'libdl.so.2', 'libgcc_s.so.1', 'libm.so.6', 'libpthread.so.0', 'libstdc++.so.6'];
    assert.deepEqual(names.toSorted(), known);
    const text = readFileSync(made().program('linux', 'amd64'), 'latin1');
    const minors = [...text.matchAll(/\0GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
    assert.equal(Math.max(...minors), 28);
  });

  it('opens no debugger on SIGUSR1', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const child = spawn(made().program('linux', 'amd64'), ['version', `--server=http://127.0.0.1:${port}`], { env: {} });
    const stderr = text(child.stderr);
    const [socket] = await once(silent, 'connection');
    child.kill('SIGUSR1');
    child.kill('SIGINT');
    assert.deepEqual([await once(child, 'exit'), await stderr], [[130, null], '']);
    socket.destroy();
    silent.close();
  });

  it('does not have Node read authorities', async () => {
    const { stderr } = await program(['version', '--server=https://127.0.0.1:1'], { NODE_EXTRA_CA_CERTS: '/missing' });
    assert.match(stderr, /127\.0\.0\.1:1 was refused/);
    assert.doesNotMatch(stderr, /extra certs/);
  });

  it('loads no code that NODE_OPTIONS names', async () => {
    const foreign = join(folder, 'foreign.cjs');
    writeFileSync(foreign, "process.stdout.write('foreign code');");
    assert.deepEqual(await version({ NODE_OPTIONS: `--require=${foreign}` }), fine);
  });

  for (const arch of ['amd64', 'arm64'] as const) {
    it(`linux-${arch}: starts from code that V8 compiled before, and does as well without`, async function () {
      const starter = starterFor(arch);
      if (starter === undefined) return skip(this, NO_EMULATOR);
      if (arch === 'arm64') this.timeout(EMULATED_MS);
      const start = (more: readonly string[], file: string, env: Record<string, string>) => {
        const [command = '', ...words] = [...starter, ...more, file, 'version', '--client'];
        return run(command, words, { env });
      };
      const required = { [COMPILED_CODE]: 'required' };
      const own = made().program('linux', arch);
      const fine = await start([], own, required);
      assert.deepEqual([fine.code, fine.stderr], [0, '']);
      // The code holds nothing of the processor that it was made on.
      for (const processor of arch === 'arm64' ? PROCESSORS : []) assert.deepEqual(await start(['-cpu', processor], own, required), fine);

      const changed = join(folder, `changed-${arch}`);
      const bytes = readFileSync(own);
      for (const place of startsOf(bytes, made().compiled('linux', arch))) bytes.writeUInt32LE(0, place + FLAGS_OFFSET);
      writeFileSync(changed, bytes, { mode: 0o755 });
      assert.deepEqual(await start([], changed, {}), fine);
      const refused = { code: 3, stdout: '', stderr: 'error: internal error: V8 refuses pack-0.js.compiled\n' };
      assert.deepEqual(await start([], changed, required), refused);
    });
  }

  it('answers completion under its second name, wherever it is', async () => {
    const link = join(folder, 'kubectl_complete-kserve');
    execFileSync('ln', ['-s', made().program('linux', 'amd64'), link]);
    assert.equal((await run(link, ['ru'])).stdout.replace(/\t.*/, ''), 'runtimes\n:4\n');
  });

  describe('in a folder with the C and C++ libraries and nothing else', () => {
    let root: string;
    let isolation: readonly string[];

    before(function () {
      root = join(folder, 'root');
      for (const [path, source] of libraries(made().program('linux', 'amd64'))) copy(source, join(root, path));
      copy(made().program('linux', 'amd64'), join(root, 'kubectl-kserve'));
      writeFileSync(join(root, 'broken.yaml'), 'a: [\n', { mode: 0o644 });
      isolation = isolationIn(root);
      const [command = '', ...words] = isolation;
      const { status, stderr } = spawnSync(command, [...words, 'version', '--client'], { env: TOOLS, encoding: 'utf8' });
      // On the machine itself the program would prove nothing.
      if (status !== 0) skipOrFail(this, `nothing can be isolated here: ${stderr}`);
    });

    function inside(...args: readonly string[]): Promise<Outcome> {
      const [command = '', ...words] = isolation;
      return run(command, [...words, ...args], { env: TOOLS });
    }

    it('sees nothing of this machine', async () => {
      const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const foreign = files.map(({ name }) => name).filter((name) => !/^(kubectl-kserve|broken\.yaml|.+\.so(\..+)?)$/.test(name));
      assert.deepEqual(foreign, []);
      const { code, stderr } = await inside('runtimes', 'list', '--kubeconfig', '/etc/passwd');
      assert.deepEqual([code, stderr.split('\n')[0]], [3, 'error: stat /etc/passwd: no such file or directory']);
    });

    it('tells its version', async () => {
      const { code, stdout, stderr } = await inside('version', '--client', '-o', 'json');
      assert.deepEqual([code, stderr], [0, '']);
      assert.equal(JSON.parse(stdout).plugin.version, VERSION);
    });

    it('shows help', async () => {
      const { code, stdout, stderr } = await inside('runtimes', 'list', '--help');
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, /^Examples:$/m);
    });

    it('says what is missing, and what to do', async () => {
      const { code, stdout, stderr } = await inside('runtimes', 'list');
      assert.deepEqual([code, stdout], [3, '']);
      assert.match(stderr, /\nhint: Config not found: .*--kubeconfig/);
      assert.doesNotMatch(stderr, /^\s+at /m);
    });

    it('names the kubeconfig that cannot be read', async () => {
      const { code, stdout, stderr } = await inside('runtimes', 'list', '--kubeconfig', '/broken.yaml');
      assert.deepEqual([code, stdout], [3, '']);
      assert.match(stderr, /broken\.yaml/);
    });
  });
});

/** In code that V8 compiled: https://source.chromium.org/chromium/chromium/src/+/main:v8/src/snapshot/code-serializer.h (SerializedCodeData) */
const FLAGS_OFFSET = 12;

/** Where in a program each file of `folder` with compiled code is. */
function startsOf(program: Buffer, folder: string): readonly number[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(compiledName('')));
  const starts = files.map((name) => program.indexOf(readFileSync(join(folder, name))));
  assert.ok(starts.length > 0 && !starts.includes(-1));
  return starts;
}

/** What the dynamic linker loads for a program: where it belongs, and where it is here. */
function libraries(program: string): readonly (readonly [string, string])[] {
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => [path, realpathSync(path)]);
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
  chmodSync(to, 0o755);
}

/** For the programs that isolate; what they start has no environment. */
const TOOLS = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };

/** A command that starts the program in `root`, on a read-only file system and with no environment. */
function isolationIn(root: string): readonly string[] {
  const script =
    'chroot=$(command -v chroot) && mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec env -i "$chroot" "$0" /kubectl-kserve "$@"';
  return ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', script, root];
}
