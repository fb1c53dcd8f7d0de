import assert from 'node:assert/strict';
import { binding, grant } from '../../../../tools/rbac-objects.ts';
import { fakeCluster } from '../../../support/fake-cluster.ts';
import { assertGolden } from '../../../support/golden.ts';
import { assertReport } from '../../../support/report-schema.ts';
import { runCli } from '../../../support/run-cli.ts';
import { A, ANA, BOT, type Case, CSR, KSERVE, reads, SR } from '../check/cases.ts';

const RBAC = 'rbac.authorization.k8s.io';
const PLACES = [
  ...['a', 'b', 'default'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'bot', namespace: 'a' } },
];
const some = [
  ...reads(BOT, A, SR),
  ...grant('csr', BOT, 'cluster', ['list'], CSR),
  ...grant('isvc', 'ana', A, ['*'], `inferenceservices.${KSERVE}`),
];
const lists = grant(
  'rbac',
  'ana',
  'cluster',
  ['list'],
  ...['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'].map((kind) => `${kind}.${RBAC}`),
);

/** Asked by an administrator unless the case says who. */
const CASES: readonly Case[] = [
  { name: 'account', argv: 'rbac matrix --sa a:bot', objects: some, code: 0 },
  { name: 'account-wide', argv: 'rbac matrix --sa a:bot -o wide', objects: some, code: 0 },
  { name: 'account-json', argv: 'rbac matrix --sa a:bot -o json', objects: some, code: 0 },
  { name: 'check-list', argv: 'rbac check --list --sa a:bot', objects: some, code: 0 },
  { name: 'check-list-user', argv: 'rbac check --list --for-user ana -n a -o wide', objects: some, code: 0 },
  { name: 'own', argv: 'rbac matrix -n a', objects: some, server: { user: ANA }, code: 0 },
  {
    name: 'all-namespaces',
    argv: 'rbac matrix --sa a:bot -A',
    objects: [...some, binding('csr-a', A, { kind: 'ClusterRole', name: 'csr' }, BOT)],
    code: 0,
  },
  { name: 'all-kinds', argv: 'rbac matrix --sa a:bot --all-kinds', objects: some, code: 0 },
  { name: 'evaluated', argv: 'rbac matrix --sa a:bot', objects: [...some, ...lists], server: { user: ANA }, code: 0 },
  { name: 'nothing', argv: 'rbac matrix --sa a:bot', objects: some, server: { user: ANA }, code: 3 },
  { name: 'not-installed', argv: 'rbac matrix --sa a:bot', server: { types: [] }, code: 3 },
];

describe('rbac matrix', () => {
  for (const { name, argv, objects = [], server, code } of CASES) {
    it(`${name}: ${argv}`, async () => {
      const result = await runCli({ argv, cluster: fakeCluster({ objects: [...PLACES, ...objects], ...server }) });
      assert.equal(result.code, code, result.stderr);
      assertGolden(`rbac-matrix/${name}`, argv, result);
      assertReport(result.stdout, argv);
    });
  }
});
