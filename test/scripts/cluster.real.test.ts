import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describeReal } from '../support/describe-real.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/cluster.ts', import.meta.url));

describeReal('npm run cluster', (plane) => {
  it('shows each user what it may do, and leaves nothing after Ctrl-C', async function () {
    this.timeout(60_000);
    const cluster = spawn(process.execPath, [SCRIPT], { stdio: ['ignore', 'pipe', 'inherit'] });
    let shown = '';
    for await (const chunk of cluster.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
      shown += chunk;
      if (shown.includes('Ctrl-C stops it')) break;
    }
    const kubeconfig = /^ {4}export KUBECONFIG=(\S+)$/m.exec(shown)?.[1] ?? '';
    const contexts = shown
      .slice(shown.indexOf('CONTEXT '))
      .split('\n')
      .slice(1, 7)
      .map((line) => line.split(' ')[0]);
    assert.deepEqual(contexts, ['admin', 'bob', 'ana', 'system:serviceaccount:ml:app', 'ci', 'nobody']);

    const may = async (context: string, resource: string) => {
      const env = { KUBECONFIG: kubeconfig, HOME: dirname(kubeconfig), PATH: process.env.PATH };
      const args = ['--context', context, 'get', `${resource}.serving.kserve.io`, '-n', 'team-a', '-o', 'name'];
      return promisify(execFile)(plane().kubectlPath, args, { env }).then(
        ({ stdout }) => stdout !== '',
        () => false,
      );
    };
    const rights = contexts.map(async (context = '') => [
      await may(context, 'servingruntimes'),
      await may(context, 'clusterservingruntimes'),
    ]);
    assert.deepEqual(await Promise.all(rights), [
      [true, true],
      [true, true],
      [true, false],
      [false, false],
      [false, true],
      [false, false],
    ]);

    cluster.kill('SIGINT');
    assert.deepEqual(await once(cluster, 'exit'), [0, null]);
    assert.equal(existsSync(dirname(kubeconfig)), false);
  });
});
