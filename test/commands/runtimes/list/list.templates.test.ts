import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixtureObjects } from '../../../../tools/fixtures.ts';
import { fakeCluster } from '../../../support/fake-cluster.ts';
import { assertGolden } from '../../../support/golden.ts';
import { type CliResult, runCli } from '../../../support/run-cli.ts';
import { MAY_LIST_NAMESPACED, NAMESPACE } from '../../../support/runtimes-list-cases.ts';

const OBJECTS = [NAMESPACE, ...fixtureObjects('runtimes')];

/** Words may hold blanks: the shell has taken its quotes away. */
function list(...words: readonly string[]): Promise<CliResult> {
  return runCli({ argv: ['runtimes', 'list', '-n', 'team-a', ...words], cluster: fakeCluster({ objects: OBJECTS }) });
}

describe('runtimes list, as kubectl get', () => {
  for (const words of [
    ['-o', 'jsonpath={range .items[*]}{.kind}{"\\t"}{.metadata.name}{"\\n"}{end}'],
    ['-o', 'jsonpath={.items[?(@.spec.disabled==true)].metadata.name}'],
    ['-o', 'jsonpath-as-json={.items[0].spec.supportedModelFormats}'],
    ['-o', 'custom-columns=NAME:.metadata.name,FORMATS:.spec.supportedModelFormats[*].name,LIMITS:.spec.containers[0].resources.limits'],
    ['-o', 'custom-columns=NAME:.metadata.name,X:.nothing', '--no-headers'],
    ['--sort-by', '.metadata.name'],
    ['--sort-by={.spec.containers[0].resources.limits.memory}', '-o', 'name'],
    ['--show-kind'],
    ['-o', 'jsonpath={.items[9]}'],
    ['-o', 'jsonpath={.items[?(@.metadata.name>1)]}'],
    ['--sort-by=.bogus'],
    ['--sort-by=.spec.disabled', '--scope=cluster'],
  ]) {
    it(`answers ${words.join(' ')}`, async () => {
      const name = words
        .join(' ')
        .replace(/[^A-Za-z0-9]+/g, '-')
        .replace(/^-+|-+$/g, '');
      assertGolden(`runtimes-list/kubectl.${name}`, `runtimes list -n team-a ${words.join(' ')}`, await list(...words));
    });
  }

  for (const words of [
    ['-o', 'jsonpath'],
    ['-o', 'jsonpath='],
    ['-o', 'jsonpath={.x'],
    ['-o', 'jsonpath-file=/no/such/file'],
    ['-o', 'custom-columns'],
    ['-o', 'custom-columns=A'],
    ['-o', 'custom-columns=A:.a['],
    ['-o', 'go-template={{.items}}'],
    ['-o', 'custom-columns=A:.a', '-L', 'team'],
    ['-o', 'jsonpath={.x}', '--show-labels'],
    ['--sort-by=.a['],
    ['--sort-by='],
    ['--field-selector='],
  ]) {
    it(`refuses ${words.join(' ')} before anything is sent`, async () => {
      const cluster = fakeCluster({ objects: OBJECTS });
      const argv = ['runtimes', 'list', ...words];
      const result = await runCli({ argv, cluster });
      assertGolden(`runtimes-list/misuse.${argv.join(' ').replace(/[^A-Za-z0-9]+/g, '-')}`, argv.join(' '), result);
      assert.deepEqual([result.code, result.stdout, cluster.requests.length], [2, '', 0]);
    });
  }

  describe('where a template finds nothing in a List of one', () => {
    const IMAGE = '{.spec.containers[0].image}';
    const noteOf = async (...words: string[]) => {
      const { code, stderr } = await list(...words);
      assert.equal(code, 0, stderr);
      return stderr;
    };

    it('says how to get the object itself, which is right', async () => {
      for (const template of [IMAGE, `image: ${IMAGE}{"\\n"}`, '{range .spec.containers[*]}{.image}{"\\n"}{end}']) {
        const note = await noteOf('my-sklearn', '-o', `jsonpath=${template}`);
        assert.equal(
          note,
          'note: The template found nothing in the List that is answered. servingruntime/my-sklearn gives the object itself.\n',
        );
        assert.notEqual((await list('servingruntime/my-sklearn', '-o', `jsonpath=${IMAGE}`)).stdout, '');
      }
      assert.match(await noteOf('my-sklearn', '-o', `jsonpath-as-json=${IMAGE}`), /servingruntime\/my-sklearn gives/);
      assert.match(
        await noteOf('-A', '--field-selector=metadata.name=my-sklearn', '-o', `jsonpath=${IMAGE}`),
        / servingruntime\/my-sklearn -n team-a gives/,
      );
    });

    it('says nothing where it found something, knows of the List, got the object, or there are more', async () => {
      for (const words of [
        ['my-sklearn', '-o', 'jsonpath={.kind}'],
        ['my-sklearn', '-o', 'jsonpath={.items[*].nothing}'],
        ['my-sklearn', '-o', 'custom-columns=A:.nothing'],
        ['servingruntime/my-sklearn', '-o', 'jsonpath={.nothing}'],
        ['-o', `jsonpath=${IMAGE}`],
      ]) {
        assert.equal(await noteOf(...words), '', words.join(' '));
      }
    });
  });

  it('reads templates and columns from files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'templates-'));
    writeFileSync(join(folder, 'names'), '{.items[*].kind}\n');
    writeFileSync(join(folder, 'columns'), 'KIND\n.kind\n');
    const kinds = (await list('-o', 'jsonpath={.items[*].kind}')).stdout;
    assert.equal((await list('-o', `jsonpath-file=${join(folder, 'names')}`)).stdout, `${kinds}\n`);
    assert.equal((await list('-o', `custom-columns-file=${join(folder, 'columns')}`)).stdout, `KIND\n${kinds.replaceAll(' ', '\n')}\n`);
  });

  it('reads no template for ever', async function () {
    if (process.platform === 'win32') this.skip();
    const pipe = join(mkdtempSync(join(tmpdir(), 'templates-')), 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const [file, reason] of [
      [pipe, 'nothing comes through the pipe'],
      ['/dev/zero', 'file too large'],
    ])
      for (const format of ['jsonpath-file', 'custom-columns-file']) {
        const { code, stderr } = await list('-o', `${format}=${file}`);
        assert.deepEqual([code, stderr], [2, `error: open ${file}: ${reason}\n`]);
      }
  });

  it('shows what can be read, and says what cannot', async () => {
    const cluster = fakeCluster({ objects: [...OBJECTS, ...MAY_LIST_NAMESPACED], user: { name: 'ana' } });
    const run = (format: string) => runCli({ argv: ['runtimes', 'list', '-n', 'team-a', '-o', format], cluster });
    const [table, path, columns] = await Promise.all([
      run('wide'),
      run('jsonpath={.items[*].metadata.name} {.errors[*].reason}'),
      run('custom-columns=A:.kind'),
    ]);
    assert.deepEqual([path.code, path.stderr, columns.code, columns.stderr], [4, table.stderr, 4, table.stderr]);
    assert.equal(path.stdout, 'my-sklearn Forbidden');
    assert.equal(columns.stdout, 'A\nServingRuntime\n');
  });

  it('prints nothing where nothing could be read, rather than a header', async () => {
    const cluster = fakeCluster({ objects: OBJECTS, user: { name: 'bob' } });
    for (const format of ['jsonpath={.items[*].metadata.name}', 'custom-columns=A:.kind']) {
      const { code, stdout } = await runCli({ argv: ['runtimes', 'list', '-n', 'team-a', '-o', format], cluster });
      assert.deepEqual([code, stdout], [3, '']);
    }
  });

  it('keeps managedFields for templates only', async () => {
    const one = fixtureObjects('runtimes').find(({ kind }) => kind === 'ServingRuntime');
    const object = { ...one, metadata: { ...one?.metadata, namespace: 'team-a', managedFields: [{ manager: 'm' }] } };
    const run = (...words: string[]) =>
      runCli({ argv: ['runtimes', 'list', '-n', 'team-a', ...words], cluster: fakeCluster({ objects: [NAMESPACE, object] }) });
    assert.equal((await run('-o', 'jsonpath={..manager}')).stdout, 'm');
    assert.doesNotMatch((await run('-o', 'json')).stdout, /manage/);
  });

  it('sends the field selector', async () => {
    const cluster = fakeCluster({ objects: OBJECTS });
    await runCli({ argv: 'runtimes list -A --field-selector metadata.name=a', cluster });
    assert.deepEqual(
      cluster.requests.slice(0, 2).map(({ url }) => new URL(url, 'http://x').searchParams.get('fieldSelector')),
      ['metadata.name=a', 'metadata.name=a'],
    );
  });
});

describe('templates of other commands', () => {
  it('pick from what -o json writes', async () => {
    const run = (...words: string[]) => runCli({ argv: ['version', '--client', ...words] });
    const { plugin } = JSON.parse((await run('-o', 'json')).stdout);
    assert.deepEqual(await run('-o', 'jsonpath={.plugin.version} {.kind}'), {
      code: 0,
      stdout: `${plugin.version} VersionReport`,
      stderr: '',
    });
    assert.equal((await run('-o', 'custom-columns=KIND:.kind')).stdout, 'KIND\nVersionReport\n');
  });

  it('have the exit code of the command', async () => {
    const cluster = fakeCluster({ objects: OBJECTS, user: { name: 'bob' } });
    const { code, stdout } = await runCli({
      argv: ['rbac', 'check', 'list', 'clusterservingruntimes', '-o', 'jsonpath={.questions[*].verdict}'],
      cluster,
    });
    assert.deepEqual([code, stdout], [1, 'noOpinion']);
  });

  it('are refused before anything is sent', async () => {
    const cluster = fakeCluster({ objects: OBJECTS });
    for (const path of [['rbac', 'check'], ['rbac', 'who-can', 'list', 'csr'], ['doctor'], ['runtimes', 'match', 'x']]) {
      const { code, stdout } = await runCli({ argv: [...path, '-o', 'jsonpath={.x'], cluster });
      assert.deepEqual([code, stdout, cluster.requests.length], [2, '', 0], path.join(' '));
    }
  });

  it('leave stdout empty where they do not fit', async () => {
    const { code, stdout, stderr } = await runCli({ argv: ['version', '--client', '-o', 'jsonpath={.kind[0]}'] });
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^error: error executing jsonpath "\{\.kind\[0\]\}": string is not array or slice\n/);
  });
});
