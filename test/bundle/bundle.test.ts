import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildProgram } from '../../scripts/bundle/build.ts';
import { ENTRY, writeBundle } from '../../scripts/bundle/write-bundle.ts';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;

function run(words: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', env: { HOME: '/nonexistent' } });
  return { status, stdout, stderr };
}

describe('bundle', () => {
  let folder: string;
  let file: string;
  let inputs: readonly string[];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bundle-'));
    file = join(folder, 'bundle', ENTRY);
    const { packs, metafile } = await buildProgram();
    await writeBundle(join(folder, 'bundle'), packs);
    inputs = Object.keys(metafile.inputs);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  const lines = [
    ['version', '--client'],
    ['--help'],
    ['runtimes'],
    ['runtimes', 'list', '--help'],
    ['rbac', 'check', '-h'],
    ['runtimes', 'list', '--bogus'],
    ['__complete', 'runtimes', 'list', '-o', ''],
    ['version', '--client', '-o', 'yaml'],
    ['version', '--server=http://127.0.0.1:1'],
  ];
  for (const words of lines) {
    it(`answers ${words.join(' ')} as the sources do`, () => assert.deepEqual(run([file, ...words]), run([MAIN, ...words])));
  }

  it('holds no client library and nothing of the development', () => {
    const foreign = inputs.filter((input) => /@kubernetes|esbuild|typescript|biome|mocha/.test(input));
    assert.deepEqual(foreign, []);
  });

  it('opens no stream for a few words into a pipe', () => {
    const main = JSON.stringify(file);
    const script = `process.on('exit', () => console.error(process.moduleLoadList.filter((name) => / (stream|net|tty)$/.test(name))));
process.argv.splice(1, 0, ${main}); require(${main});`;
    const { status, stdout, stderr } = run(['-e', script, 'version', '--client']);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '[]\n' });
    assert.match(stdout, /\d\.\d/);
  });

  it('is the same when made again', async () => {
    const again = join(folder, 'again');
    await writeBundle(again, (await buildProgram()).packs);
    const files = readdirSync(again);
    assert.deepEqual(files, readdirSync(join(folder, 'bundle')));
    for (const name of files) assert.deepEqual(readFileSync(join(again, name)), readFileSync(join(folder, 'bundle', name)), name);
  });
});

describe('the hot path', () => {
  let hook: string;
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hot-path-'));
    hook = join(folder, 'hook.mjs');
    writeFileSync(
      hook,
      `import { registerHooks } from 'node:module';
import { writeSync } from 'node:fs';
const seen = new Set();
registerHooks({ load(url, context, next) { seen.add(/node_modules\\/((?:@[^/]+\\/)?[^/]+)\\/(?!.*node_modules)/.exec(url)?.[1] ?? /src\\/(.*)/.exec(url)?.[1] ?? url); return next(url, context); } });
process.on('exit', () => writeSync(2, JSON.stringify([...seen].sort())));
`,
    );
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  function loaded(words: readonly string[]): readonly string[] {
    const { stderr } = run(['--import', hook, MAIN, ...words]);
    return JSON.parse(stderr.slice(stderr.lastIndexOf('["'))) as readonly string[];
  }

  const packages = (modules: readonly string[]) =>
    modules.filter((name) => !name.startsWith('node:') && !name.endsWith('.ts') && !name.endsWith('.json'));

  it('of version --client is no package, and no cluster', () => {
    const modules = loaded(['version', '--client']);
    assert.deepEqual(packages(modules), []);
    assert.deepEqual(
      modules.filter((name) => name.startsWith('cluster/')),
      [],
    );
  });

  it('of static completion is no package at all', () => {
    assert.deepEqual(packages(loaded(['__complete', 'runtimes', 'list', '-o', ''])), []);
  });

  it('of a misuse is no package', () => {
    assert.deepEqual(packages(loaded(['runtimes', 'list', '--bogus'])), []);
  });

  it('of a list that cannot connect has neither yargs nor the client library', () => {
    const list = (...words: string[]) => loaded(['runtimes', 'list', '--server=http://127.0.0.1:1', ...words]);
    assert.deepEqual(packages(list()), []);
    const ofTemplates = (modules: readonly string[]) => modules.filter((name) => name.startsWith('output/jsonpath/'));
    assert.deepEqual(ofTemplates(list('-o', 'json')), []);
    assert.notDeepEqual(ofTemplates(list('-o', 'jsonpath={.kind}')), []);
    assert.notDeepEqual(ofTemplates(list('--sort-by=.kind')), []);
  });
});
