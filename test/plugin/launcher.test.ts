import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../support/packages/run.ts';

const PLUGIN = new URL('../../plugin/', import.meta.url).pathname;

describe('the launchers of a checkout', () => {
  let root: string;

  const put = (file: string, text: string, seconds: number): void => {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), text, { mode: 0o755 });
    utimesSync(join(root, file), seconds, seconds);
  };
  const launch = (path: string, ...words: readonly string[]) => run(path, words, { env: { PATH: '/usr/bin:/bin' } });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'launcher test-'));
    cpSync(PLUGIN, join(root, 'plugin'), { recursive: true });
    put('node_modules/.bin/node', '#!/bin/sh\nfor word; do echo "$word"; done\n', 1);
    put('src/main.ts', '', 1);
    put('package.json', '', 1);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const started = (program: string, ...words: readonly string[]) => ({
    code: 0,
    stdout: `${['--disable-sigusr1', '--no-use-env-proxy', `${root}/plugin/../${program}`, ...words].join('\n')}\n`,
    stderr: '',
  });

  it('start the sources, and the bundle only while it is newer', async () => {
    const words = ['a b', ''];
    assert.deepEqual(await launch(join(root, 'plugin/kubectl-kserve'), ...words), started('src/main.ts', ...words));
    put('dist/bundle/kubectl-kserve.cjs', '', 2);
    assert.deepEqual(await launch(join(root, 'plugin/kubectl-kserve'), ...words), started('dist/bundle/kubectl-kserve.cjs', ...words));
    put('src/cli/run.ts', '', 3);
    assert.deepEqual(await launch(join(root, 'plugin/kubectl-kserve'), ...words), started('src/main.ts', ...words));
  });

  it('complete by their second name, through links too', async () => {
    mkdirSync(join(root, 'bin'));
    symlinkSync('../plugin/kubectl-kserve', join(root, 'bin/kubectl_complete-kserve'));
    symlinkSync(join(root, 'bin/kubectl_complete-kserve'), join(root, 'bin/other'));
    const linked = await launch(join(root, 'bin/kubectl_complete-kserve'), 'ru');
    assert.deepEqual(linked.stdout.split('\n').slice(3), ['__complete', 'ru', '']);
    assert.deepEqual((await launch(join(root, 'plugin/kubectl_complete-kserve'), 'ru')).stdout.split('\n').slice(3), [
      '__complete',
      'ru',
      '',
    ]);
  });

  it('hand on that an older kubectl started them, whichever shell is sh', async () => {
    put('node_modules/.bin/node', '#!/bin/sh\necho "$KUBECTL_PATH"\n', 1);
    const from = (_: string, shell: readonly string[]) =>
      run(shell[0] ?? '', [...shell.slice(1), join(root, 'plugin/kubectl-kserve')], { env: { PATH: '/usr/bin:/bin', _ } });
    assert.equal((await from('/usr/bin/kubectl', ['/bin/sh'])).stdout, '/usr/bin/kubectl\n');
    assert.equal((await from('/usr/bin/kubectl', ['/bin/bash', '--posix'])).stdout, '/usr/bin/kubectl\n');
    assert.equal((await from('/home/a/bin/kubectl-kserve', ['/bin/sh'])).stdout, '\n');
  });

  it('say what to do before npm ci', async () => {
    rmSync(join(root, 'node_modules'), { recursive: true });
    assert.deepEqual(await launch(join(root, 'plugin/kubectl-kserve'), 'version'), {
      code: 3,
      stdout: '',
      stderr: `error: the Node of the project is missing: run npm ci in ${root}/plugin/..\n`,
    });
    const nothing = { code: 0, stdout: ':4\n', stderr: '' };
    assert.deepEqual(await launch(join(root, 'plugin/kubectl_complete-kserve'), ''), nothing);
    assert.deepEqual(await launch(join(root, 'plugin/kubectl-kserve'), '__completeNoDesc', ''), nothing);
  });
});
