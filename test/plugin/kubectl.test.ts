import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { describeReal } from '../support/control-plane/describe-real.ts';

const PLUGIN = new URL('../../plugin/', import.meta.url).pathname;

describeReal('the plugin under kubectl', (plane) => {
  let home: string;

  before(() => {
    home = mkdtempSync(join(tmpdir(), 'plugin-'));
    for (const name of ['kubectl-kserve', 'kubectl_complete-kserve']) symlinkSync(join(PLUGIN, name), join(home, name));
  });

  after(() => rmSync(home, { recursive: true, force: true }));

  function kubectl(...words: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const { promise, resolve } = Promise.withResolvers<{ code: number; stdout: string; stderr: string }>();
    const env = {
      PATH: [home, dirname(plane().kubectlPath), '/usr/bin', '/bin'].join(delimiter),
      HOME: home,
      KUBECONFIG: plane().kubeconfig('admin'),
    };
    execFile(plane().kubectlPath, [...words], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
    return promise;
  }

  it('is named as it was started', async () => {
    const { code, stdout } = await kubectl('kserve', 'version', '--help');
    assert.equal(code, 0);
    assert.match(stdout, /^ {2}kubectl kserve version --client$/m);
  });

  it('keeps its exit code and its words', async () => {
    assert.deepEqual(await kubectl('kserve', 'vresion'), {
      code: 2,
      stdout: '',
      stderr: 'error: unknown command "vresion" (did you mean "version"?)\nSee \'kubectl kserve -h\' for help and examples\n',
    });
  });

  it('shows the version of this very server', async () => {
    const own = await kubectl('kserve', 'version', '-o', 'json');
    assert.equal(own.code, 0, own.stderr);
    const theirs = await kubectl('version', '-o', 'json');
    assert.equal(JSON.parse(own.stdout).server.gitVersion, JSON.parse(theirs.stdout).serverVersion.gitVersion);
  });

  it('is found by kubectl plugin list', async () => {
    const { code, stdout } = await kubectl('plugin', 'list', '--name-only');
    assert.deepEqual([code, stdout.split('\n').filter((line) => line.includes('kserve'))], [0, ['kubectl-kserve']]);
  });

  it('completes through kubectl', async () => {
    const answer = async (...words: readonly string[]) =>
      (await kubectl('__completeNoDesc', 'kserve', ...words)).stdout.trimEnd().split('\n');
    assert.deepEqual(
      (await answer('ru')).map((line) => line.split('\t')[0]),
      ['runtimes', ':4'],
    );
    assert.deepEqual(await answer('runtimes', 'list', '--output=j'), ['json', ':4']);
    const namespace = await plane().createNamespace('completion');
    assert.deepEqual(await answer('runtimes', 'list', '-n', namespace.slice(0, -1)), [namespace, ':4']);
    assert.deepEqual(await answer('runtimes', 'list', '--context', 'nobo'), ['nobody', ':4']);
    assert.deepEqual(await answer('runtimes', 'list', '--context', 'nobody', '-n', ''), [
      '_activeHelp_ namespaces is forbidden: User "nobody" cannot list resource "namespaces" in API group "" at the cluster scope',
      ':4',
    ]);
  });
});
