import assert from 'node:assert/strict';
import { fakeCluster } from '../../../support/fake-cluster.ts';
import { assertGolden } from '../../../support/golden.ts';
import { assertReport } from '../../../support/report-schema.ts';
import { runCli } from '../../../support/run-cli.ts';
import { HOLDERS } from './cases.ts';

const PLACES = ['a', 'b', 'default'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));

describe('rbac who-can', () => {
  for (const { name, argv, objects = [], server, code } of HOLDERS) {
    it(`${name}: ${argv}`, async () => {
      const result = await runCli({ argv, cluster: fakeCluster({ objects: [...PLACES, ...objects], ...server }) });
      assert.equal(result.code, code, result.stderr);
      assertGolden(`rbac-who-can/${name}`, argv, result);
      assertReport(result.stdout, argv);
    });
  }
});
