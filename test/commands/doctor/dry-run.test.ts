import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterError, type ClusterErrorOptions, type FailureReason } from '../../../src/errors.ts';
import { fakeCluster, type ScriptedFailure } from '../../support/fake-cluster.ts';
import { assertGolden } from '../../support/golden.ts';
import { assertReport } from '../../support/report-schema.ts';
import { runCli } from '../../support/run-cli.ts';

const ISVC = `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: iris, annotations: {serving.kserve.io/autoscalerClass: vpa}}
spec:
  predictor:
    minReplicas: "1"
    model: {modelFormat: {name: sklearn}, storageUri: "gs://a/b"}
`;
const RUNTIME = `apiVersion: serving.kserve.io/v1alpha1
kind: ServingRuntime
metadata: {name: rt}
spec: {supportedModelFormats: [{name: sklearn, autoSelect: true}], containers: [{name: kserve-container, image: a}]}
`;
const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } };

const POST = { verb: 'create', resource: 'inferenceservices.serving.kserve.io' };

function failing(reason: FailureReason, message: string, options: ClusterErrorOptions): ScriptedFailure {
  return { on: POST, error: new ClusterError(reason, message, { fromStatus: true, ...options }) };
}

interface Report {
  readonly findings: readonly {
    readonly code: string;
    readonly field?: string;
    readonly message: string;
    readonly source?: { readonly line: number };
  }[];
  readonly manifests: readonly { readonly name: string; readonly dryRun: string; readonly why?: string }[];
  readonly unread: readonly { readonly kind: string }[];
}

describe('doctor -f, by a dry run of the API server', () => {
  let folder = '';
  let file = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'doctor-'));
    file = join(folder, 'a.yaml');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const doctor = async (failures: readonly ScriptedFailure[], text = `${ISVC}---\n${RUNTIME}`) => {
    writeFileSync(file, text);
    const cluster = fakeCluster({ objects: [NAMESPACE], failures });
    const argv = `doctor -f ${file} -o json`;
    const { stdout, stderr, code } = await runCli({ argv, cluster });
    assertReport(stdout, argv);
    const report = JSON.parse(stdout) as Report;
    const invalid = report.findings.filter(({ code: one }) => one === 'invalid-manifest');
    return {
      ...report,
      invalid: invalid.map(({ field, source, message }) => `${source?.line} ${field}: ${message}`),
      code,
      stderr,
      cluster,
    };
  };

  it('takes what the server accepts for valid, whatever the schema says, and stores nothing', async () => {
    const { invalid, manifests, cluster, code } = await doctor([]);
    assert.deepEqual([invalid, code], [[], 0]);
    assert.deepEqual(
      manifests.map(({ name, dryRun }) => `${name} ${dryRun}`),
      ['iris accepted', 'rt accepted'],
    );
    const writes = cluster.requests.filter(({ method }) => method !== 'GET');
    assert.deepEqual(
      writes.map(({ query }) => query.toString()),
      Array(2).fill('dryRun=All&fieldValidation=Strict'),
    );
  });

  it('tries what is there already as a change', async () => {
    writeFileSync(file, RUNTIME);
    const objects = [
      NAMESPACE,
      { apiVersion: 'serving.kserve.io/v1alpha1', kind: 'ServingRuntime', metadata: { name: 'rt', namespace: 'default' } },
    ];
    const cluster = fakeCluster({ objects });
    await runCli({ argv: `doctor -f ${file}`, cluster });
    assert.deepEqual(
      cluster.requests.filter(({ method }) => method !== 'GET').map(({ method }) => method),
      ['POST', 'PATCH'],
    );
  });

  it('puts causes where their fields are, each field once', async () => {
    const causes = [
      { field: 'spec.predictor.minReplicas', message: 'Invalid value: "string": must be of type integer' },
      { field: 'spec.predictor.minReplicas', message: 'Invalid value: "string": once more' },
      { field: 'metadata.annotations.serving.kserve.io/autoscalerClass', message: 'Invalid value: "vpa"' },
      { field: '', message: 'Invalid value: "": some validation rules were not checked' },
    ];
    const { invalid, manifests, code } = await doctor([failing('Invalid', 'is invalid', { code: 422, details: { causes } })]);
    assert.deepEqual(invalid, [
      '6 spec.predictor.minReplicas: spec.predictor.minReplicas: Invalid value: "string": must be of type integer',
      '3 metadata.annotations.serving.kserve.io/autoscalerClass: metadata.annotations.serving.kserve.io/autoscalerClass: Invalid value: "vpa"',
    ]);
    assert.deepEqual([manifests[0]?.dryRun, code], ['refused', 1]);
  });

  it('finds the place of what a webhook says by the rule that says the same', async () => {
    const message = 'admission webhook "x.validator" denied the request: [vpa] is not a supported autoscaler class type';
    const { invalid } = await doctor([failing('Forbidden', message, { code: 403 })]);
    assert.deepEqual(invalid, ['3 metadata.annotations.serving.kserve.io/autoscalerClass: [vpa] is not a supported autoscaler class type']);
  });

  it('shows what no rule knows at the start of the object', async () => {
    const { invalid } = await doctor([failing('InternalError', 'admission webhook "x" denied the request: panic: oh', { code: 500 })]);
    assert.deepEqual(invalid[0], '1 : panic: oh');
  });

  it('gives up a schema whose pattern takes too long, and says so', async () => {
    const slow = { type: 'string', pattern: '^(g+s*:*)+$' };
    const model = { type: 'object', properties: { storageUri: slow, runtime: slow }, 'x-kubernetes-preserve-unknown-fields': true };
    const under = (name: string, schema: object) => ({ type: 'object', properties: { [name]: schema } });
    const schema = {
      ...under('spec', under('predictor', under('model', model))),
      'x-kubernetes-group-version-kind': [{ group: 'serving.kserve.io', version: 'v1beta1', kind: 'InferenceService' }],
    };
    writeFileSync(file, ISVC.replace('gs://a/b', `${'g'.repeat(60)}!`));
    const fake = fakeCluster({ objects: [NAMESPACE], failures: [failing('Forbidden', 'no', { code: 403 })] });
    const cluster = { ...fake, openApi: () => Promise.resolve({ components: { schemas: { schema } } }) };
    const { stdout, code } = await runCli({ argv: `doctor -f ${file} -o json`, cluster });
    const { unread } = JSON.parse(stdout) as { readonly unread: readonly { readonly reason: string }[] };
    assert.deepEqual(
      unread.map(({ reason }) => reason),
      ['to check a manifest by the schema takes too long'],
    );
    assert.equal(code, 1, 'what the server refused is known');
  });

  const untried: readonly (readonly [does: string, failure: ScriptedFailure, why: RegExp])[] = [
    [
      'the right to create is missing',
      failing(
        'Forbidden',
        'inferenceservices.serving.kserve.io is forbidden: User "u" cannot create resource "inferenceservices" in API group "serving.kserve.io" in the namespace "default"',
        { code: 403 },
      ),
      /^forbidden: User "u" cannot create resource/,
    ],
    [
      'a webhook does not answer',
      failing('InternalError', 'failed calling webhook "x": refused', { code: 500 }),
      /^failed calling webhook/,
    ],
    [
      'a webhook takes no dry runs',
      failing('BadRequest', 'admission webhook "x" does not support dry run', { code: 400 }),
      /does not support dry run$/,
    ],
    ['the server is busy', failing('TooManyRequests', 'later', { code: 429 }), /^later$/],
  ];
  for (const [does, failure, why] of untried) {
    it(`says that it was not tried, and goes by the rules: ${does}`, async () => {
      const { manifests, invalid } = await doctor([failure]);
      assert.equal(manifests[0]?.dryRun, 'untried');
      assert.match(manifests[0]?.why ?? '', why);
      assert.deepEqual(invalid, [
        '3 metadata.annotations.serving.kserve.io/autoscalerClass: [vpa] is not a supported autoscaler class type',
      ]);
    });
  }

  it('says that nothing can be applied while a webhook does not answer', async () => {
    const { findings, code } = await doctor([failing('InternalError', 'failed calling webhook "x": refused', { code: 500 })], ISVC);
    assert.ok(findings.some(({ code: one }) => one === 'webhook-unreachable'));
    assert.equal(code, 1);
  });

  it('says that the cluster does not have the kind, as kubectl does', async () => {
    writeFileSync(file, ISVC);
    const { stdout, code } = await runCli({ argv: `doctor -f ${file} -o json`, cluster: fakeCluster({ objects: [NAMESPACE], types: [] }) });
    const { findings } = JSON.parse(stdout) as Report;
    assert.deepEqual(
      [findings[0]?.message, findings[0]?.source?.line, code],
      ['no matches for kind "InferenceService" in version "serving.kserve.io/v1beta1"', 1, 1],
    );
  });

  it('says for people who looked at what', async () => {
    writeFileSync(file, `${ISVC}---\n${RUNTIME}`);
    const failures = [untried[0]?.[1] as ScriptedFailure];
    const result = await runCli({ argv: `doctor -f ${file}`, cluster: fakeCluster({ objects: [NAMESPACE], failures }) });
    assertGolden('doctor/manifest-untried', 'doctor -f a.yaml', { ...result, stdout: result.stdout.replaceAll(file, 'a.yaml') });
  });
});
