import assert from 'node:assert/strict';
import { grant } from '../../../../tools/rbac-objects.ts';
import { type FakeClusterOptions, fakeCluster } from '../../../support/fake-cluster.ts';
import { assertGolden } from '../../../support/golden.ts';
import { assertReport } from '../../../support/report-schema.ts';
import { runCli } from '../../../support/run-cli.ts';
import { A, type Case, SR } from '../check/cases.ts';
import { FIXED } from './cases.ts';

const PLACES = [
  ...['a', 'b', 'default'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  ...['a', 'b'].map((namespace) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'bot', namespace } })),
];

async function run({ argv, objects = [], server }: Case, user?: FakeClusterOptions['user']) {
  return runCli({ argv, cluster: fakeCluster({ objects: [...PLACES, ...objects], user, ...server }) });
}

describe('rbac fix', () => {
  for (const one of FIXED) {
    it(`${one.name}: ${one.argv}`, async () => {
      const result = await run(one);
      assert.equal(result.code, one.code, result.stderr);
      assertGolden(`rbac-fix/${one.name}`, one.argv, result);
      assertReport(result.stdout, one.argv);
    });
  }

  for (const words of [
    '--for deploy',
    '--for debug',
    'list,get servingruntimes,clusterservingruntimes',
    'get /metrics',
    'frob pods --allow-unknown',
  ]) {
    it(`creates, where nothing is there, what rbac check suggests: ${words}`, async () => {
      const asked = `${words} --for-user ana -n a -o json`;
      const [check, fix] = await Promise.all([
        run({ name: '', argv: `rbac check ${asked}`, code: 1 }),
        run({ name: '', argv: `rbac fix ${asked}`, code: 0 }),
      ]);
      const { grant, grantCommands } = JSON.parse(check.stdout);
      const { alternatives, chosen } = JSON.parse(fix.stdout);
      const { objects, commands } = alternatives[chosen - 1];
      assert.deepEqual(objects, grant.items);
      assert.deepEqual(commands, grantCommands);
    });
  }

  it('takes no name of a role for an option of kubectl', async () => {
    const name = '--server=evil.example';
    const objects = grant(name, 'ana', A, ['get', 'list'], SR);
    const { stdout } = await run({ name, argv: 'rbac fix watch servingruntimes --for-user ana -n a -o commands', objects, code: 0 });
    assert.match(stdout, /^kubectl patch role\/--server=evil\.example -n a --type=json /);
  });
});
