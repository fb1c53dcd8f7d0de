// How often `runtimes list` waits for a server that is far.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../../../src/cluster/connect.ts';
import { startApiServer } from '../../../../tools/api-server/server.ts';
import { grant } from '../../../../tools/rbac-objects.ts';
import { type FakeClusterOptions, fakeCluster } from '../../../support/fake-cluster.ts';
import { answeringTogether, gatheringProxy } from '../../../support/rounds.ts';
import { runCli } from '../../../support/run-cli.ts';
import { closeAll } from '../../../support/wire.ts';

const ANA = { name: 'ana', groups: [] };

const RUNTIME = {
  apiVersion: 'serving.kserve.io/v1alpha1',
  kind: 'ClusterServingRuntime',
  metadata: { name: 'sklearn' },
  spec: {
    supportedModelFormats: [{ name: 'sklearn', autoSelect: true }],
    containers: [{ name: 'kserve-container', image: 'example.com/sklearn' }],
  },
};

describe('rounds of runtimes list', () => {
  afterEach(closeAll);

  const list = async (sizes: readonly number[], options: FakeClusterOptions): Promise<number> => {
    const cluster = fakeCluster(options);
    const { code } = await runCli({ argv: 'runtimes list', cluster: answeringTogether(cluster, sizes) });
    assert.equal(
      cluster.requests.length,
      sizes.reduce((sum, size) => sum + size),
    );
    return code;
  };

  it('are one where all may be read', async () => {
    assert.equal(await list([2], { objects: [RUNTIME] }), 0);
  });

  it('are two where a kind is refused, or both: what explains it goes out together', async () => {
    const objects = grant('reader', 'ana', { namespace: 'default' }, ['list'], 'servingruntimes.serving.kserve.io');
    assert.equal(await list([2, 2], { user: ANA, objects }), 4);
    assert.equal(await list([2, 3], { user: ANA }), 3);
  });

  it('begin with both lists before anything is answered', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'list-rounds-'));
    const server = await startApiServer();
    try {
      const port = await gatheringProxy(Number(new URL(server.url).port), 2);
      const kubeconfig = join(folder, 'config');
      writeFileSync(kubeconfig, server.kubeconfig('admin').replace(server.url, `https://127.0.0.1:${port}`), { mode: 0o600 });
      const { code, stderr } = await runCli({ argv: ['runtimes', 'list', '--kubeconfig', kubeconfig], connect });
      assert.equal(code, 0, stderr);
    } finally {
      await server.close();
      rmSync(folder, { recursive: true });
    }
  });
});
