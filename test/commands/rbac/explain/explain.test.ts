import assert from 'node:assert/strict';
import { type FakeClusterOptions, fakeCluster } from '../../../support/fake-cluster.ts';
import { assertGolden } from '../../../support/golden.ts';
import { assertReport } from '../../../support/report-schema.ts';
import { runCli } from '../../../support/run-cli.ts';
import { ANA, type Case } from '../check/cases.ts';
import { EXPLAINED, OWN } from './cases.ts';

const PLACES = [
  ...['a', 'b', 'default'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  ...['a', 'b'].map((namespace) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'bot', namespace } })),
];

function define({ name, argv, objects = [], server, code }: Case, user: FakeClusterOptions['user']): void {
  it(`${name}: ${argv}`, async () => {
    const result = await runCli({ argv, cluster: fakeCluster({ objects: [...PLACES, ...objects], user, ...server }) });
    assert.equal(result.code, code, result.stderr);
    assertGolden(`rbac-explain/${name}`, argv, result);
    assertReport(result.stdout, argv);
  });
}

describe('rbac explain', () => {
  for (const one of EXPLAINED) define(one, undefined);

  describe('about oneself', () => {
    for (const one of OWN) define(one, ANA);
  });
});
