import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeReal } from '../../support/describe-real.ts';
import { conditions, looping, onNode, PODS_MISSING } from '../../support/doctor-world.ts';
import { runCli } from '../../support/run-cli.ts';

const NAMESPACE = 'dumped';
const LABELS = { 'serving.kserve.io/inferenceservice': 'iris', component: 'predictor' };
const CONTAINER = { name: 'kserve-container', image: 'example.org/server:1' };

describeReal('doctor, of a dump that kubectl wrote', (plane) => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'dump-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('finds the root in the folders of cluster-info dump', async function () {
    this.timeout(120_000);
    const kubectl = async (args: readonly string[], input?: object) => {
      const { code, stdout, stderr } = await plane().kubectl('admin', args, input === undefined ? {} : { input: JSON.stringify(input) });
      assert.equal(code, 0, stderr);
      return stdout;
    };
    const create = (object: object) => kubectl(['create', '-f', '-'], object);
    const patchStatus = (what: string, status: object) =>
      kubectl(['patch', what, '-n', NAMESPACE, '--subresource=status', '--type=merge', '-p', JSON.stringify({ status })]);
    const metadata = (name: string, more: object = {}) => ({ name, namespace: NAMESPACE, ...more });

    await create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
    await create({
      apiVersion: 'serving.kserve.io/v1beta1',
      kind: 'InferenceService',
      metadata: metadata('iris'),
      spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://models/iris' } } },
    });
    await patchStatus('inferenceservices.serving.kserve.io/iris', { ...PODS_MISSING, deploymentMode: 'Standard' });
    const template = { metadata: { labels: LABELS }, spec: { containers: [CONTAINER] } };
    await create({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadata('iris-predictor', { labels: LABELS }),
      spec: { selector: { matchLabels: LABELS }, template },
    });
    await create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: metadata('iris-predictor-7d4b9c6f5-x2x4z', { labels: { ...LABELS, 'pod-template-hash': '7d4b9c6f5' } }),
      spec: template.spec,
    });
    const crashed = onNode([looping('kserve-container', { message: 'ValueError: the model was saved with another release' })]);
    await patchStatus('pods/iris-predictor-7d4b9c6f5-x2x4z', { ...crashed, ...conditions({ PodScheduled: ['True'], Ready: ['False'] }) });

    await kubectl(['cluster-info', 'dump', '--namespaces', NAMESPACE, '--output-directory', folder]);
    // It leaves custom resources out.
    writeFileSync(
      join(folder, 'services.yaml'),
      await kubectl(['get', 'inferenceservices.serving.kserve.io', '-n', NAMESPACE, '-o', 'yaml']),
    );
    const { code, stdout, stderr } = await runCli({ argv: `doctor iris -n ${NAMESPACE} -f ${folder} --offline` });
    assert.equal(code, 1, stderr);
    assert.match(stdout, /ends with exit code 1: ValueError: the model was saved with another release {3}crash/);
    assert.match(stdout, /└ Deployment +iris-predictor/);
    assert.match(stderr, /neither YAML nor JSON (?:was|were) not read: .*logs\.txt/);
  });
});
