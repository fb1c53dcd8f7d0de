import assert from 'node:assert/strict';
import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';
import { ClusterError } from '../../../src/errors.ts';
import { type FakeClusterOptions, fakeCluster } from '../../support/fake-cluster.ts';
import { assertGolden } from '../../support/golden.ts';
import { recordedFailures } from '../../support/recorded-failures.ts';
import { assertReport } from '../../support/report-schema.ts';
import { runCli } from '../../support/run-cli.ts';

const { cluster: shared, failures } = recordedFailures();
const NOW = new Date(
  Math.max(...failures.flatMap(({ objects }) => objects).map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? '0'))) + 600_000,
);
const HOLDS = new Set(['Namespace', 'Node', 'InferenceService', 'ClusterServingRuntime', 'Pod', 'Deployment', 'Event', 'ConfigMap']);

const controller = (availableReplicas: number, tag = 'v0.20.0'): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'kserve-controller-manager', namespace: 'kserve' },
  spec: { replicas: 1, template: { spec: { containers: [{ name: 'manager', image: `kserve/kserve-controller:${tag}` }] } } },
  status: { availableReplicas },
});
const config = (data: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'inferenceservice-config', namespace: 'kserve' },
  data,
});

const reader: KubeObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'sees-runtimes' },
  rules: [{ apiGroups: ['serving.kserve.io'], resources: ['clusterservingruntimes'], verbs: ['get', 'list', 'watch'] }],
};

describe('doctor without names', () => {
  const objects = [...shared, ...failures.filter(({ name }) => /^(01|19|36)/.test(name)).flatMap((failure) => failure.objects)].filter(
    ({ kind }) => HOLDS.has(kind ?? ''),
  );
  const doctor = (argv: string, options: FakeClusterOptions = {}) =>
    runCli({
      argv: `doctor ${argv}`,
      now: NOW,
      cluster: fakeCluster({ now: () => NOW, ...options, objects: [...objects, controller(1), reader, ...(options.objects ?? [])] }),
    });

  it('shows KServe and every service, the worst first', async () => assertGolden('doctor/all', 'doctor -A', await doctor('-A')));
  it('says once what may not be seen, and never takes it for healthy', async () => {
    const result = await doctor('-n team-a', { user: { name: 'ana' } });
    assert.equal(result.code, 3);
    assertGolden('doctor/all-refused', 'doctor -n team-a', result);
  });
  it('fits the schema', async () => assertReport((await doctor('-A -o json')).stdout, '-o json'));
  it('says that KServe is not installed', async () => {
    const { code, stdout } = await runCli({ argv: 'doctor -o json', now: NOW, cluster: fakeCluster({ types: [] }) });
    const { findings } = JSON.parse(stdout) as { findings: { code: string; object: { name: string } }[] };
    assert.deepEqual(
      findings.map(({ code: word, object }) => `${word} ${object.name}`),
      ['crd-missing inferenceservices.serving.kserve.io', 'crd-missing servingruntimes.serving.kserve.io'],
    );
    assert.equal(code, 1);
  });
});

describe('doctor without names, in JUnit', () => {
  const junit = (options: FakeClusterOptions) => runCli({ argv: 'doctor -n team-a -o junit', now: NOW, cluster: fakeCluster(options) });

  it('fails for what is wrong with KServe itself', async () => {
    const { code, stdout } = await junit({ types: [] });
    assert.equal(code, 1);
    assert.equal(stdout.match(/<failure type="crd-missing"/g)?.length, 2);
  });

  it('fails for a namespace that does not exist', async () => {
    const { code, stdout } = await junit({ objects: [controller(1)] });
    assert.equal(code, 1);
    assert.match(stdout, /<failure type="not-found" message="namespaces &quot;team-a&quot; not found"/);
  });

  it('is not empty where services could not be read', async () => {
    const failures = [
      {
        on: { resource: 'inferenceservices' },
        error: new ClusterError('Forbidden', 'no <lists>', { code: 403, fromStatus: true }),
      },
    ];
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } };
    const { code, stdout } = await junit({ objects: [controller(1), config({}), namespace], failures });
    assert.equal(code, 4);
    assert.match(
      stdout,
      /<testcase name="InferenceServices" classname="not-read" time="0">\n +<error type="not-read" message="[^"]*of namespace team-a[^"]*no &lt;lists&gt;/,
    );
  });
});
