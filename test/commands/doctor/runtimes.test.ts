import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';
import { grant } from '../../../tools/rbac-objects.ts';
import { READY } from '../../support/doctor-world.ts';
import { type FakeClusterOptions, fakeCluster } from '../../support/fake-cluster.ts';
import { assertGolden } from '../../support/golden.ts';
import { assertReport } from '../../support/report-schema.ts';
import { runCli } from '../../support/run-cli.ts';

const NOW = new Date('2026-11-29T12:00:00Z');
const GROUP = 'serving.kserve.io';
const spec = (more: object = {}) => ({
  supportedModelFormats: [{ name: 'sklearn', version: '1', autoSelect: true }],
  protocolVersions: ['v1', 'v2'],
  containers: [{ name: 'kserve-container', image: 'example.org/sklearn:1' }],
  ...more,
});
const sr = (name: string, more: object = {}): KubeObject => ({
  apiVersion: `${GROUP}/v1alpha1`,
  kind: 'ServingRuntime',
  metadata: { name, namespace: 'team-a', uid: `sr-${name}`, creationTimestamp: '2026-11-29T10:00:00Z' },
  spec: spec(more),
});
const csr = (name: string, more: object = {}): KubeObject => ({
  apiVersion: `${GROUP}/v1alpha1`,
  kind: 'ClusterServingRuntime',
  metadata: { name, uid: `csr-${name}`, creationTimestamp: '2026-11-29T10:00:00Z' },
  spec: spec(more),
});
const service = (name: string, namespace: string, runtime: string, status: object = {}): KubeObject => ({
  apiVersion: `${GROUP}/v1beta1`,
  kind: 'InferenceService',
  metadata: { name, namespace, uid: `isvc-${name}`, creationTimestamp: '2026-11-29T10:00:00Z' },
  spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, runtime } } },
  status,
});
const namespaces = ['team-a', 'team-b'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
const WORLD: readonly KubeObject[] = [
  ...namespaces,
  csr('sklearn-server'),
  sr('own', { disabled: true, supportedModelFormats: [{ name: 'sklearn', version: '*' }] }),
  sr('sklearn-server', { supportedModelFormats: [{ name: 'xgboost', autoSelect: true }] }),
  sr('odd', { containers: [{ name: 'server' }], supportedModelFormats: [{ name: 'pmml', autoSelect: true }] }),
  service('iris', 'team-a', 'own'),
  service('rose', 'team-b', 'sklearn-server', { ...READY, clusterServingRuntimeName: 'sklearn-server' }),
];

describe('doctor, of runtimes', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const doctor = (argv: string, options: FakeClusterOptions = {}) => {
    const cluster = fakeCluster({ now: () => NOW, ...options, objects: [...WORLD, ...(options.objects ?? [])] });
    return runCli({ argv: `doctor ${argv}`, cluster, now: NOW }).then((result) => ({ ...result, cluster }));
  };
  const report = (text: string) => {
    assertReport(text, '-o json');
    return JSON.parse(text) as {
      readonly runtimes?: readonly { readonly name: string; readonly usedBy?: readonly { readonly name: string }[] }[];
      readonly services: readonly unknown[];
      readonly findings: readonly { readonly code: string; readonly severity: string }[];
      readonly unread: readonly { readonly kind: string }[];
    };
  };

  for (const argv of [
    'servingruntime/own -n team-a',
    'clusterservingruntime/sklearn-server',
    'servingruntime/odd -n team-a',
    'servingruntimes/gone -n team-a',
  ]) {
    const name = argv.split(' ')[0]?.replace('/', '-') ?? '';
    it(`shows ${argv}`, async () => assertGolden(`doctor/${name}`, `doctor ${argv}`, await doctor(argv)));
  }

  it('finds what is wrong, and who uses it', async () => {
    const { code, stdout } = await doctor('servingruntime/own -n team-a -o json');
    const { runtimes, services, findings } = report(stdout);
    assert.deepEqual(
      findings.map((one) => `${one.code} ${one.severity}`),
      ['runtime-disabled error', 'runtime-wildcard-version warning', 'runtime-entry-not-auto-selectable info'],
    );
    assert.deepEqual([code, runtimes?.[0]?.usedBy?.map((user) => user.name), services], [1, ['iris'], []]);
  });

  it('looks for users of a shared runtime in all namespaces, where none of their own hides it', async () => {
    const { stdout } = await doctor('clusterservingruntimes/sklearn-server -o json');
    assert.deepEqual(
      report(stdout).runtimes?.[0]?.usedBy?.map(({ name }) => name),
      ['rose'],
    );
  });

  it('asks for all at once', async () => {
    const { cluster } = await doctor('servingruntime/own -n team-a');
    assert.deepEqual(cluster.requests.map(({ path }) => path.split('/').slice(-1)[0]).toSorted(), [
      'clusterservingruntimes',
      'inferenceservices',
      'own',
      'servingruntimes',
    ]);
  });

  it('looks at runtimes and services together', async () => {
    const { stdout } = await doctor('iris servingruntime/own -n team-a -o json');
    const { runtimes, services, findings } = report(stdout);
    assert.deepEqual([runtimes?.length, services.length], [1, 1]);
    assert.ok(findings.some(({ code }) => code === 'controller-not-running' || code === 'not-ready'));
  });

  it('says what it may not see: permission comes before existence', async () => {
    const refused = await doctor('clusterservingruntime/sklearn-server -n team-a', { user: { name: 'ana' } });
    assert.equal(refused.code, 3);
    assert.match(refused.stderr, /clusterservingruntimes.serving.kserve.io "sklearn-server" is forbidden/);
    const objects = grant('reader', 'ana', { namespace: 'team-a' }, ['get', 'list'], `servingruntimes.${GROUP}`);
    const { code, stdout } = await doctor('servingruntime/odd -n team-a -o json', { user: { name: 'ana' }, objects });
    const { runtimes, unread } = report(stdout);
    assert.deepEqual([code, runtimes?.[0]?.usedBy], [1, undefined]);
    assert.deepEqual(
      unread.map(({ kind }) => kind),
      ['ClusterServingRuntime', 'InferenceService'],
    );
  });

  it('reads them from a dump', async () => {
    const file = join(folder, 'dump.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: WORLD }));
    const { code, stdout, stderr } = await runCli({
      argv: `doctor servingruntime/odd clusterservingruntime/nobody -n team-a -f ${file} --offline`,
    });
    assert.equal(code, 1);
    assert.match(stdout, /ServingRuntime "odd".*serves pmml/);
    assert.match(stderr, /there is no ClusterServingRuntime "nobody" in the files/);
  });

  it('refuses a kind that it does not know', async () => {
    const { code, stderr } = await doctor('pod/x -n team-a');
    assert.equal(code, 2);
    assert.match(stderr, /servingruntime\/NAME or clusterservingruntime\/NAME/);
  });
});
