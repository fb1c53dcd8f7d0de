import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { NO_EMULATOR, starterFor } from '../../scripts/package/starter.ts';
import { type ControlPlane, startControlPlane } from '../../tools/control-plane/control-plane.ts';
import { loadSamples } from '../../tools/control-plane/samples.ts';
import { describePackaged } from '../support/packages/describe-packages.ts';
import { type Form, type Installed, installPlugin } from '../support/packages/installed.ts';
import { VERSION } from '../support/packages/packages.ts';
import { run } from '../support/packages/run.ts';
import { skip } from '../support/skip.ts';

const BASHRC = fileURLToPath(new URL('../fixtures/completion.bashrc', import.meta.url));
const START_MS = 120_000;
/** For one test: what an emulator starts takes ten times as long. */
const EMULATED_MS = 5 * 60_000;

describePackaged('the plugin under kubectl', (made) => {
  let plane: ControlPlane;

  before(async function () {
    this.timeout(START_MS);
    const started = await startControlPlane();
    if (started.kind === 'unavailable') throw new Error(started.reason);
    plane = started;
    await loadSamples(plane);
  });
  after(() => plane?.stop());

  for (const form of ['bundle', 'krew', 'npm', 'arm64'] as const satisfies readonly Form[]) {
    describe(`installed: ${form}`, function () {
      let plugin: Installed;
      if (form === 'arm64') this.timeout(EMULATED_MS);

      before(async function () {
        this.timeout(START_MS);
        if (form === 'arm64' && starterFor('arm64') === undefined) skip(this, NO_EMULATOR);
        plugin = await installPlugin(form, made(), plane.kubectlPath);
      });
      after(() => plugin?.remove());

      const as = (user: 'admin' | 'ana' | 'nobody' | 'bob' | 'ci', ...words: readonly string[]) =>
        plugin.kubectl(plane.kubeconfig(user, { namespace: 'team-a' }), 'kserve', ...words);

      it('is listed by kubectl without a warning', async () => {
        const { code, stdout, stderr } = await plugin.kubectl(plane.kubeconfig('admin'), 'plugin', 'list', '--name-only');
        assert.deepEqual([code, stderr], [0, '']);
        assert.equal(
          stdout
            .split('\n')
            .filter((line) => line.includes('kserve'))
            .join(),
          'kubectl-kserve',
        );
      });

      it('is named as it was started', async () => {
        const { code, stdout } = await as('admin', 'version', '--help');
        assert.equal(code, 0);
        assert.match(stdout, /^ {2}kubectl kserve version --client$/m);
      });

      it('keeps its exit code and its words', async () => {
        assert.deepEqual(await as('admin', 'vresion'), {
          code: 2,
          stdout: '',
          stderr: 'error: unknown command "vresion" (did you mean "version"?)\nSee \'kubectl kserve -h\' for help and examples\n',
        });
      });

      it('tells its version, and that of the server', async () => {
        const { code, stdout, stderr } = await as('admin', 'version', '-o', 'json');
        assert.equal(code, 0);
        assert.match(
          stderr,
          /^note: the exact version of KServe is not known: there is no Deployment kserve-controller-manager in [^\n]+\n$/,
        );
        const { plugin: own, server, errors } = JSON.parse(stdout);
        assert.equal(own.version, VERSION);
        assert.deepEqual([errors.length, errors[0].part], [1, 'kserveExact']);
        assert.equal(server.gitVersion, (await plane.admin.get('/version')).gitVersion);
      });

      it('lists to an administrator what kubectl lists', async () => {
        const kinds = 'servingruntimes.serving.kserve.io,clusterservingruntimes.serving.kserve.io';
        const theirs = await plugin.kubectl(plane.kubeconfig('admin', { namespace: 'team-a' }), 'get', kinds, '-o', 'name');
        const ours = await as('admin', 'runtimes', 'list', '-o', 'name');
        assert.deepEqual([ours.code, ours.stderr], [0, '']);
        const sorted = (names: string) => names.split('\n').toSorted();
        assert.deepEqual(sorted(ours.stdout), sorted(theirs.stdout));
        assert.match(ours.stdout, /^clusterservingruntime/m);
      });

      it('lists in part, and says so, to who may read one kind of two', async () => {
        const { code, stdout, stderr } = await as('ana', 'runtimes', 'list', '-o', 'name');
        assert.equal(code, 4);
        assert.match(stdout, /^servingruntime\.serving\.kserve\.io\/\S+\n$/m);
        assert.match(stderr, /clusterservingruntimes\.serving\.kserve\.io is forbidden: User "ana" cannot list/);
      });

      it('lists in several contexts, with the failure of one beside what the others have', async () => {
        const alone = await as('admin', 'runtimes', 'list', '-o', 'name');
        const { code, stdout, stderr } = await as('admin', 'runtimes', 'list', '--contexts', 'admin,nob*', '-n', 'team-a', '-o', 'name');
        assert.equal(code, 4);
        assert.equal(stdout, alone.stdout.replace(/^(?=.)/gm, 'admin\t'));
        assert.match(stderr, /^error: context "nobody": servingruntimes\.serving\.kserve\.io is forbidden: User "nobody" cannot list/);
      });

      it('shows nothing as emptiness to who may read neither', async () => {
        const { code, stdout, stderr } = await as('nobody', 'runtimes', 'list');
        assert.deepEqual([code, stdout], [3, '']);
        assert.match(stderr, /User "nobody" cannot list/);
        const json = await as('nobody', 'runtimes', 'list', '-o', 'json');
        assert.equal(json.code, 3);
        assert.deepEqual(
          JSON.parse(json.stdout).errors.map(({ reason }: { reason: string }) => reason),
          ['Forbidden', 'Forbidden'],
        );
      });

      it('checks access', async () => {
        const checked = async (user: 'admin' | 'ana') => {
          const { code, stdout } = await as(user, 'rbac', 'check', '-o', 'json');
          return { code, apiVersion: JSON.parse(stdout).apiVersion };
        };
        assert.deepEqual(await checked('admin'), { code: 0, apiVersion: 'kubectl-kserve/v1alpha1' });
        assert.deepEqual(await checked('ana'), { code: 1, apiVersion: 'kubectl-kserve/v1alpha1' });
      });

      it('completes through kubectl', async () => {
        const answers: readonly (readonly [string, string])[] = [
          ['ru', 'runtimes\n:4\n'],
          ['runtimes list --output=y', 'yaml\n:4\n'],
          ['runtimes list --context nobo', 'nobody\n:4\n'],
          ['rbac check --for deb', 'debug\n:4\n'],
        ];
        for (const [words, answer] of answers) assert.deepEqual(await completed(words), [0, answer], words);
      });

      async function completed(words: string): Promise<readonly [number | null, string]> {
        const { code, stdout } = await plugin.kubectl(plane.kubeconfig('admin'), '__completeNoDesc', 'kserve', ...words.split(' '));
        return [code, stdout];
      }

      // Completion waits less than a second for the cluster; in an emulator it takes that long to start.
      if (form !== 'arm64') {
        it('completes names of the cluster through kubectl', async () => {
          const refused =
            '_activeHelp_ namespaces is forbidden: User "nobody" cannot list resource "namespaces" in API group "" at the cluster scope\n:4\n';
          assert.deepEqual(await completed('runtimes list -n team-'), [0, 'team-a\nteam-b\n:4\n']);
          assert.deepEqual(await completed('runtimes list --context nobody -n '), [0, refused]);
        });

        it('completes in bash, on TAB', async () => {
          assert.equal(await typeInBash('kubectl kserve runtimes list -n team-\t'), 'kubectl kserve runtimes list -n team-');
          assert.equal(await typeInBash('kubectl kserve runt\t'), 'kubectl kserve runtimes ');
          assert.equal(await typeInBash('kubectl kserve runtimes list -n default\t'), 'kubectl kserve runtimes list -n default ');
          assert.equal(await typeInBash('kubectl kserve runtimes list --output=y\t'), 'kubectl kserve runtimes list --output=yaml ');
        });

        it('offers the namespaces in bash, on TAB twice', async () => {
          const shown = await screenOfBash('kubectl kserve runtimes list -n \t\t');
          const { stdout } = await plugin.kubectl(plane.kubeconfig('admin'), 'get', 'namespaces', '-o', 'name');
          const namespaces = stdout.trim().replaceAll('namespace/', '').split('\n');
          const offered = (shown.match(/\S+/g) ?? []).filter((word) => namespaces.includes(word));
          assert.deepEqual(offered.toSorted(), namespaces, shown);
        });
      }

      /** The line as bash has it after the keys, which must end in TAB. */
      async function typeInBash(keys: string): Promise<string> {
        const output = await screenOfBash(keys);
        return /<line>(.*)<\/line>/.exec(output)?.[1] ?? output;
      }

      /** What a terminal gets of bash with kubectl's own completion loaded, and at last the line it has. */
      function screenOfBash(keys: string): Promise<string> {
        const env = { ...plugin.env, KUBECONFIG: plane.kubeconfig('admin'), TERM: 'dumb', KUBECTL_ACTIVE_HELP: '0' };
        const shell = spawn('script', ['-qec', `bash --rcfile ${BASHRC} -i`, '/dev/null'], { env, stdio: ['pipe', 'pipe', 'pipe'] });
        shell.stdin.write(`${keys}\x18`);
        return text(shell.stdout);
      }

      it('ends well when the reader of its output goes away', async () => {
        const env = { ...plugin.env, KUBECONFIG: plane.kubeconfig('admin', { namespace: 'team-a' }) };
        const script = 'set -o pipefail; kubectl kserve runtimes list -o json | head -c 1';
        assert.deepEqual(await run('bash', ['-c', script], { env }), { code: 0, stdout: '{', stderr: '' });
      });

      it('shows records on a terminal of 40 columns, and whole rows in a pipe', async () => {
        const env = { ...plugin.env, KUBECONFIG: plane.kubeconfig('admin', { namespace: 'team-a' }), TERM: 'dumb' };
        const command = 'kubectl kserve runtimes list';
        const terminal = await run('script', ['-qec', `stty cols 40; ${command}`, '/dev/null'], { env });
        const pipe = await run('sh', ['-c', command], { env });
        assert.deepEqual([terminal.code, pipe.code], [0, 0]);
        assert.match(terminal.stdout, /^NAME {12}my-sklearn\r?$/m);
        assert.match(pipe.stdout, /^NAME +SCOPE +MODEL-FORMATS .*\nmy-sklearn +namespace +sklearn:1 /);
      });

      it('needs no stdin', async () => {
        const env = { ...plugin.env, KUBECONFIG: plane.kubeconfig('admin', { namespace: 'team-a' }) };
        const { code, stderr } = await run('sh', ['-c', 'kubectl kserve runtimes list <&-'], { env });
        assert.deepEqual([code, stderr], [0, '']);
      });

      it('needs no terminal, not even one to ask', async () => {
        const env = { ...plugin.env, KUBECONFIG: plane.kubeconfig('admin', { namespace: 'team-a' }) };
        const { code, stderr } = await run('setsid', ['--wait', 'kubectl', 'kserve', 'runtimes', 'list'], { env });
        assert.deepEqual([code, stderr], [0, '']);
      });

      it('needs no home, and none that it could write to', async () => {
        const KUBECONFIG = plane.kubeconfig('admin', { namespace: 'team-a' });
        const list = async (HOME: Readonly<Record<string, string>>) => {
          const { HOME: _, ...env } = plugin.env;
          return run(plane.kubectlPath, ['kserve', 'runtimes', 'list', '-o', 'name'], { env: { ...env, KUBECONFIG, ...HOME } });
        };
        const plain = await list({ HOME: plugin.env.HOME ?? '' });
        assert.deepEqual([plain.code, plain.stderr], [0, '']);
        for (const home of [{}, { HOME: '/proc' }, { HOME: '/nonexistent' }]) assert.deepEqual(await list(home), plain);
      });

      describe('on a terminal', () => {
        /** What a terminal gets of `rbac check`, whose answers have colours. */
        async function shown(more: Readonly<Record<string, string>>, flags = ''): Promise<string> {
          const env = { ...plugin.env, KUBECONFIG: plane.kubeconfig('ana', { namespace: 'team-a' }), TERM: 'xterm', ...more };
          const { stdout } = await run('script', ['-qec', `kubectl kserve rbac check ${flags}`, '/dev/null'], { env });
          return stdout.replaceAll('\r\n', '\n');
        }

        it('has colours, and the same text as without', async () => {
          const coloured = await shown({});
          const plain = await shown({}, '--no-color');
          assert.match(coloured, /\u001b\[3\dm/);
          assert.doesNotMatch(plain, /\u001b/);
          assert.equal(stripVTControlCharacters(coloured), plain);
        });

        for (const [name, value] of [
          ['NO_COLOR', '1'],
          ['TERM', 'dumb'],
        ] as const) {
          it(`has none with ${name}=${value}`, async () => assert.equal(await shown({ [name]: value }), await shown({}, '--no-color')));
        }

        it('has the same text in any locale', async () => {
          for (const locale of ['C', 'POSIX', 'de_DE.ISO-8859-1']) {
            assert.equal(await shown({ LANG: locale, LC_ALL: locale }, '--no-color'), await shown({}, '--no-color'));
          }
        });
      });

      describe('while a server does not answer', () => {
        let silent: Server;

        before(async () => {
          silent = createServer().listen(0, '127.0.0.1');
          await once(silent, 'listening');
        });
        after(() => silent?.close());

        for (const [signal, code] of [
          ['SIGINT', 130],
          ['SIGTERM', 143],
        ] as const) {
          it(`ends with ${code} on ${signal}`, async () => {
            const { port } = silent.address() as AddressInfo;
            const server = `https://127.0.0.1:${port}`;
            const child = spawn(plane.kubectlPath, ['kserve', 'runtimes', 'list', '--server', server], { env: plugin.env });
            const [socket] = await once(silent, 'connection');
            child.kill(signal);
            assert.deepEqual(await once(child, 'close'), [code, null]);
            socket.destroy();
          });
        }
      });
    });
  }
});
