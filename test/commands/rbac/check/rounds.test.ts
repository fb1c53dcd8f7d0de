// How often `rbac check` waits for a server that is far: once for its answers, once more for what explains them.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../../../src/cluster/connect.ts';
import { type ApiServer, startApiServer } from '../../../../tools/api-server/server.ts';
import { KSERVE_TYPES } from '../../../../tools/api-server/types.ts';
import { grant } from '../../../../tools/rbac-objects.ts';
import { type FakeClusterOptions, fakeCluster } from '../../../support/fake-cluster.ts';
import { answeringTogether, gatheringProxy } from '../../../support/rounds.ts';
import { runCli } from '../../../support/run-cli.ts';
import { closeAll } from '../../../support/wire.ts';

const KSERVE = 'serving.kserve.io';
const ANA = { name: 'ana', groups: [] };
const READ = ['get', 'list', 'watch'];
const IN_A = grant('reader', 'ana', { namespace: 'a' }, READ, `servingruntimes.${KSERVE}`);
const BOTH = [...IN_A, ...grant('wide-reader', 'ana', 'cluster', READ, `clusterservingruntimes.${KSERVE}`)];
const VERBS = 'get,list,watch,create,update,patch,delete,deletecollection';

describe('rbac check over a far line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rbac-rounds-'));
  let server: ApiServer;
  before(async () => {
    server = await startApiServer({ objects: BOTH, users: [ANA] });
  });
  afterEach(closeAll);
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const cases: readonly (readonly [what: string, words: string, together: number, code: number])[] = [
    ['who asks, what is served, and six questions', 'rbac check', 8, 0],
    ['a namespace too', 'rbac check -n a', 9, 0],
    ['of 24 questions as many as may be under way', `rbac check ${VERBS} servingruntimes,clusterservingruntimes,isvc`, 16, 1],
  ];
  for (const [what, words, together, code] of cases) {
    it(`sends before anything is answered: ${what}`, async () => {
      const port = await gatheringProxy(Number(new URL(server.url).port), together);
      const kubeconfig = join(folder, 'config');
      writeFileSync(kubeconfig, server.kubeconfig('ana', { namespace: 'a' }).replace(server.url, `https://127.0.0.1:${port}`), {
        mode: 0o600,
      });
      const result = await runCli({ argv: `${words} --kubeconfig ${kubeconfig}`, connect });
      assert.equal(result.code, code, result.stderr);
    });
  }
});

describe('rounds of rbac check', () => {
  const check = async (words: string, options: FakeClusterOptions, sizes: readonly number[] = []) => {
    const cluster = fakeCluster({ user: ANA, ...options });
    const { code, stdout } = await runCli({ argv: `rbac check ${words} -n a`, cluster: answeringTogether(cluster, sizes) });
    const reviews = cluster.requests.filter(({ path }) => path.endsWith('/selfsubjectaccessreviews'));
    return {
      code,
      stdout,
      requests: cluster.requests.length,
      reviews: reviews.map(({ body }) => JSON.parse(body).spec.resourceAttributes),
    };
  };

  it('are one where all is allowed', async () => {
    const { code, requests, reviews } = await check('', { objects: BOTH }, [9]);
    assert.deepEqual([code, requests, reviews.length], [0, 9, 6]);
  });

  it('are two where something is refused: what explains it goes out together', async () => {
    const { code, requests, reviews } = await check('', { objects: IN_A }, [9, 7]);
    // A refusal at the cluster scope is asked inside the namespace as well.
    assert.deepEqual([code, requests, reviews.length], [1, 16, 9]);
  });

  it('are two where discovery has to say what a word means', async () => {
    const objects = grant('pods', 'ana', { namespace: 'a' }, ['list'], 'pods');
    const { code, requests, reviews } = await check('list pods', { objects }, [3, 1]);
    assert.deepEqual([code, requests, reviews.length], [0, 5, 1]);
  });

  it('never answer another question than discovery makes of the words', async () => {
    const types = KSERVE_TYPES.map((type) => (type.plural === 'servingruntimes' ? { ...type, namespaced: false } : type));
    const { code, stdout, reviews } = await check('list servingruntimes', { objects: IN_A, types });
    assert.equal(code, 1, stdout);
    assert.ok(reviews.some(({ namespace }) => namespace === ''));
  });

  it('ask nothing ahead that the task may do without here', async () => {
    const types = KSERVE_TYPES.filter(({ plural }) => plural !== 'llminferenceservices');
    const { reviews } = await check('--for call', { types });
    assert.deepEqual(
      reviews.map(({ verb, resource }) => `${verb} ${resource}`),
      ['get inferenceservices', 'post inferenceservices'],
    );
  });

  it('ask again what is waited for', async () => {
    const cluster = fakeCluster({ user: ANA, objects: [] });
    await runCli({ argv: 'rbac check list servingruntimes -n a --wait 1500ms', cluster });
    assert.ok(cluster.requests.filter(({ path }) => path.endsWith('/selfsubjectaccessreviews')).length > 1);
  });
});
