import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STANDARD_VERBS } from '../../../src/domain/kubernetes/verb.ts';
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
    readonly evidence: readonly object[];
    readonly message: string;
    readonly fix?: { readonly text: string };
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

  const scaler = 'metadata.annotations.serving.kserve.io/autoscalerClass';
  const same: readonly (readonly [does: string, text: string])[] = [
    ['in other words', 'the autoscaler class type vpa is not supported by KServe'],
    [
      'as a type of Go',
      'json: cannot unmarshal string into Go struct field InferenceService.metadata.annotations.serving.kserve.io/autoscalerClass of type bool',
    ],
    ['as it fell over the object', 'panic: runtime error: index out of range [0] with length 0'],
  ];
  for (const [does, text] of same) {
    it(`reports a fault once that a webhook and a rule find: ${does}`, async () => {
      const { findings, invalid } = await doctor([
        failing('Forbidden', `admission webhook "x" denied the request: ${text}`, { code: 403 }),
      ]);
      assert.deepEqual(invalid, [`3 ${scaler}: [vpa] is not a supported autoscaler class type`]);
      const told = findings.find(({ field }) => field === scaler);
      assert.deepEqual(told?.evidence, [
        { object: { kind: 'InferenceService', name: 'iris' }, field: scaler, value: 'vpa' },
        { object: { kind: 'InferenceService', name: 'iris' }, field: 'dry run', value: text },
      ]);
    });
  }

  it('reports a fault once that the schema places deeper', async () => {
    const message = 'Invalid value: "a b": a valid label must be an empty string or consist of alphanumeric characters';
    const causes = [{ field: 'metadata.labels', message }];
    const labelled = ISVC.replace('name: iris', 'name: iris, labels: {team: "a b"}');
    const { invalid } = await doctor([failing('Invalid', 'is invalid', { code: 422, details: { causes } })], labelled);
    assert.deepEqual(invalid.filter((text) => text.includes('metadata.labels')).length, 1);
  });

  it('shows what no rule knows at the start of the object', async () => {
    const { invalid } = await doctor([failing('InternalError', 'admission webhook "x" denied the request: oh', { code: 500 })]);
    assert.deepEqual(invalid[0], '1 : oh');
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

  const strange = (kind: string, apiVersion = 'serving.kserve.io/v1beta1') =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a}\n`;
  const slips: readonly (readonly [text: string, said: string, fix: string | undefined])[] = [
    [
      strange('InferenceServce'),
      '2 kind: no matches for kind "InferenceServce" in version "serving.kserve.io/v1beta1"',
      'Did you mean InferenceService?',
    ],
    [
      strange('inferenceservice'),
      '2 kind: no matches for kind "inferenceservice" in version "serving.kserve.io/v1beta1"',
      'Did you mean InferenceService?',
    ],
    [strange('Unheard'), '2 kind: no matches for kind "Unheard" in version "serving.kserve.io/v1beta1"', undefined],
    [
      strange('InferenceService', 'serving.kserve.oi/v1beta1'),
      '1 apiVersion: no matches for kind "InferenceService" in version "serving.kserve.oi/v1beta1"',
      'Did you mean serving.kserve.io/v1beta1?',
    ],
    [
      strange('Servingruntime', 'v1beta1'),
      '1 apiVersion: no matches for kind "Servingruntime" in version "v1beta1"',
      'Did you mean serving.kserve.io/v1alpha1 and kind ServingRuntime?',
    ],
    [
      strange('Rolle', 'rbac.authorization.k8s.io/v1'),
      '2 kind: no matches for kind "Rolle" in version "rbac.authorization.k8s.io/v1"',
      undefined,
    ],
  ];
  for (const [text, said, fix] of slips) {
    it(`says as kubectl that the cluster does not have it: ${said}`, async () => {
      const { invalid, findings, code } = await doctor([], `${text}---\n${RUNTIME}`);
      assert.deepEqual([invalid, findings[0]?.fix?.text, code], [[said], fix, 1]);
    });
  }

  const SERVED = [
    { group: 'serving.kserve.io', version: 'v1beta1', plural: 'inferenceserves', kind: 'InferenceServe', namespaced: true },
    { group: 'serving.kserve.oi', version: 'v1', plural: 'models', kind: 'Model', namespaced: true },
  ].map((type) => ({
    ...type,
    singular: type.kind.toLowerCase(),
    shortNames: [],
    verbs: STANDARD_VERBS,
    subresources: [],
    builtIn: false,
  }));
  const served = `${strange('InferenceServe')}---\n${strange('Model', 'serving.kserve.oi/v1')}`;

  it('takes what the cluster serves for no slip, though the program does not know it', async () => {
    writeFileSync(file, served);
    const cluster = fakeCluster({ objects: [NAMESPACE], types: SERVED });
    const { stdout, code } = await runCli({ argv: `doctor -f ${file} -o json`, cluster });
    const { findings, manifests } = JSON.parse(stdout) as Report;
    assert.deepEqual([findings, manifests.map(({ dryRun }) => dryRun), code], [[], ['accepted', 'accepted'], 0]);
  });

  it('takes it for no slip either where it may not be tried', async () => {
    writeFileSync(file, served);
    const failures = SERVED.map(({ plural, group }) => ({
      on: { verb: 'create', resource: `${plural}.${group}` },
      error: new ClusterError('TooManyRequests', 'later', { fromStatus: true, code: 429 }),
    }));
    const { stdout } = await runCli({
      argv: `doctor -f ${file} -o json`,
      cluster: fakeCluster({ objects: [NAMESPACE], types: SERVED, failures }),
    });
    const { findings, manifests } = JSON.parse(stdout) as Report;
    assert.deepEqual([findings, manifests.map(({ dryRun }) => dryRun)], [[], ['untried', 'untried']]);
  });

  it('goes by near misses where the cluster does not say what it serves', async () => {
    const fake = fakeCluster({ objects: [NAMESPACE] });
    const cluster = { ...fake, discover: () => Promise.reject(new ClusterError('Forbidden', 'no', { fromStatus: true, code: 403 })) };
    writeFileSync(file, `${strange('InferenceServce')}---\n${strange('Unheard')}`);
    const { stdout } = await runCli({ argv: `doctor -f ${file} -o json`, cluster });
    const { findings, manifests } = JSON.parse(stdout) as Report;
    assert.deepEqual(
      findings.map(({ source }) => source?.line),
      [2],
    );
    assert.match(manifests[1]?.why ?? '', /^could not determine which kinds are installed/);
  });

  it('asks what the cluster serves only where a kind is not known', async () => {
    const { cluster } = await doctor([]);
    assert.ok(!cluster.requests.some(({ path }) => path === '/apis'));
  });

  const everything = [{ verb: 'list' }, { verb: 'get' }, { verb: 'create' }, { resource: 'inferenceservices.serving.kserve.io' }];
  const refused = new ClusterError('ConnectionRefused', 'connection refused', { hint: 'Is it up?' });

  it('fails as other commands where the server cannot be reached at all, and names --offline', async () => {
    writeFileSync(file, `${ISVC}---\n${RUNTIME}`);
    const cluster = fakeCluster({ objects: [NAMESPACE], failures: everything.map((on) => ({ on, error: refused })) });
    const { stdout, stderr, code } = await runCli({ argv: `doctor -f ${file} --partial-ok`, cluster });
    assert.deepEqual([stdout, code], ['', 3]);
    assert.match(stderr, /connection refused\n.*Is it up\?\n.*add --offline\.\n$/);
  });

  for (const user of ['unknown', 'anonymous'] as const) {
    it(`fails as other commands where nobody is logged in: ${user}`, async () => {
      writeFileSync(file, ISVC);
      const { stdout, stderr, code } = await runCli({ argv: `doctor -f ${file}`, cluster: fakeCluster({ objects: [NAMESPACE], user }) });
      assert.deepEqual([stdout, code], ['', 3]);
      assert.match(stderr, /logged in/);
    });
  }

  it('goes on where some of what it asks is answered', async () => {
    writeFileSync(file, ISVC);
    const cluster = fakeCluster({ objects: [NAMESPACE], failures: [{ on: POST, error: refused }] });
    const { stdout, code } = await runCli({ argv: `doctor -f ${file}`, cluster });
    assert.match(stdout, /not tried by the API server: connection refused/);
    assert.notEqual(code, 3);
  });

  it('says for people who looked at what', async () => {
    writeFileSync(file, `${ISVC}---\n${RUNTIME}`);
    const failures = [untried[0]?.[1] as ScriptedFailure];
    const result = await runCli({ argv: `doctor -f ${file}`, cluster: fakeCluster({ objects: [NAMESPACE], failures }) });
    assertGolden('doctor/manifest-untried', 'doctor -f a.yaml', { ...result, stdout: result.stdout.replaceAll(file, 'a.yaml') });
  });
});
