import assert from 'node:assert/strict';
import { binding, grant, role } from '../../../../tools/rbac-objects.ts';
import { type FakeClusterOptions, fakeCluster } from '../../../support/fake-cluster.ts';
import { assertGolden } from '../../../support/golden.ts';
import { assertReport } from '../../../support/report-schema.ts';
import { runCli } from '../../../support/run-cli.ts';
import { A, ANA, BOT, type Case, failure, KSERVE, reads, SR } from '../check/cases.ts';

const PLACES = ['a', 'b', 'default'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
const reader = role('view', 'cluster', [{ verbs: ['get', 'list', 'watch'], apiGroups: [KSERVE], resources: ['servingruntimes'] }]);
const view = { kind: 'ClusterRole', name: 'view' } as const;
const onlyRuntimes = (decision: object) => ({
  name: 'cloud',
  decide: (_: unknown, request: object) => ('resource' in request && request.resource === 'servingruntimes' ? decision : undefined),
});

/** Asked by an administrator unless the case says who. */
const CASES: readonly Case[] = [
  { name: 'new-role', argv: 'rbac fix list servingruntimes --for-user ana -n a', code: 0 },
  { name: 'new-role-commands', argv: 'rbac fix list,get servingruntimes --for-user ana -n a -o commands', code: 0 },
  { name: 'cluster-scope', argv: 'rbac fix list clusterservingruntimes --sa a:bot', code: 0 },
  { name: 'verb', argv: 'rbac fix watch servingruntimes --for-user ana -n a', objects: grant('r', 'ana', A, ['get', 'list'], SR), code: 0 },
  {
    name: 'shared-role',
    argv: 'rbac fix watch servingruntimes --for-user ana -n a',
    objects: grant('r', 'group:ml', A, ['get', 'list'], SR),
    code: 0,
  },
  {
    name: 'wrong-namespace',
    argv: 'rbac fix list servingruntimes --sa a:bot -n a',
    objects: [reader, binding('catalogue', { namespace: 'b' }, view, BOT)],
    code: 0,
  },
  {
    name: 'wrong-namespace-second',
    argv: 'rbac fix list servingruntimes --sa a:bot -n a --alternative 2',
    objects: [reader, binding('catalogue', { namespace: 'b' }, view, BOT)],
    code: 0,
  },
  { name: 'no-such-alternative', argv: 'rbac fix list servingruntimes --sa a:bot -n a --alternative 7', code: 2 },
  { name: 'to-group', argv: 'rbac fix list servingruntimes --for-user ana --for-group ml --subject-group ml -n a', code: 0 },
  { name: 'to-foreign-group', argv: 'rbac fix list servingruntimes --for-user ana --subject-group ml -n a', code: 2 },
  {
    name: 'json',
    argv: 'rbac fix list servingruntimes --sa a:bot -n a -o json',
    objects: [reader, binding('catalogue', { namespace: 'b' }, view, BOT)],
    code: 0,
  },
  { name: 'nothing', argv: 'rbac fix list servingruntimes --for-user ana -n a', objects: reads('ana', A, SR), code: 0 },
  { name: 'nothing-json', argv: 'rbac fix list servingruntimes --for-user ana -n a -o json', objects: reads('ana', A, SR), code: 0 },
  { name: 'task', argv: 'rbac fix --for runtimes --for-user ana -n a', code: 0 },
  { name: 'own-unread', argv: 'rbac fix list servingruntimes -n a', server: { user: ANA }, code: 0 },
  {
    name: '39-denied',
    argv: 'rbac fix list servingruntimes -n a',
    server: { user: ANA, webhook: onlyRuntimes({ denied: true, reason: 'freeze until Monday' }) },
    code: 1,
  },
  {
    name: 'unknown',
    argv: 'rbac fix list servingruntimes -n a',
    server: { user: ANA, failures: [failure(500, 'InternalError', 'boom', { resource: 'selfsubjectaccessreviews' })] },
    code: 3,
  },
];

async function run({ argv, objects = [], server }: Case, user?: FakeClusterOptions['user']) {
  return runCli({ argv, cluster: fakeCluster({ objects: [...PLACES, ...objects], user, ...server }) });
}

describe('rbac fix', () => {
  for (const one of CASES) {
    it(`${one.name}: ${one.argv}`, async () => {
      const result = await run(one);
      assert.equal(result.code, one.code, result.stderr);
      assertGolden(`rbac-fix/${one.name}`, one.argv, result);
      assertReport(result.stdout, one.argv);
    });
  }

  it('takes no name of a role for an option of kubectl', async () => {
    const name = '--server=evil.example';
    const objects = grant(name, 'ana', A, ['get', 'list'], SR);
    const { stdout } = await run({ name, argv: 'rbac fix watch servingruntimes --for-user ana -n a -o commands', objects, code: 0 });
    assert.match(stdout, /^kubectl patch role\/--server=evil\.example -n a --type=json /);
  });
});
