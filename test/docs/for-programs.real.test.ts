import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAll } from 'js-yaml';
import { connect } from '../../src/cluster/connect.ts';
import { exampleProgram } from '../../tools/control-plane/binaries.ts';
import { fixtureObjects } from '../../tools/fixtures.ts';
import { describeReal } from '../support/describe-real.ts';
import { BUILD_MS } from '../support/kubectl-or-skip.ts';
import { runCli } from '../support/run-cli.ts';
import { skipOrFail } from '../support/skip.ts';

const FOLDER = fileURLToPath(new URL('../../docs/for-programs/', import.meta.url));
const PAGE = readFileSync(new URL('../../docs/for-programs.md', import.meta.url), 'utf8');
const SOURCES = { go: join(FOLDER, 'go/main.go'), ts: join(FOLDER, 'typescript/list-runtimes.ts') };

/** The fenced blocks of a language. */
function blocks(language: string): string[] {
  return [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text = '']) => text);
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, args: readonly string[], kubeconfig: string): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(command, args, { env: { ...process.env, KUBECONFIG: kubeconfig } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

describe('docs/for-programs.md', () => {
  for (const [language, file] of Object.entries(SOURCES)) {
    it(`shows parts of the program in ${language}, word for word`, () => {
      const program = readFileSync(file, 'utf8');
      const shown = blocks(language);
      assert.notEqual(shown.length, 0);
      for (const block of shown) assert.ok(program.includes(block), block);
    });
  }
});

describeReal('The programs of docs/for-programs.md', (plane) => {
  const programs = new Map<string, (namespace: string) => [string, ...string[]]>();
  before(async function () {
    this.timeout(BUILD_MS);
    const tools = await exampleProgram();
    if (tools.kind === 'unavailable') return skipOrFail(this, tools.reason);
    programs.set('go', (namespace) => [join(tools.dir, 'list-runtimes'), '-namespace', namespace]);
    programs.set('ts', (namespace) => [process.execPath, SOURCES.ts, namespace]);
  });

  it('say what they are not allowed, and list everything once the page’s role is bound', async function () {
    this.timeout(60_000);
    const namespace = await plane().createNamespace('programs');
    const account = await plane().addServiceAccount(namespace, 'catalogue');
    const kubeconfig = plane().kubeconfig(account);
    const [own, ...rest] = fixtureObjects('runtimes').slice(0, 3);
    assert.ok(own !== undefined);
    await plane().admin.apply(...rest, { ...own, kind: 'ServingRuntime', metadata: { name: 'own', namespace } });
    const results = () =>
      Promise.all([...programs].map(async ([name, command]) => [name, await finish(command(namespace), kubeconfig)] as const));

    for (const [name, { code, stdout, stderr }] of await results()) {
      assert.deepEqual({ code, stdout }, { code: 3, stdout: '' }, `${name}: ${stderr}`);
      assert.match(stderr, /^error: not allowed: list servingruntimes, list clusterservingruntimes; /);
    }

    const text = blocks('yaml').join('---\n').replaceAll('namespace: ml', `namespace: ${namespace}`);
    const objects = loadAll(text) as { metadata: { name: string } }[];
    assert.deepEqual(
      objects.map(({ metadata }) => metadata.name),
      ['runtime-reader', 'runtime-reader-ml.catalogue'],
    );
    for (const { metadata } of objects) metadata.name = `${metadata.name}-${namespace}`;
    const role = (objects[1] as unknown as { roleRef: { name: string } }).roleRef;
    role.name = `${role.name}-${namespace}`;
    await plane().admin.apply(...objects);
    const [, line = ''] = /kubectl kserve (rbac check --for runtimes .*)/.exec(PAGE) ?? [];
    const argv = line.replace('ml:', `${namespace}:`).replace('-n ml', `-n ${namespace}`);
    const check = await runCli({ argv, connect, env: { KUBECONFIG: plane().kubeconfig('admin') } });
    assert.equal(check.code, 0, check.stderr + check.stdout);

    const listed = await plane().kubectl('admin', ['get', 'servingruntimes,clusterservingruntimes', '-n', namespace, '-o', 'name']);
    const expected = listed.stdout.replaceAll('.serving.kserve.io', '');
    assert.match(expected, /^servingruntime\/own$/m);
    for (const [name, ended] of await results()) assert.deepEqual(ended, { code: 0, stdout: expected, stderr: '' }, name);
  });

  const finish = ([command, ...args]: [string, ...string[]], kubeconfig: string): Promise<Ended> => run(command, args, kubeconfig);
});
