import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tokenOf } from '../../tools/api-server/authentication.ts';
import { type ApiServer, startApiServer } from '../../tools/api-server/server.ts';
import { fixtureObjects } from '../../tools/fixtures.ts';
import { BUILD_MS, kubectlOrSkip } from '../support/kubectl-or-skip.ts';
import { type Outcome, run } from '../support/packages/run.ts';
import { writePlugin } from '../support/plugin.ts';
import { LINES, type Line } from './lines.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const KIND = 'clusterservingruntimes.serving.kserve.io';
const IS_WINDOWS = process.platform === 'win32';

/** `$KUBECTL_KSERVE_PROGRAM`, or the sources. */
const PROGRAM = process.env.KUBECTL_KSERVE_PROGRAM ? [process.env.KUBECTL_KSERVE_PROGRAM] : [process.execPath, MAIN];

const PROGRAM_LIST = [...PROGRAM, 'runtimes', 'list', '--scope=cluster'];

const USERS = ['ana', 'bob', 'nobody'];

/** What Windows' programs want of their environment, and kubectl does not read. */
const OF_WINDOWS = ['SystemRoot', 'ComSpec', 'TEMP'].flatMap((name) => (IS_WINDOWS ? [[name, process.env[name] ?? ''] as const] : []));

/** kubectl's words for a fault of a file, which on Windows are the system's, as it says them on Linux. */
const SYSTEM_WORDS: readonly (readonly [theirs: RegExp, ours: string])[] = [
  [/The system cannot find the (?:file|path) specified\./g, 'no such file or directory'],
  [/\b(?:CreateFile|GetFileAttributesEx) /g, 'stat '],
];

/** How a program ended, and what it asked the server for: the URL, and who asked. */
interface Done extends Outcome {
  readonly asked: readonly string[];
}

describe('command lines, beside kubectl on any system', () => {
  let kubectl: string;
  let server: ApiServer;
  let folder: string;

  before(async function () {
    this.timeout(BUILD_MS);
    kubectl = process.env.KUBECTL_PROGRAM || (await kubectlOrSkip(this));
    server = await startApiServer({
      users: USERS.map((name) => ({ name, groups: name === 'nobody' ? [] : ['listers'] })),
      objects: [...fixtureObjects('runtimes'), ...mayList('listers')],
    });
  });
  after(async () => {
    await server?.close();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lines-'));
  });
  // On Windows what a plugin still has open cannot be removed.
  afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

  const inFolder = (text: string): string => text.replaceAll('DIR', folder);
  /** In JSON a backslash is two, and a line break too. */
  const filled = (text: string, quote: (value: string) => string): string =>
    text
      .replaceAll('DIR', () => quote(folder))
      .replaceAll('SERVER', server.url)
      .replaceAll('AUTHORITY', () => quote(server.ca ?? ''));

  function layOut({ files = {}, plugins = {} }: Line): void {
    for (const [name, content] of Object.entries({ 'ca.crt': 'AUTHORITY', ...files })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      const isText = typeof content === 'string' && !content.startsWith('#');
      const text = typeof content === 'string' ? content : JSON.stringify(content);
      writeFileSync(
        join(folder, name),
        filled(text, (value) => (isText ? value : JSON.stringify(value).slice(1, -1))),
      );
    }
    for (const [name, source] of Object.entries(plugins)) writePlugin(join(folder, name), source);
  }

  /** What a program says, and as whom it asked for the list. */
  async function outcome(command: readonly string[], { words = [], env = {} }: Line): Promise<Done> {
    const [program = '', ...before] = command;
    const given = { HOME: 'DIR/home', USERPROFILE: 'DIR/home', KUBECACHEDIR: 'DIR/cache', PATH: join('DIR', 'bin'), ...env };
    const all = Object.fromEntries([...OF_WINDOWS, ...Object.entries(given).map(([name, value]) => [name, inFolder(value)] as const)]);
    const start = server.requests.length;
    const format = words.includes('-o') ? [] : ['-o', 'name'];
    const ended = await run(program, [...before, ...format, ...words.map(inFolder)], { cwd: folder, env: all });
    const asked = server.requests.slice(start).filter(({ path }) => path.includes('/clusterservingruntimes'));
    return { ...ended, asked: asked.map(({ url, headers }) => `${url} ${nameOf(headers.authorization?.[0])}`) };
  }

  for (const line of LINES) {
    (line.isOfWindows && !IS_WINDOWS ? it.skip : it)(line.what, async () => {
      layOut(line);
      const ours = await outcome(PROGRAM_LIST, line);
      const theirs = line.oursAlone && IS_WINDOWS ? undefined : await outcome([kubectl, 'get', KIND], line);
      for (const one of [ours, theirs]) if (one !== undefined) assertDone(one, line);
      if (theirs === undefined) return;
      if (line.says === undefined) {
        assert.deepEqual([ours.asked, ours.stdout], [theirs.asked, theirs.stdout]);
        return;
      }
      if (line.isReworded) return;
      const [words = ''] = ours.stderr.split('\n');
      assert.ok(inOurWords(theirs.stderr).includes(words.replace(/^error: /, '')), `${theirs.stderr}--- ours\n${ours.stderr}`);
    });
  }

  it('are many', () => {
    assert.ok(LINES.length >= 30, String(LINES.length));
  });
});

/** Throws unless a program did what the line says. */
function assertDone({ code, stderr, asked }: Done, { as, says }: Line): void {
  const shown = inOurWords(stderr);
  assert.equal(code === 0, says === undefined, shown);
  assert.ok(shown.includes(says ?? ''), shown);
  if (as !== undefined) assert.deepEqual(new Set(asked.map((one) => one.split(' ')[1])), new Set([as]));
}

function inOurWords(text: string): string {
  return SYSTEM_WORDS.reduce((all, [theirs, ours]) => all.replaceAll(theirs, ours), text);
}

/** Who a token is of. */
function nameOf(authorization: string | undefined): string {
  return USERS.find((name) => authorization === `Bearer ${tokenOf({ name })}`) ?? '-';
}

/** Lets a group list runtimes of the cluster, also as somebody else. */
function mayList(group: string) {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const rules = [
    { apiGroups: ['serving.kserve.io'], resources: ['clusterservingruntimes'], verbs: ['get', 'list'] },
    { apiGroups: [''], resources: ['users', 'groups'], verbs: ['impersonate'] },
  ];
  return [
    { apiVersion, kind: 'ClusterRole', metadata: { name: 'list' }, rules },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'list' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'list' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: group }],
    },
  ];
}
