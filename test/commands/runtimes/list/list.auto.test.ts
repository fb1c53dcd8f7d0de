import assert from 'node:assert/strict';
import { fakeCluster } from '../../../support/fake-cluster.ts';
import { assertGolden } from '../../../support/golden.ts';
import { runCli } from '../../../support/run-cli.ts';
import { runtime } from '../match/cases.ts';

const entry = (name: string, more: object = {}) => [{ name, autoSelect: true, ...more }];

const OBJECTS = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } },
  runtime('auto', { formats: entry('sklearn', { version: '1' }) }),
  runtime('manual', { formats: [{ name: 'sklearn' }] }),
  runtime('nodes', { formats: entry('sklearn'), workerSpec: {} }),
  runtime('mesh', { formats: entry('sklearn'), multiModel: true }),
  runtime('v2-only', { formats: entry('mlflow'), protocols: ['v2'] }),
  runtime('triton', { formats: entry('triton'), protocols: ['v2'] }),
  runtime('all-protocols', { formats: entry('onnx'), protocols: [] }),
  runtime('literal', { formats: entry('any'), protocols: ['any'] }),
  runtime('number', { formats: entry('pmml', { version: 4 }), protocols: ['v1'] }),
  runtime('text', { formats: entry('paddle'), protocolVersions: 'v2' }),
];

const list = (argv: string) =>
  runCli({
    argv: `runtimes list -n team-a ${argv}`,
    cluster: fakeCluster({ now: () => new Date('2026-10-29T09:00:00Z'), objects: OBJECTS }),
  });

describe('runtimes list, and what KServe chooses by itself', () => {
  for (const argv of [
    '',
    '--model-format sklearn',
    '--model-format sklearn -o wide',
    '--model-format sklearn:1',
    '--model-format mlflow',
    '--model-format mlflow --protocol v2',
    '--model-format triton',
    '--model-format any',
    '--protocol V2',
    '--protocol any',
    '--protocol v1',
  ]) {
    it(`answers ${argv}`, async () => {
      const name = argv.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'all';
      assertGolden(`runtimes-list/auto.${name}`, `runtimes list -n team-a ${argv}`, await list(argv));
    });
  }

  it('says the same in JSON', async () => {
    const [table, json] = [await list('--model-format mlflow'), await list('--model-format mlflow -o json')];
    assert.deepEqual([json.code, json.stderr], [table.code, table.stderr]);
  });
});
