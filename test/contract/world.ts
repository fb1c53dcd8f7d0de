import type { KubeObject, ResourceType } from '../../src/domain/kubernetes/resource.ts';
import type { PodLog } from '../../tools/api-server/pod-log.ts';
import { KSERVE_TYPES, type ServedType } from '../../tools/api-server/types.ts';
import { binding, grant, role } from '../../tools/rbac-objects.ts';

const KSERVE = 'serving.kserve.io';

export const SERVING_RUNTIME: ResourceType = type('servingruntimes', 'ServingRuntime', true);
export const CLUSTER_SERVING_RUNTIME: ResourceType = type('clusterservingruntimes', 'ClusterServingRuntime', false);
/** Of a served group version, and not served. */
export const UNSERVED: ResourceType = type('frobs', 'Frob', true);
export const UNSERVED_GROUP: ResourceType = { ...UNSERVED, group: 'frobs.example.com' };

/** The kinds of the CRDs that the real server of the tests has. */
export const FIXTURE_TYPES: readonly ServedType[] = KSERVE_TYPES.filter(({ plural }) =>
  ['servingruntimes', 'clusterservingruntimes', 'inferenceservices'].includes(plural),
);

/** Who asks, beside `admin`. */
export const USERS = {
  /** May read runtimes in the namespace a, and holds a RoleBinding there for the cluster-scoped kind. */
  ana: { name: 'contract-ana', groups: ['contract-ml'] },
  /** Holds a binding to a role that is not there. */
  bob: { name: 'contract-bob', groups: [] },
  /** May ask for others. */
  delegate: { name: 'contract-delegate', groups: [] },
  /** May act as `contract-zoe`. */
  actor: { name: 'contract-actor', groups: [] },
  /** May ask access reviews as the ServiceAccount `bot` of the namespace b, and do nothing else as it. */
  keeper: { name: 'contract-keeper', groups: [] },
  /** May do nothing; a name that must be escaped. */
  nobody: { name: 'contract-<n>&"b"', groups: [] },
} as const;

export type UserName = keyof typeof USERS;

export interface Place {
  /** With runtimes. */
  readonly a: string;
  /** Without any. */
  readonly b: string;
}

/** A Pod whose container has been restarted; on servers that run no Pods it is not there. */
export const LOGGED = 'logged';

export function loggedPod({ a }: Place): KubeObject {
  const containers = ['server', 'sidecar'].map((name) => ({ name, image: 'x' }));
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: LOGGED, namespace: a }, spec: { nodeName: 'n', containers } };
}

export function podLogs({ a }: Place): readonly PodLog[] {
  const of = { namespace: a, pod: LOGGED, container: 'server' };
  return [
    { ...of, text: 'one\ntwo <&>\nthree\n' },
    { ...of, previous: true, text: 'before\n' },
  ];
}

export const LABEL = 'contract.example.com/world';
const SELF_REVIEWS = 'selfsubjectaccessreviews.authorization.k8s.io';
const RUNTIMES = ['alpha', 'beta', 'delta', 'gamma', 'omega'];

export function runtimeNames(): readonly string[] {
  return RUNTIMES;
}

/** All objects that the cases expect; labelled, since others may be on the same server. */
export function worldObjects({ a, b }: Place): readonly KubeObject[] {
  const ana = USERS.ana.name;
  const runtimes = ['servingruntimes', KSERVE].join('.');
  const clusterRuntimes = ['clusterservingruntimes', KSERVE].join('.');
  const clusterReader = [{ verbs: ['list'], apiGroups: [KSERVE], resources: ['clusterservingruntimes'] }];
  return [
    ...RUNTIMES.map((name, at) => runtime('ServingRuntime', { name, namespace: a }, { tier: at % 2 === 0 ? 'even' : 'odd' })),
    ...['contract-one', 'contract-two'].map((name) => runtime('ClusterServingRuntime', { name }, {})),
    ...grant('runtime-reader', ana, { namespace: a }, ['get', 'list'], runtimes),
    role('contract-cluster-reader', 'cluster', clusterReader),
    binding('trap', { namespace: a }, { kind: 'ClusterRole', name: 'contract-cluster-reader' }, ana),
    binding('dangling', { namespace: a }, { kind: 'ClusterRole', name: 'contract-nowhere' }, USERS.bob.name),
    ...grant('dangling-one', USERS.bob.name, { namespace: b }, ['list'], clusterRuntimes),
    ...grant('contract-sar', USERS.delegate.name, 'cluster', ['create'], 'subjectaccessreviews.authorization.k8s.io'),
    ...grant('lsar', USERS.delegate.name, { namespace: a }, ['create'], 'localsubjectaccessreviews.authorization.k8s.io'),
    ...grant('contract-keeper', USERS.keeper.name, 'cluster', ['impersonate-on:serviceaccount:create'], SELF_REVIEWS),
    ...grant('keeper', USERS.keeper.name, { namespace: b }, ['impersonate:serviceaccount'], 'serviceaccounts.authentication.k8s.io'),
    // The last of the cluster's bindings, and below of a namespace's: what `untilBound` waits for.
    ...grant('contract-zoe-actor', USERS.actor.name, 'cluster', ['impersonate'], 'users'),
    ...grant('bot-reader', `system:serviceaccount:${b}:bot`, { namespace: a }, ['list'], runtimes),
    ...grant('sa-reader', `group:system:serviceaccounts:${b}`, { namespace: a }, ['get'], runtimes),
  ];
}

function runtime(kind: string, metadata: { name: string; namespace?: string }, labels: Record<string, string>): KubeObject {
  const spec = { supportedModelFormats: [{ name: 'sklearn', version: '1' }], containers: [{ name: 'kserve-container', image: 'x' }] };
  return { apiVersion: `${KSERVE}/v1alpha1`, kind, metadata: { ...metadata, labels: { [LABEL]: 'yes', ...labels } }, spec };
}

function type(plural: string, kind: string, namespaced: boolean): ResourceType {
  return { group: KSERVE, version: 'v1alpha1', plural, kind, namespaced };
}
