// One answer of twenty clusters, however each of them fails, by a real connection to each.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connect } from '../../../src/cluster/connect.ts';
import { type ApiServer, startApiServer } from '../../../tools/api-server/server.ts';
import { fixtureObjects } from '../../../tools/fixtures.ts';
import { createPlace, type Place } from '../../cluster/kubeconfig/config-host.ts';
import { assertReport } from '../../support/report-schema.ts';
import { type CliResult, runCli } from '../../support/run-cli.ts';
import { skipOnWindows } from '../../support/skip.ts';

const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));
const API_VERSION = 'client.authentication.k8s.io/v1';

/** Notes when it begins and ends, and replies with the token that is its first word. */
const PLUGIN = `
const [token, name, slow] = process.argv.slice(2);
const note = (what) => require('node:fs').appendFileSync(__dirname + '/log', what + ' ' + name + '\\n');
note('begin');
setTimeout(() => {
  note('end');
  process.stdout.write(JSON.stringify({ apiVersion: '${API_VERSION}', kind: 'ExecCredential', status: { token } }));
}, slow === undefined ? 0 : 200);
`;

/** Leaves its number, and goes on for long. */
const ENDLESS = "require('node:fs').writeFileSync(__dirname + '/pid', String(process.pid)); setTimeout(() => {}, 1_000_000);";

/** Notes what tells one run from another, and replies with a token that is refused. */
const TELLING = `
const { cluster } = JSON.parse(process.env.KUBERNETES_EXEC_INFO).spec;
require('node:fs').appendFileSync(__dirname + '/log', process.env.WHO + ' ' + (cluster ? cluster.config : 'untold') + '\\n');
process.stdout.write(JSON.stringify({ apiVersion: '${API_VERSION}', kind: 'ExecCredential', status: { token: process.env.WHO } }));
`;

const BROKEN =
  "process.stderr.write('log in\\n'); require('node:fs').appendFileSync(__dirname + '/log', 'begin broken\\n'); process.exitCode = 1;";

/** Takes connections and says nothing. */
async function startSilentServer(): Promise<{ readonly server: Server; readonly port: number; readonly close: () => void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { server, port: (server.address() as AddressInfo).port, close };
}

describe('twenty contexts', () => {
  let place: Place;
  let server: ApiServer;
  let silent: Awaited<ReturnType<typeof startSilentServer>>;

  before(async () => {
    server = await startApiServer({ users: [{ name: 'nobody', groups: [] }], objects: fixtureObjects('runtimes') });
    silent = await startSilentServer();
  });
  after(async () => {
    silent.close();
    await server.close();
  });
  beforeEach(() => {
    place = createPlace();
    place.plugin('bin/plugin', PLUGIN);
    place.plugin('bin/endless', ENDLESS);
  });
  afterEach(() => place.remove());

  const tokenOf = (user: string): string => {
    const credential = server.credential(user);
    return credential !== undefined && 'token' in credential ? credential.token : assert.fail(user);
  };

  const exec = (interactiveMode: string, ...args: readonly string[]): object => ({
    exec: { apiVersion: API_VERSION, command: join('bin', 'plugin'), interactiveMode, args: [tokenOf('admin'), ...args] },
  });

  /** Five of each kind. */
  function kubeconfig(): string {
    const cluster = { server: server.url, 'certificate-authority-data': Buffer.from(server.ca ?? '').toString('base64') };
    const clusters = [
      { name: 'real', cluster },
      { name: 'dead', cluster: { server: 'https://127.0.0.1:1' } },
      { name: 'silent', cluster: { server: `https://127.0.0.1:${silent.port}` } },
    ];
    const five = [1, 2, 3, 4, 5];
    const users: readonly (readonly [name: string, cluster: string, user: object])[] = [
      ...five.map((n) => [`good-${n}`, 'real', { token: tokenOf('admin') }] as const),
      ...five.map((n) => [`refused-${n}`, 'real', { token: tokenOf('nobody') }] as const),
      ...five.map((n) => [`unreachable-${n}`, n < 4 ? 'dead' : 'silent', { token: 'x' }] as const),
      ['plugin-1', 'real', exec('Never', 'same')],
      ['plugin-2', 'real', exec('Never', 'same')],
      ['plugin-3', 'real', exec('Never', 'other')],
      ['plugin-4', 'real', exec('Always', 'asks-1', 'slow')],
      ['plugin-5', 'real', exec('Always', 'asks-2', 'slow')],
    ];
    return place.write('config', {
      clusters,
      users: users.map(([name, , user]) => ({ name, user })),
      contexts: users.map(([name, of]) => ({ name, context: { cluster: of, user: name, namespace: 'team-a' } })),
    });
  }

  const run = (argv: string): Promise<CliResult> => runCli({ argv, connect, env: { KUBECONFIG: kubeconfig(), HOME: place.folder } });

  const log = (): readonly string[] => readFileSync(place.path('bin/log'), 'utf8').trimEnd().split('\n');

  it('give one answer, and none is lost', async function () {
    this.timeout(60_000);
    const { stdout, stderr, code } = await run('runtimes list --all-contexts --request-timeout=8s');
    assert.equal(code, 4);
    const listed = new Set(
      stdout
        .split('\n')
        .slice(1, -1)
        .map((line) => line.split(' ')[0]),
    );
    const names = (kind: string): readonly string[] => [1, 2, 3, 4, 5].map((n) => `${kind}-${n}`);
    assert.deepEqual([...listed], [...names('good'), ...names('plugin')]);
    const failed = new Set([...stderr.matchAll(/^error: context "([^"]*)": /gm)].map(([, name]) => name));
    assert.deepEqual([...failed], [...names('refused'), ...names('unreachable')]);
    assert.match(stderr, /^error: context "unreachable-1": .*refused/m);
    assert.match(stderr, /^error: context "unreachable-5": .*(deadline exceeded|timeout)/m);
    const asked = log().filter((line) => line.includes('asks'));
    const [first] = asked;
    const order = first === 'begin asks-1' ? [1, 2] : [2, 1];
    assert.deepEqual(
      asked,
      order.flatMap((n) => [`begin asks-${n}`, `end asks-${n}`]),
      'one asks at a time',
    );
    assert.deepEqual(
      ['same', 'other'].map((name) => log().filter((line) => line === `begin ${name}`).length),
      [1, 1],
      'identical calls run once',
    );
  });

  it('give a report with an entry each', async function () {
    this.timeout(60_000);
    const argv = 'rbac check --all-contexts --request-timeout=8s -o json';
    const { stdout, code } = await run(argv);
    assertReport(stdout, argv);
    assert.equal(code, 1);
    const { items, summary } = JSON.parse(stdout);
    assert.deepEqual(
      items.map(({ exitCode }: { exitCode: number }) => exitCode),
      [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 3, 3, 3, 3, 3, 0, 0, 0, 0, 0],
    );
    assert.deepEqual(
      items.slice(10, 15).map(({ error }: { error: { reason: string } }) => error.reason),
      ['ConnectionRefused', 'ConnectionRefused', 'ConnectionRefused', 'RequestTimedOut', 'RequestTimedOut'],
    );
    assert.deepEqual(summary, { contexts: 20, unanswered: 5, exitCode: 1 });
  });

  it('a plugin that fails is not run again for the next, and each has its own failure', async () => {
    const broken = { exec: { apiVersion: API_VERSION, command: join('bin', 'broken'), interactiveMode: 'Never' } };
    place.plugin('bin/broken', BROKEN);
    const config = place.write('config', {
      clusters: [{ name: 'c', cluster: { server: server.url, 'insecure-skip-tls-verify': true } }],
      users: ['ana', 'bob'].map((name) => ({ name, user: broken })),
      contexts: ['ana', 'bob'].map((name) => ({ name, context: { cluster: 'c', user: name } })),
    });
    const { stderr, code } = await runCli({
      argv: 'runtimes list --all-contexts',
      connect,
      env: { KUBECONFIG: config },
    });
    assert.equal(code, 3);
    assert.match(
      stderr,
      /^log in\nerror: context "ana": getting credentials: .*\nhint: .* user "ana" .*\nerror: context "bob": getting credentials: .*\nhint: .* user "bob" /,
    );
    assert.deepEqual(log(), ['begin broken']);
  });

  it('share no plugin that is told something else', async () => {
    place.plugin('bin/telling', TELLING);
    const exec = { apiVersion: API_VERSION, command: join('bin', 'telling'), interactiveMode: 'Never' };
    const cluster = { server: 'https://127.0.0.1:1' };
    const extensions = [{ name: 'client.authentication.k8s.io/exec', extension: 'told' }];
    const users = ['ana', 'bob'].flatMap((who) =>
      [true, false].map((provideClusterInfo) => {
        const env = [{ name: 'WHO', value: who }];
        return { name: `${who} ${provideClusterInfo}`, user: { exec: { ...exec, env, provideClusterInfo } } };
      }),
    );
    const clusters = [
      { name: 'a', cluster: { ...cluster, extensions } },
      { name: 'b', cluster },
    ];
    const config = place.write('config', {
      clusters,
      users,
      contexts: clusters.flatMap(({ name: of }) =>
        users.map(({ name: user }) => ({ name: `${of} ${user}`, context: { cluster: of, user } })),
      ),
    });
    await runCli({ argv: 'runtimes list --all-contexts', connect, env: { KUBECONFIG: config } });
    assert.deepEqual(log().toSorted(), ['ana null', 'ana told', 'ana untold', 'bob null', 'bob told', 'bob untold']);
  });

  it('end all at Ctrl-C, plugins too', async function () {
    skipOnWindows(this, 'signals');
    const endless = { exec: { apiVersion: API_VERSION, command: join('bin', 'endless'), interactiveMode: 'Never' } };
    const config = place.write('config', {
      clusters: [
        { name: 'c', cluster: { server: server.url, 'insecure-skip-tls-verify': true } },
        { name: 'silent', cluster: { server: `https://127.0.0.1:${silent.port}` } },
      ],
      users: [
        { name: 'plugin', user: endless },
        { name: 'token', user: { token: 't' } },
      ],
      contexts: [
        { name: 'plugin', context: { cluster: 'c', user: 'plugin' } },
        { name: 'silent', context: { cluster: 'silent', user: 'token' } },
      ],
    });
    const child = spawn(process.execPath, [MAIN, 'runtimes', 'list', '--all-contexts'], {
      env: { KUBECONFIG: config },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
    const pidFile = place.path('bin/pid');
    while (!existsSync(pidFile) || readFileSync(pidFile, 'utf8') === '') await delay(20);
    const pid = Number(readFileSync(pidFile, 'utf8'));
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    assert.deepEqual([code, await stdout, await stderr], [130, '', '']);
    while (isRunning(pid)) await delay(20);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
