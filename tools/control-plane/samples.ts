import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { fixtureObjects, kserveObjects } from '../fixtures.ts';
import type { ControlPlane } from './control-plane.ts';

/** A user of the sample cluster, and what the sample roles let that user do. */
export interface SampleUser {
  readonly name: string;
  readonly may: string;
}

/**
 * Fills a server for a person to try: namespaces `team-a`, `team-b` and `ml`, runtimes in both scopes, and users with different rights.
 * The ServiceAccount `app` in `ml` is the one of the README.
 */
export async function loadSamples(plane: ControlPlane): Promise<readonly SampleUser[]> {
  await plane.admin.apply(namespace('team-a'), namespace('team-b'), namespace('ml'));
  const account = await plane.addServiceAccount('ml', 'app');
  await plane.admin.apply(...sampleRuntimes(), ...roles());
  return [
    { name: 'admin', may: 'everything' },
    { name: 'bob', may: 'read runtimes and InferenceServices everywhere' },
    { name: 'ana', may: 'read servingruntimes and inferenceservices in team-a (a Role): no clusterservingruntimes' },
    {
      name: account.name,
      may: 'read servingruntimes in ml; its RoleBinding names clusterservingruntimes too, but cannot grant them',
    },
    { name: 'ci', may: 'read clusterservingruntimes and nothing else' },
    { name: 'nobody', may: 'nothing' },
  ];
}

/** The cluster-scoped ones of KServe's release, and our namespaced ones. */
function sampleRuntimes(): KubeObject[] {
  const released = kserveObjects('cluster-resources-v0.20.0').filter(({ kind }) => kind === 'ClusterServingRuntime');
  return [...released, ...fixtureObjects('runtimes').filter(({ kind }) => kind === 'ServingRuntime')];
}

const READ = ['get', 'list', 'watch'];

function roles(): object[] {
  const everything = ['servingruntimes', 'clusterservingruntimes', 'inferenceservices'];
  return [
    role('ClusterRole', { name: 'kserve-reader' }, everything),
    role('ClusterRole', { name: 'cluster-runtimes' }, ['clusterservingruntimes']),
    role('ClusterRole', { name: 'runtime-reader' }, ['servingruntimes', 'clusterservingruntimes']),
    role('Role', { name: 'kserve-reader', namespace: 'team-a' }, ['servingruntimes', 'inferenceservices']),
    binding('ClusterRoleBinding', { name: 'kserve-reader-bob' }, 'ClusterRole/kserve-reader', user('bob')),
    binding('ClusterRoleBinding', { name: 'cluster-runtimes-ci' }, 'ClusterRole/cluster-runtimes', user('ci')),
    binding('RoleBinding', { name: 'kserve-reader-ana', namespace: 'team-a' }, 'Role/kserve-reader', user('ana')),
    binding('RoleBinding', { name: 'app-reads-runtimes', namespace: 'ml' }, 'ClusterRole/runtime-reader', {
      kind: 'ServiceAccount',
      name: 'app',
      namespace: 'ml',
    }),
  ];
}

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
}

function namespace(name: string): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

function role(kind: 'Role' | 'ClusterRole', metadata: Metadata, resources: readonly string[]): object {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata,
    rules: [{ apiGroups: ['serving.kserve.io'], resources, verbs: READ }],
  };
}

function user(name: string): object {
  return { kind: 'User', name, apiGroup: 'rbac.authorization.k8s.io' };
}

function binding(kind: 'RoleBinding' | 'ClusterRoleBinding', metadata: Metadata, roleRef: string, subject: object): object {
  const [roleKind, name] = roleRef.split('/');
  const reference = { apiGroup: 'rbac.authorization.k8s.io', kind: roleKind, name };
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata, roleRef: reference, subjects: [subject] };
}
