import assert from 'node:assert/strict';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import type { KubeObject } from '../../../../src/domain/kubernetes/resource.ts';
import { type FakeClusterOptions, fakeCluster } from '../../../support/fake-cluster.ts';
import { assertGolden } from '../../../support/golden.ts';
import { assertReport } from '../../../support/report-schema.ts';
import { runCli } from '../../../support/run-cli.ts';
import { A, ANA, reads, SR } from '../check/cases.ts';

/** A server whose authorizer answers no to the first `refusals` reviews, whatever its RBAC objects say. */
function stubborn(options: FakeClusterOptions, refusals: number, reason?: string): Cluster {
  const fake = fakeCluster(options);
  let left = refusals;
  const create: Cluster['create'] = async (type, ...rest) => {
    const review = await fake.create(type, ...rest);
    if (!type.plural.endsWith('subjectaccessreviews') || left === 0) return review;
    left -= 1;
    const status = { allowed: false, ...(reason !== undefined && { reason }) };
    return { ...(review as KubeObject), status };
  };
  return { ...fake, create };
}

const objects = reads('ana', A, SR);

interface Case {
  readonly name: string;
  readonly argv: string;
  readonly cluster: Cluster;
}

const CASES: readonly Case[] = [
  {
    name: '57-disagreement',
    argv: 'rbac explain list servingruntimes --for-user ana -n a',
    cluster: stubborn({ objects }, Number.POSITIVE_INFINITY),
  },
  {
    name: '57-disagreement-json',
    argv: 'rbac explain list servingruntimes --for-user ana -n a -o json',
    cluster: stubborn({ objects }, Number.POSITIVE_INFINITY, 'cloud: not in this policy'),
  },
  {
    name: '57-own',
    argv: 'rbac explain list servingruntimes -n a',
    cluster: stubborn({ objects: [...objects], user: ANA }, Number.POSITIVE_INFINITY),
  },
  { name: 'not-propagated', argv: 'rbac explain list servingruntimes --for-user ana -n a', cluster: stubborn({ objects }, 1) },
  { name: 'not-propagated-json', argv: 'rbac explain list servingruntimes --for-user ana -n a -o json', cluster: stubborn({ objects }, 1) },
];

describe('rbac explain where the RBAC objects allow what the server does not', () => {
  for (const { name, argv, cluster } of CASES) {
    it(`${name}: ${argv}`, async () => {
      const result = await runCli({ argv, cluster });
      assert.equal(result.code, 1, result.stderr);
      assertGolden(`rbac-explain/${name}`, argv, result);
      assertReport(result.stdout, argv);
    });
  }

  it('suggests no change of RBAC', async () => {
    for (const refusals of [1, Number.POSITIVE_INFINITY]) {
      const argv = 'rbac explain list servingruntimes --for-user ana -n a -o json';
      const { stdout } = await runCli({ argv, cluster: stubborn({ objects }, refusals) });
      for (const cause of JSON.parse(stdout).causes) assert.deepEqual([cause.edits, cause.fix], [[], undefined]);
    }
  });
});
