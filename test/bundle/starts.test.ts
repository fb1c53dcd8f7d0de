import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { buildProgram, type Program } from '../../scripts/bundle/build.ts';
import { ENTRY, writeBundle } from '../../scripts/bundle/write-bundle.ts';
import { type ApiServer, startApiServer } from '../../tools/api-server/server.ts';
import { fixtureObjects } from '../../tools/fixtures.ts';

/** Writes the names of packs that were compiled to stderr, at the end. */
const HOOK = `const vm = require('node:vm');
const packs = [];
vm.Script = class extends vm.Script { constructor(code, options) { super(code, options); packs.push(options.filename); } };
process.on('exit', () => require('node:fs').writeSync(2, '\\npacks ' + packs.join(' ')));
`;

const USERS = [
  { name: 'user', groups: ['system:masters'], credential: 'certificate' },
  { name: 'nobody', groups: [], credential: 'certificate' },
] as const;

/** Each pack costs a start, and so does each character: docs/performance.md. Whoever adds to these has measured what it takes. */
describe('a start of the bundle', () => {
  let folder: string;
  let program: Program;
  let server: ApiServer;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'starts-'));
    program = await buildProgram();
    await writeBundle(folder, program.packs);
    writeFileSync(join(folder, 'hook.cjs'), HOOK);
    server = await startApiServer({ users: USERS, objects: fixtureObjects('runtimes') });
  });

  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  interface Start {
    readonly code: number | null;
    readonly stdout: string;
    readonly packs: number;
    readonly characters: number;
    /** Files of the sources. */
    readonly sources: readonly string[];
  }

  async function start(words: string, user: (typeof USERS)[number]['name'] = 'user'): Promise<Start> {
    const kubeconfig = join(folder, `${user}.yaml`);
    writeFileSync(kubeconfig, server.kubeconfig(user, { namespace: 'team-a' }), { mode: 0o600 });
    const child = spawn(process.execPath, ['--require', join(folder, 'hook.cjs'), join(folder, ENTRY), ...words.split(' ')], {
      env: { HOME: folder, KUBECONFIG: kubeconfig },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    const names = stderr.slice(stderr.lastIndexOf('\npacks ') + '\npacks '.length).split(' ');
    const loaded = program.packs.filter(({ name }) => names.includes(name));
    const { outputs } = program.metafile;
    return {
      code,
      stdout,
      packs: loaded.length,
      characters: loaded.reduce((sum, { code }) => sum + code.length, 0),
      sources: loaded.flatMap(({ modules }) => modules.flatMap((name) => Object.keys(outputs[`dist/${basename(name)}`]?.inputs ?? {}))),
    };
  }

  function assertWithin({ packs, characters }: Start, most: { readonly packs: number; readonly characters: number }): void {
    assert.ok(packs <= most.packs && characters <= most.characters, `${packs} packs of ${characters} characters`);
  }

  const among = ({ sources }: Start, path: RegExp): readonly string[] => sources.filter((source) => path.test(source));

  it('lists with what a plain table needs', async () => {
    const list = await start('runtimes list');
    assert.equal(list.code, 0);
    assert.match(list.stdout, /^NAME +SCOPE /);
    assertWithin(list, { packs: 8, characters: 265_000 });
    const elsewhere =
      /cli\/contexts|shared-plugins|refusals|failures|list\/watch|output\/(jsonpath|drawn)|domain\/rbac\/(grant|forbidden-message)\.ts|rbac\/check\/(?!check\.command)/;
    assert.deepEqual(among(list, elsewhere), []);
  });

  it('tells of refused lists without what rbac check and watches need', async () => {
    const list = await start('runtimes list', 'nobody');
    assert.equal(list.code, 3);
    assertWithin(list, { packs: 12, characters: 290_000 });
    assert.deepEqual(among(list, /rbac\/check\/(?!check\.command)|list\/watch/), []);
  });

  it('asks in several contexts, with code that no other start loads', async () => {
    const list = await start('runtimes list --all-contexts');
    assert.equal(list.code, 0);
    assert.match(list.stdout, /^CONTEXT +NAMESPACE +NAME +SCOPE /);
    assert.notDeepEqual(among(list, /cli\/contexts/), []);
    assertWithin(list, { packs: 14, characters: 343_000 });
  });

  it('tells its version without what asks a cluster', async () => {
    const version = await start('version --client');
    assert.equal(version.code, 0);
    assertWithin(version, { packs: 4, characters: 127_000 });
    assert.deepEqual(among(version, /cluster\/transport|cluster\/api\/client/), []);
  });

  it('checks rights without what lists', async () => {
    const check = await start('rbac check');
    assert.equal(check.code, 0);
    assertWithin(check, { packs: 9, characters: 316_000 });
    assert.deepEqual(among(check, /runtimes\/list\/(?!list\.command)/), []);
  });
});
