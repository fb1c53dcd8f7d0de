// The scenarios of `rbac who-can`, as states of a cluster and command lines; numbers are those of the list that the project was specified by.
import { binding, grant, role } from '../../../../tools/rbac-objects.ts';
import { A, ANA, BOT, type Case, CSR, KSERVE, named, reads, SR } from '../check/cases.ts';

const B = { namespace: 'b' };
const RBAC = 'rbac.authorization.k8s.io';
const some = [...reads('ana', A, SR), ...grant('team', 'group:ml', B, ['list'], SR), ...grant('all', BOT, 'cluster', ['*'], `*.${KSERVE}`)];
const lists = (...kinds: readonly string[]) => grant('rbac', 'ana', 'cluster', ['list'], ...kinds.map((kind) => `${kind}.${RBAC}`));
const omitted = {
  ...binding('omitted', A, { kind: 'Role', name: 'reader' }, BOT),
  subjects: [{ kind: 'ServiceAccount', name: 'helper' }],
};

/** Asked by an administrator unless the case says who. */
export const HOLDERS: readonly Case[] = [
  { name: 'here', argv: 'rbac who-can list servingruntimes -n a', objects: some, code: 0 },
  { name: 'wide', argv: 'rbac who-can list servingruntimes -n a -o wide', objects: some, code: 0 },
  { name: 'name', argv: 'rbac who-can list servingruntimes -n a -o name', objects: some, code: 0 },
  { name: 'json', argv: 'rbac who-can list servingruntimes -n a -o json', objects: some, code: 0 },
  { name: 'anywhere', argv: 'rbac who-can list servingruntimes -A', objects: some, code: 0 },
  {
    name: 'cluster-scoped',
    argv: 'rbac who-can list clusterservingruntimes -n a',
    objects: [...some, ...grant('csr', 'zoe', A, ['list'], CSR)],
    code: 0,
  },
  { name: 'named', argv: 'rbac who-can get servingruntimes/x -n a', objects: named, code: 0 },
  { name: 'another-name', argv: 'rbac who-can get servingruntimes/y -n a', objects: named, code: 1 },
  { name: 'omitted-namespace', argv: 'rbac who-can list servingruntimes -n a', objects: [...reads('ana', A, SR), omitted], code: 0 },
  {
    name: 'subresource',
    argv: 'rbac who-can get isvc --subresource=status -n a',
    objects: [
      role('s', A, [{ verbs: ['get'], apiGroups: [KSERVE], resources: ['*/status'] }]),
      binding('s', A, { kind: 'Role', name: 's' }, 'ana'),
    ],
    code: 0,
  },
  {
    name: 'escalate',
    argv: 'rbac who-can escalate clusterroles',
    objects: grant('e', 'ana', 'cluster', ['escalate'], `clusterroles.${RBAC}`),
    code: 0,
  },
  {
    name: 'impersonate',
    argv: 'rbac who-can impersonate groups',
    objects: grant('i', 'ana', 'cluster', ['impersonate'], 'groups'),
    code: 0,
  },
  {
    name: 'url',
    argv: 'rbac who-can get /metrics',
    objects: [
      role('m', 'cluster', [{ verbs: ['get'], nonResourceURLs: ['/metrics'] }]),
      binding('m', 'cluster', { kind: 'ClusterRole', name: 'm' }, 'ana'),
    ],
    code: 0,
  },
  { name: '56-nobody', argv: 'rbac who-can list servingruntimes -n a', code: 1 },
  { name: '56-nothing-readable', argv: 'rbac who-can list servingruntimes -n a', objects: some, server: { user: ANA }, code: 3 },
  {
    name: '56-partial',
    argv: 'rbac who-can list servingruntimes -n a',
    objects: [...some, ...lists('clusterroles', 'clusterrolebindings')],
    server: { user: ANA },
    code: 4,
  },
  {
    name: '56-partial-elsewhere',
    argv: 'rbac who-can list clusterservingruntimes -n a',
    objects: [...some, ...lists('clusterroles', 'clusterrolebindings')],
    server: { user: ANA },
    code: 0,
  },
  { name: 'two-kinds', argv: 'rbac who-can list servingruntimes,pods -n a', code: 2 },
];
