import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { ClusterError } from '../../src/errors.ts';
import { customType, KSERVE_TYPES } from '../../tools/api-server/types.ts';
import { fixtureObjects } from '../../tools/fixtures.ts';
import { grant } from '../../tools/rbac-objects.ts';
import { type FakeClusterOptions, fakeCluster } from './fake-cluster.ts';
import { type CliResult, runCli } from './run-cli.ts';

/** When all objects were made: three days and three hours before the tests' clock. */
const CREATED = new Date('2026-10-29T09:00:00Z');

export const NAMESPACE: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } };
const SR = 'servingruntimes.serving.kserve.io';
const CSR = 'clusterservingruntimes.serving.kserve.io';

const ANA = { name: 'ana' };

/** What the server is like in one row of the table of `runtimes list`. */
export interface ListCase {
  readonly name: string;
  readonly server: FakeClusterOptions;
  readonly argv?: string;
}

function failing(...failures: readonly (readonly [string | undefined, ClusterError, number?])[]): FakeClusterOptions {
  return {
    objects: all(),
    failures: failures.map(([resource, error, page]) => ({
      on: { ...(resource !== undefined && { verb: 'list', resource }), ...(page !== undefined && { page }) },
      error,
    })),
  };
}

function all(): KubeObject[] {
  return [NAMESPACE, ...fixtureObjects('runtimes')];
}

function withGrants(...grants: readonly KubeObject[][]): FakeClusterOptions {
  return { objects: [...all(), ...grants.flat()], user: ANA };
}

export const MAY_LIST_NAMESPACED = grant('sr-reader', 'ana', { namespace: 'team-a' }, ['list'], SR);
export const MAY_LIST_CLUSTER = grant('csr-reader', 'ana', 'cluster', ['list'], CSR);
const MAY_NOT_DISCOVER = {
  on: { path: '/apis' },
  error: new ClusterError('Forbidden', 'forbidden: User "ana" cannot get path "/apis"', { code: 403, details: {}, fromStatus: true }),
};
const WITHOUT_CLUSTER_KIND = KSERVE_TYPES.filter(({ kind }) => kind !== 'ClusterServingRuntime');
const WITHOUT_RUNTIMES = KSERVE_TYPES.filter(({ kind }) => !kind.endsWith('ServingRuntime'));
const KFSERVING = [customType('serving.kubeflow.org', 'v1beta1', 'inferenceservices', 'InferenceService')];

function namespacedOnly(): KubeObject[] {
  return all().filter(({ kind }) => kind !== 'ClusterServingRuntime');
}

const EXPIRED_TOKEN = new ClusterError('Unauthorized', 'Unauthorized', {
  code: 401,
  fromStatus: true,
  hint: 'The server did not accept the token of user "ana". Has it expired? Log in again, or choose another --context or --user.',
});
const REFUSED = new ClusterError(
  'ConnectionRefused',
  'The connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?',
  { hint: 'Is the cluster running? The server comes from cluster "test" of context "test".' },
);
const TIMED_OUT = new ClusterError('RequestTimedOut', 'net/http: request canceled while waiting for the answer of https://10.0.0.1:6443');
const UNTRUSTED = new ClusterError(
  'CertificateUntrusted',
  'tls: failed to verify certificate: x509: certificate signed by unknown authority',
  {
    hint: 'The plugin trusts only certificates from certificate-authority of cluster "test".',
  },
);
const GATEWAY = new ClusterError('Forbidden', '<html>RBAC: access denied</html>', { code: 403 });
const BROKEN = new ClusterError('InternalError', 'etcdserver: leader changed', { code: 500, fromStatus: true });
const NO_PATH = new ClusterError('NotFound', 'the server could not find the requested resource', { code: 404 });
const GONE = new ClusterError('ConnectionLost', 'the connection to https://10.0.0.1:6443 was closed by the server');

/** A server for each row of the table; all are asked for the namespace `team-a`. */
export const LIST_CASES: readonly ListCase[] = [
  { name: 'both-listed', server: { objects: all() } },
  { name: 'both-empty', server: { objects: [NAMESPACE] } },
  { name: 'both-empty-namespace-unverified', server: { objects: [...MAY_LIST_NAMESPACED, ...MAY_LIST_CLUSTER], user: ANA } },
  { name: 'both-empty-namespace-absent', server: { objects: [] } },
  { name: 'all-filtered-out', server: { objects: all() }, argv: '--model-format=Sklearn' },
  { name: 'cluster-forbidden', server: withGrants(MAY_LIST_NAMESPACED) },
  { name: 'cluster-forbidden-namespace-empty', server: { objects: [NAMESPACE, ...MAY_LIST_NAMESPACED], user: ANA } },
  { name: 'namespaced-forbidden', server: withGrants(MAY_LIST_CLUSTER) },
  { name: 'both-forbidden', server: withGrants() },
  { name: 'both-forbidden-without-discovery', server: { ...withGrants(), failures: [MAY_NOT_DISCOVER] } },
  { name: 'all-namespaces-forbidden', server: withGrants(MAY_LIST_NAMESPACED), argv: '-A' },
  { name: 'anonymous', server: { objects: all(), user: 'anonymous' } },
  { name: 'cluster-kind-absent', server: { objects: namespacedOnly(), types: WITHOUT_CLUSTER_KIND } },
  { name: 'cluster-kind-absent-and-alone', server: { objects: namespacedOnly(), types: WITHOUT_CLUSTER_KIND }, argv: '--scope=cluster' },
  {
    name: 'cluster-kind-absent-and-forbidden',
    server: { objects: [...namespacedOnly(), ...MAY_LIST_NAMESPACED], types: WITHOUT_CLUSTER_KIND, user: ANA },
  },
  { name: 'runtime-kinds-absent', server: { types: WITHOUT_RUNTIMES } },
  { name: 'not-installed', server: { types: [] } },
  { name: 'not-installed-and-forbidden', server: { types: [], user: ANA } },
  { name: 'not-installed-without-discovery', server: { types: [], failures: [MAY_NOT_DISCOVER] } },
  { name: 'legacy', server: { types: KFSERVING } },
  { name: 'unauthorized', server: failing([undefined, EXPIRED_TOKEN]) },
  { name: 'unreachable', server: failing([undefined, REFUSED]) },
  { name: 'timeout', server: failing([undefined, TIMED_OUT]) },
  { name: 'tls', server: failing([undefined, UNTRUSTED]) },
  { name: 'gateway', server: failing([undefined, GATEWAY]) },
  { name: 'both-broken', server: failing(['servingruntimes', BROKEN], ['clusterservingruntimes', GONE]) },
  { name: 'cluster-broken', server: failing(['clusterservingruntimes', BROKEN]) },
  { name: 'cluster-not-found-though-installed', server: failing(['clusterservingruntimes', NO_PATH]) },
  {
    name: 'cluster-not-found-without-discovery',
    server: {
      ...failing(['clusterservingruntimes', NO_PATH]),
      failures: [...(failing(['clusterservingruntimes', NO_PATH]).failures ?? []), MAY_NOT_DISCOVER],
    },
  },
  { name: 'second-page-fails', server: failing(['clusterservingruntimes', GONE, 2]), argv: '--chunk-size=3' },
];

/** Runs `runtimes list` against the server of a case. */
export function runCase({ server, argv = '' }: ListCase, words: string): Promise<CliResult> {
  const cluster = fakeCluster({ now: () => CREATED, ...server });
  return runCli({ argv: `runtimes list -n team-a ${argv} ${words}`, cluster });
}
