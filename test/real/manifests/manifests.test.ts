import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAll } from 'js-yaml';
import type { Connection } from '../../../src/cluster/cluster.ts';
import { creationRefusals } from '../../../src/domain/kserve/admission/admission.ts';
import { shippedSchema } from '../../../src/domain/kserve/crd-schemas.ts';
import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';
import type { Kserve } from '../../../tools/control-plane/kserve/kserve.ts';
import { kserveObjects } from '../../../tools/fixtures.ts';
import { grant } from '../../../tools/rbac-objects.ts';
import { connectReal } from '../../support/connect-real.ts';
import { describeKserve } from '../../support/describe-real.ts';
import { random } from '../../support/random.ts';
import { untilAuthorizerSaw } from '../../support/rbac-barrier.ts';
import { assertReport } from '../../support/report-schema.ts';
import { runCli } from '../../support/run-cli.ts';
import { mutate } from './mutate.ts';

const TIMEOUT_MS = 300_000;
const FOLDER = fileURLToPath(new URL('../../fixtures/manifests/', import.meta.url));
const FILES = ['services', 'runtimes', 'other-kinds', 'wrong-fields', 'wrong-for-kserve', 'llm'];
const KINDS = [
  'inferenceservices',
  'servingruntimes',
  'clusterservingruntimes',
  'inferencegraphs',
  'trainedmodels',
  'llminferenceservices',
];
/** Refused for a runtime that the cluster has: without it nobody knows. */
const BY_CLUSTER = ['copy-of-another'];
const MUTATIONS = 300;
const SEED = 20_261_129;

interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly object: { readonly name: string };
  readonly source?: { readonly line: number };
}

interface Report {
  readonly findings: readonly Finding[];
  readonly manifests: readonly { readonly name: string; readonly dryRun: string }[];
}

describeKserve('doctor -f, beside kubectl apply where KServe runs', (kserve) => {
  let namespace: string;
  let admin: Connection;
  before(async function () {
    this.timeout(TIMEOUT_MS);
    namespace = await kserve().createNamespace('manifests');
    admin = await connectReal(kserve(), 'admin');
  });
  after(() => admin.close());

  for (const file of [...FILES, 'slips']) {
    it(`refuses what kubectl apply is refused, and nothing else, in ${file}.yaml`, async function () {
      this.timeout(TIMEOUT_MS);
      const path = `${FOLDER}${file}.yaml`;
      const refused = await refusedByKubectl(kserve(), path, namespace);
      const before = await stored(kserve());
      const online = await doctor(path, '', admin, namespace);
      assert.deepEqual(await stored(kserve()), before, 'a dry run changes nothing');
      assert.deepEqual(invalid(online), refused);
      assert.deepEqual(
        online.manifests.filter(({ dryRun }) => dryRun === 'untried'),
        [],
      );
      const offline = await doctor(path, '--offline');
      assert.deepEqual(
        invalid(offline),
        refused.filter((name) => !BY_CLUSTER.includes(name)),
      );
    });
  }

  it('says the same to somebody who may only read, by the schemas of the cluster', async function () {
    this.timeout(TIMEOUT_MS);
    const reader = await kserve().addUser('reads-manifests');
    await kserve().admin.apply(
      ...grant('reads-manifests', 'reads-manifests', { namespace }, ['list'], 'servingruntimes.serving.kserve.io'),
    );
    await untilAuthorizerSaw(kserve().admin, namespace);
    const connection = await connectReal(kserve(), reader);
    try {
      for (const file of FILES) {
        const path = `${FOLDER}${file}.yaml`;
        const { findings, manifests } = await doctor(path, '', connection, namespace);
        assert.ok(
          manifests.every(({ dryRun }) => dryRun === 'untried'),
          JSON.stringify(manifests),
        );
        const refused = (await refusedByKubectl(kserve(), path, namespace)).filter((name) => !BY_CLUSTER.includes(name));
        assert.deepEqual(invalid({ findings, manifests }), refused);
      }
    } finally {
      connection.close();
    }
  });

  it('finds no error in the runtimes of KServe and of OpenShift AI', async function () {
    this.timeout(TIMEOUT_MS);
    const fixtures = fileURLToPath(new URL('../../../tools/fixtures/kserve/', import.meta.url));
    const newest = join(kserve().folder, 'runtimes-of-kserve.json');
    const runtimes = kserveObjects('cluster-resources-v0.20.0').filter(({ kind }) => kind === 'ClusterServingRuntime');
    assert.equal(runtimes.length, 14);
    writeFileSync(newest, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: runtimes }));
    const files = ['openvino.yaml', 'openshift-ai-templates.yaml', 'cluster-resources-v0.15.0.yaml'].map((file) => `${fixtures}${file}`);
    for (const path of [newest, ...files]) {
      for (const report of [await doctor(path, '--offline'), await doctor(path, '', admin, namespace)]) {
        const errors = report.findings.filter(({ severity }) => severity === 'error');
        assert.deepEqual(errors, [], path);
      }
    }
  });

  it(`agrees with the servers on ${MUTATIONS} manifests with something changed`, async function () {
    this.timeout(TIMEOUT_MS);
    const source = random(SEED);
    // KServe's webhooks of graphs and models do not run here.
    const bases = documents(['services', 'runtimes', 'other-kinds']).filter(
      ({ kind }) => !/^(?:LLM|InferenceGraph|TrainedModel)/.test(kind ?? ''),
    );
    const changed = Array.from({ length: MUTATIONS }, () => {
      const once = mutate(source.pick(bases), source);
      return (source.chance(30) ? mutate(once, source) : once) as KubeObject;
    });
    const differing: string[] = [];
    for (const object of changed) {
      const { status, body } = await create(kserve(), object, namespace);
      const own = refusalsOf(object);
      if (status < 300 === (own.length === 0)) continue;
      differing.push(`${JSON.stringify(object)}\n  server: ${status} ${body.message}\n  own: ${own.join('\n    ')}`);
    }
    assert.equal(differing.join('\n'), '');
  });
});

/** What the API server says of an object, without kubectl: hundreds of processes would take minutes. */
function create({ admin }: Kserve, object: KubeObject, namespace: string) {
  const plural = `${object.kind?.toLowerCase()}s`;
  const place = object.kind?.startsWith('Cluster') === true ? '' : `/namespaces/${namespace}`;
  const path = `/apis/${object.apiVersion}${place}/${plural}?dryRun=All&fieldValidation=Strict`;
  return admin.request('POST', path, { body: object });
}

function refusalsOf(object: KubeObject): readonly string[] {
  const [, version = ''] = (object.apiVersion ?? '').split('/');
  return creationRefusals(object, shippedSchema(object.kind ?? '', version)).map(({ text }) => text);
}

function documents(files: readonly string[]): readonly KubeObject[] {
  return files.flatMap((file) => loadAll(readFileSync(`${FOLDER}${file}.yaml`, 'utf8')) as KubeObject[]);
}

/** Names of a file's objects that the real kubectl is refused, one after the other. */
async function refusedByKubectl({ kubectl }: Kserve, path: string, namespace: string): Promise<readonly string[]> {
  const { stdout } = await kubectl('admin', ['apply', '--dry-run=server', '-n', namespace, '-f', path, '-o', 'name']);
  const accepted = new Set(stdout.split('\n').map((line) => line.split('/')[1] ?? ''));
  const names = (loadAll(readFileSync(path, 'utf8')) as KubeObject[]).map(({ metadata }) => metadata?.name ?? '');
  return names.filter((name) => name === '' || !accepted.has(name)).toSorted();
}

async function doctor(path: string, words: string, connection?: Connection, namespace?: string): Promise<Report> {
  const argv = `doctor -f ${path} ${words} -o json`;
  const { stdout, stderr } = await runCli({
    argv,
    ...(connection && { cluster: connection.cluster }),
    ...(namespace !== undefined && { connection: { namespace } }),
  });
  assert.notEqual(stdout, '', stderr);
  assertReport(stdout, argv);
  return JSON.parse(stdout) as Report;
}

/** Names of the objects of which an error says that they are invalid. */
function invalid({ findings }: Report): readonly string[] {
  const names = findings
    .filter(({ code, severity }) => code === 'invalid-manifest' && severity === 'error')
    .map(({ object }) => object.name);
  return [...new Set(names)].toSorted();
}

/** All objects of KServe with their versions. */
async function stored({ admin }: Kserve): Promise<readonly string[]> {
  const lists = await Promise.all(KINDS.map((plural) => admin.get(`/apis/serving.kserve.io/${versionOf(plural)}/${plural}`)));
  return lists.flatMap(({ items }: { readonly items: readonly KubeObject[] }) =>
    items.map(({ kind, metadata }) => `${kind} ${metadata.namespace} ${metadata.name} ${metadata.resourceVersion}`),
  );
}

function versionOf(plural: string): string {
  if (plural === 'inferenceservices') return 'v1beta1';
  return plural === 'llminferenceservices' ? 'v1alpha2' : 'v1alpha1';
}
