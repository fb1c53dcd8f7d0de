// The scenarios of `rbac fix`, as states of a cluster and command lines; numbers are those of the list that the project was specified by.
import { binding, grant, role } from '../../../../tools/rbac-objects.ts';
import { A, ANA, BOT, type Case, failure, KSERVE, reads, SR } from '../check/cases.ts';

const reader = role('runtime-reader', 'cluster', [
  { verbs: ['get', 'list', 'watch'], apiGroups: [KSERVE], resources: ['servingruntimes'] },
]);
const view = { kind: 'ClusterRole', name: 'runtime-reader' } as const;
const LAST = 'kubectl.kubernetes.io/last-applied-configuration';
/** As kubectl applied it. */
const appliedReader = reads('ana', A, SR).map((object) => {
  const { apiVersion, kind, metadata, ...rest } = object;
  const applied = JSON.stringify({ apiVersion, kind, metadata: { annotations: {}, ...metadata }, ...rest });
  return { ...object, metadata: { ...metadata, annotations: { [LAST]: applied } } };
});
const onlyRuntimes = (decision: object) => ({
  name: 'cloud',
  decide: (_: unknown, request: object) => ('resource' in request && request.resource === 'servingruntimes' ? decision : undefined),
});

/** Asked by an administrator unless the case says who. */
export const FIXED: readonly Case[] = [
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
  { name: 'nothing-own', argv: 'rbac fix list servingruntimes -n a', objects: reads('ana', A, SR), server: { user: ANA }, code: 0 },
  {
    name: 'nothing-applied',
    argv: 'rbac fix list servingruntimes -n a',
    objects: [...appliedReader, ...grant('sees', 'ana', A, ['get'], 'rolebindings.rbac.authorization.k8s.io')],
    server: { user: ANA },
    code: 0,
  },
  {
    name: 'nothing-commands',
    argv: 'rbac fix list servingruntimes --for-user ana -n a -o commands',
    objects: reads('ana', A, SR),
    code: 0,
  },
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
