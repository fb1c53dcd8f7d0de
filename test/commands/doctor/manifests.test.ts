import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClusterError } from '../../../src/errors.ts';
import { fixtureObjects } from '../../../tools/fixtures.ts';
import { type FakeClusterOptions, fakeCluster } from '../../support/fake-cluster.ts';
import { assertGolden } from '../../support/golden.ts';
import { assertReport } from '../../support/report-schema.ts';
import { runCli } from '../../support/run-cli.ts';

interface Found {
  readonly code: string;
  readonly severity: string;
  readonly field?: string;
  readonly message: string;
  readonly fix?: { readonly text: string };
  readonly source?: { readonly line: number; readonly column: number };
}

const isvc = (predictor: string, metadata = 'name: iris') => `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {${metadata}}
spec:
  predictor: {${predictor}}
`;
const runtime = (spec: string, more = '') => `apiVersion: serving.kserve.io/v1alpha1
kind: ServingRuntime
metadata: {name: rt}
${more}spec: {${spec}}
`;
const role = (kind: string, resources: string, group = 'serving.kserve.io') => `apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata: {name: r}
rules:
- apiGroups: [${group}]
  resources: [${resources}]
  verbs: [get]
`;
const SKLEARN = 'model: {modelFormat: {name: sklearn}, storageUri: "gs://a/b"}';
const CONTAINER = 'containers: [{name: kserve-container, image: a}]';

describe('doctor -f, before apply', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const doctor = async (text: string, words: string, cluster = fakeCluster()) => {
    const file = join(folder, 'a.yaml');
    writeFileSync(file, text);
    const argv = `doctor -f ${file} ${words} -o json`;
    const { stdout, code } = await runCli({ argv, cluster });
    assertReport(stdout, argv);
    const { findings, unread } = JSON.parse(stdout) as { findings: readonly Found[]; unread: readonly { kind: string }[] };
    return { findings, unread, code };
  };

  const cases: readonly (readonly [does: string, text: string, expected: readonly string[]])[] = [
    ['a service that is as it should be', isvc(SKLEARN), []],
    ['a runtime that is as it should be', runtime(CONTAINER), []],
    ['a name that starts with a digit', isvc(SKLEARN, 'name: 9iris'), ['invalid-manifest metadata.name 3:12']],
    ['a name in upper case', runtime(CONTAINER).replace('name: rt', 'name: Rt'), ['invalid-manifest metadata.name 3:12']],
    ['no name', isvc(SKLEARN, 'labels: {a: b}'), ['invalid-manifest metadata.name 3:1']],
    ['labels at the top', runtime(CONTAINER, 'labels: {a: b}\n'), ['invalid-manifest labels 4:1']],
    ['a label that is no text', isvc(SKLEARN, 'name: iris, labels: {a: 1}'), ['invalid-manifest metadata.labels.a 3:33']],
    ['the group of KFServing', isvc(SKLEARN).replace('serving.kserve.io', 'serving.kubeflow.org'), ['invalid-manifest apiVersion 1:1']],
    ['a kind with a typo', isvc(SKLEARN).replace('InferenceService', 'InferenceServce'), ['invalid-manifest kind 2:1']],
    ['a kind in lower case', isvc(SKLEARN).replace('InferenceService', 'inferenceservice'), ['invalid-manifest kind 2:1']],
    ['a runtime with two typos', runtime(CONTAINER).replace('ServingRuntime', 'SevingRuntimes'), ['invalid-manifest kind 2:1']],
    ['a group with a typo', isvc(SKLEARN).replace('kserve.io', 'kserve.oi'), ['invalid-manifest apiVersion 1:1']],
    [
      'a group with a typo, of a kind that is not known',
      'apiVersion: serving.kserv.io/v1\nkind: New\nmetadata: {name: a}\n',
      ['invalid-manifest apiVersion 1:1'],
    ],
    ['a version without its group', isvc(SKLEARN).replace('serving.kserve.io/', ''), ['invalid-manifest apiVersion 1:1']],
    ['a group without its version', isvc(SKLEARN).replace('/v1beta1', ''), ['invalid-manifest apiVersion 1:1']],
    ['a group that can have no CRDs', isvc(SKLEARN).replace('serving.kserve.io', 'serving'), ['invalid-manifest apiVersion 1:1']],
    ['a group of the domain of KServe', isvc(SKLEARN).replace('serving.kserve.io', 'kserve.io'), ['invalid-manifest apiVersion 1:1']],
    ['no apiVersion', isvc(SKLEARN).replace(/^.*\n/, ''), ['invalid-manifest apiVersion 1:1']],
    ['an apiVersion that is a list', isvc(SKLEARN).replace(/^.*\n/, 'apiVersion: [a]\n'), ['invalid-manifest apiVersion 1:1']],
    ['a kind of KServe that is not known', 'apiVersion: serving.kserve.io/v1\nkind: Predictor\nmetadata: {name: a}\n', []],
    ['a kind of another project with the name of one of KServe', isvc(SKLEARN).replace('serving.kserve.io', 'ome.io'), []],
    ['a kind of another project', 'apiVersion: serving.example.io/v1\nkind: Model\nmetadata: {name: a}\n', []],
    ['a version of another kind', isvc(SKLEARN).replace('v1beta1', 'v1alpha1'), ['invalid-manifest apiVersion 1:1']],
    [
      'an environment variable twice',
      runtime('containers: [{name: kserve-container, env: [{name: A}, {name: A}]}]'),
      ['invalid-manifest spec.containers[0].env[1] 4:63'],
    ],
    ['a runtime without containers', runtime('supportedModelFormats: [{name: a}]'), ['invalid-manifest spec.containers 4:1']],
    [
      'a version that is a number',
      runtime(`${CONTAINER}, supportedModelFormats: [{name: a, version: 1}]`),
      ['invalid-manifest spec.supportedModelFormats[0].version 4:92'],
    ],
    [
      'a priority of 0',
      runtime(`${CONTAINER}, supportedModelFormats: [{name: a, priority: 0}]`),
      ['invalid-manifest spec.supportedModelFormats[0].priority 4:92'],
    ],
    ['two frameworks', isvc('sklearn: {}, xgboost: {}'), ['invalid-manifest spec.predictor 5:3']],
    ['a framework beside a model, which it replaces', isvc(`sklearn: {}, ${SKLEARN}`), []],
    [
      'no predictor',
      isvc(SKLEARN).replace('predictor', 'predicter'),
      ['invalid-manifest spec.predicter 5:3', 'invalid-manifest spec.predictor 4:1'],
    ],
    [
      'more replicas than the maximum',
      isvc(`minReplicas: 3, maxReplicas: 2, ${SKLEARN}`),
      ['invalid-manifest spec.predictor.maxReplicas 5:31'],
    ],
    ['no maximum', isvc(`minReplicas: 3, maxReplicas: 0, ${SKLEARN}`), []],
    [
      'several nodes and a bucket',
      isvc(`workerSpec: {}, ${SKLEARN}`, 'name: iris, annotations: {serving.kserve.io/autoscalerClass: none}'),
      ['invalid-manifest spec.predictor.model.storageUri 5:69'],
    ],
    [
      'the old name of a mode',
      isvc(SKLEARN, 'name: iris, annotations: {serving.kserve.io/deploymentMode: Serverless}'),
      ['deployment-mode-renamed metadata.annotations.serving.kserve.io/deploymentMode 3:38'],
    ],
    [
      'a word with a typo in a role',
      role('ClusterRole', 'inferenceservices, lllminferenceserviceconfigs'),
      ['rbac-dead-rule rules[0].resources[1] 6:34'],
    ],
    ['a singular in a role', role('ClusterRole', 'inferenceservice'), ['rbac-dead-rule rules[0].resources[0] 6:15']],
    [
      'the old group in a role',
      role('ClusterRole', 'inferenceservices', 'serving.kubeflow.org'),
      ['rbac-dead-rule rules[0].apiGroups[0] 5:15'],
    ],
    ['a subresource and a wildcard', role('ClusterRole', 'inferenceservices/status, "*"'), ['rbac-wildcard rules[0].resources[1] 6:41']],
    [
      'a wildcard in a role for KServe',
      role('ClusterRole', 'inferenceservices').replace('[get]', '["*"]'),
      ['rbac-wildcard rules[0].verbs[0] 7:11'],
    ],
    ['a wildcard in a role for something else', role('ClusterRole', 'pods', '""').replace('[get]', '["*"]'), []],
    [
      'a field of a role with a typo',
      role('ClusterRole', 'inferenceservices').replace('resources:', 'resource:'),
      ['invalid-manifest rules[0].resource 6:3'],
    ],
    ['a name with a colon in RBAC', role('ClusterRole', 'inferenceservices').replace('name: r', 'name: "team:r"'), []],
    [
      'an annotation with a typo',
      isvc(SKLEARN, 'name: iris, annotations: {serving.kserve.io/deploymentmode: Standard}'),
      ['annotation-unread metadata.annotations.serving.kserve.io/deploymentmode 3:38'],
    ],
    [
      'an annotation of an old group',
      isvc(SKLEARN, 'name: iris, annotations: {serving.kubeflow.org/autoscalerClass: hpa}'),
      ['annotation-unread metadata.annotations.serving.kubeflow.org/autoscalerClass 3:38'],
    ],
    [
      'a mode that there is not',
      isvc(SKLEARN, 'name: iris, annotations: {serving.kserve.io/deploymentMode: standard}'),
      ['annotation-unread metadata.annotations.serving.kserve.io/deploymentMode 3:38'],
    ],
    [
      'annotations that are none of KServe',
      isvc(SKLEARN, 'name: iris, annotations: {serving.kserve.io/anything-else: a, other/stop: b}'),
      [],
    ],
    ['a cluster-scoped kind in a Role', role('Role', 'clusterservingruntimes'), ['rbac-wrong-scope rules 4:1']],
    ['what is not of KServe', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: A}\nlabels: {}\n', []],
  ];
  for (const [does, text, expected] of cases) {
    it(`knows ${does}`, async () => {
      const { findings } = await doctor(text, '--offline');
      assert.deepEqual(
        findings.map(({ code, field, source }) => `${code} ${field} ${source?.line}:${source?.column}`),
        expected,
      );
    });
  }

  const advice: readonly (readonly [does: string, text: string, message: string, fix: string | undefined])[] = [
    ['a typo', isvc(SKLEARN).replace('predictor', 'predictr'), 'unknown field "spec.predictr"', 'Did you mean predictor?'],
    ['labels at the top', runtime(CONTAINER, 'labels: {a: b}\n'), 'unknown field "labels"', 'Move it under metadata: metadata.labels.'],
    [
      'a number for a text',
      runtime(`${CONTAINER}, supportedModelFormats: [{name: a, version: 1}]`),
      'spec.supportedModelFormats[0].version: Invalid value: "integer": spec.supportedModelFormats[0].version in body must be of type string: "integer"',
      'Put it in quotes: "1".',
    ],
    ['no advice for anything else', isvc(`${SKLEARN}, zzz: 1`), 'unknown field "spec.predictor.zzz"', undefined],
  ];
  for (const [does, text, message, fix] of advice) {
    it(`says it in the server's words, and what may mend it: ${does}`, async () => {
      const { findings } = await doctor(text, '--offline');
      assert.deepEqual([findings[0]?.message, findings[0]?.fix?.text], [message, fix]);
    });
  }

  it('says offline what no file holds, and never that it is missing', async () => {
    const { findings, unread, code } = await doctor(isvc(`serviceAccountName: nobody, ${SKLEARN}`), '--offline');
    assert.deepEqual([findings, code], [[], 4]);
    assert.deepEqual(
      unread.map(({ kind }) => kind),
      ['ServingRuntime', 'ServiceAccount', 'ClusterServingRuntime', 'ClusterStorageContainer'],
    );
  });

  const cluster = (options: FakeClusterOptions = {}) =>
    fakeCluster({
      ...options,
      objects: [
        ...fixtureObjects('runtimes'),
        ...['default', 'other'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
        { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'there', namespace: 'default' }, data: { HF_TOKEN: 'c2VjcmV0' } },
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'there', namespace: 'default' }, data: { HF_TOKEN: 'of-no-concern' } },
        {
          apiVersion: 'v1',
          kind: 'ResourceQuota',
          metadata: { name: 'small', namespace: 'default' },
          spec: { hard: { 'requests.nvidia.com/gpu': '4', cpu: '10' } },
          status: { hard: { 'requests.nvidia.com/gpu': '4', cpu: '10' }, used: { 'requests.nvidia.com/gpu': '3', cpu: '1' } },
        },
      ],
    });
  const env = (source: string) => `model: {modelFormat: {name: sklearn}, env: [{name: A, valueFrom: {${source}}}]}`;
  const gpus = (count: number) => `model: {modelFormat: {name: sklearn}, resources: {limits: {nvidia.com/gpu: ${count}}}}`;
  const against: readonly (readonly [does: string, text: string, expected: readonly string[]])[] = [
    ['a service that a runtime serves', isvc(SKLEARN), []],
    ['a format that no runtime has', isvc('model: {modelFormat: {name: statsmodels}}'), ['no-runtime']],
    ['a runtime that does not exist', isvc('model: {modelFormat: {name: sklearn}, runtime: nope}'), ['runtime-not-found']],
    [
      'a runtime that comes with it',
      `${isvc('model: {modelFormat: {name: mine}, runtime: rt}')}---\n${runtime(`${CONTAINER}, supportedModelFormats: [{name: mine}]`)}`,
      [],
    ],
    ['a ServiceAccount that does not exist', isvc(`serviceAccountName: nobody, ${SKLEARN}`), ['serviceaccount-missing']],
    [
      'a claim that does not exist',
      isvc('model: {modelFormat: {name: sklearn}, storageUri: "pvc://models/iris"}'),
      ['volume-claim-missing'],
    ],
    ['a Secret that exists', isvc(env('secretKeyRef: {name: there, key: HF_TOKEN}')), []],
    ['a Secret that does not exist', isvc(env('secretKeyRef: {name: nope, key: a}')), ['config-missing']],
    ['one that may be absent', isvc(env('secretKeyRef: {name: nope, key: a, optional: true}')), []],
    [
      'one that comes with it',
      `${isvc(env('secretKeyRef: {name: nope, key: a}'))}---\napiVersion: v1\nkind: Secret\nmetadata: {name: nope}\n`,
      [],
    ],
    ['a ConfigMap that does not exist', isvc(env('configMapKeyRef: {name: nope, key: a}')), ['config-missing']],
    ['the same twice, once', isvc(`imagePullSecrets: [{name: nope}], ${env('secretKeyRef: {name: nope, key: a}')}`), ['config-missing']],
    ['a pull secret that does not exist', isvc(`imagePullSecrets: [{name: nope}], ${SKLEARN}`), ['config-missing warning']],
    ['a key that the ConfigMap of the cluster lacks', isvc(env('configMapKeyRef: {name: there, key: TOKEN}')), ['config-missing']],
    ['a key that may be absent', isvc(env('configMapKeyRef: {name: there, key: TOKEN, optional: true}')), []],
    [
      'a key that the Secret that comes with it lacks',
      `${isvc(env('secretKeyRef: {name: mine, key: a}'))}---\napiVersion: v1\nkind: Secret\nmetadata: {name: mine}\nstringData: {b: x}\n`,
      ['config-missing'],
    ],
    [
      'keys that a ConfigMap that comes with it has',
      `${isvc(env('configMapKeyRef: {name: mine, key: a}'))}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: mine}\ndata: {a: x}\n`,
      [],
    ],
    [
      'a key of a volume that the ConfigMap lacks',
      isvc(`volumes: [{name: a, configMap: {name: there, items: [{key: TOKEN, path: t}]}}], ${SKLEARN}`),
      ['config-missing'],
    ],
    [
      'the certificate that Kubernetes puts into each namespace',
      isvc(`volumes: [{name: a, projected: {sources: [{configMap: {name: kube-root-ca.crt}}]}}], ${SKLEARN}`),
      [],
    ],
    [
      'a volume of a claim that does not exist',
      isvc(`volumes: [{name: a, persistentVolumeClaim: {claimName: nope}}], ${SKLEARN}`),
      ['volume-claim-missing'],
    ],
    [
      'a key of storage without the Secret',
      isvc('model: {modelFormat: {name: sklearn}, storage: {key: a, path: b}}'),
      ['storage-secret-missing warning'],
    ],
    [
      'a key of storage that the annotated Secret lacks, which comes with it',
      `${isvc(
        'model: {modelFormat: {name: sklearn}, storage: {key: a, path: b}}',
        'name: iris, annotations: {serving.kserve.io/storageSecretName: mine}',
      )}---\napiVersion: v1\nkind: Secret\nmetadata: {name: mine}\nstringData: {b: x}\n`,
      ['storage-secret-missing warning'],
    ],
    ['a namespace that does not exist', isvc(SKLEARN, 'name: iris, namespace: nowhere'), ['reference-missing']],
    [
      'a namespace that comes with it',
      `${isvc(SKLEARN, 'name: iris, namespace: nowhere')}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: nowhere}\n`,
      [],
    ],
    ['a quota that is enough', isvc(gpus(1)), []],
    ['a quota of which too little is left', isvc(gpus(2)), ['quota-exceeded warning']],
    ['a quota that can never be enough', isvc(`minReplicas: 5, ${gpus(1)}`), ['quota-exceeded']],
    ['a quota that two services share', `${isvc(gpus(1))}---\n${isvc(gpus(1), 'name: rose')}`, ['quota-exceeded warning']],
    [
      'a graph to a service that does not exist',
      'apiVersion: serving.kserve.io/v1alpha1\nkind: InferenceGraph\nmetadata: {name: g}\nspec: {nodes: {root: {routerType: Sequence, steps: [{serviceName: nope}]}}}\n',
      ['reference-missing'],
    ],
    ['a scheme that nothing fetches', isvc('model: {modelFormat: {name: sklearn}, storageUri: "ftp://a/b"}'), ['storage-uri-unsupported']],
  ];
  for (const [does, text, expected] of against) {
    it(`holds against the cluster ${does}`, async () => {
      const { findings } = await doctor(text, '', cluster());
      assert.deepEqual(
        findings.map(({ code, severity }) => (severity === 'error' ? code : `${code} ${severity}`)),
        expected,
      );
    });
  }

  it('says with -q on stderr what decides the exit code, and nothing else', async () => {
    const file = join(folder, 'quiet.yaml');
    writeFileSync(file, isvc('serviceAccountName: nobody, model: {modelFormat: {name: sklearn}, storageUri: "gs://a/b"}'));
    const { code, stdout, stderr } = await runCli({ argv: `doctor -f ${file} -q`, cluster: cluster() });
    assert.deepEqual([code, stdout], [1, '']);
    assert.equal(
      stderr,
      'error: InferenceService iris: there is no ServiceAccount "nobody" in the namespace "default" (serviceaccount-missing)\n',
    );
    assert.deepEqual(await runCli({ argv: `doctor -f ${file} -qq`, cluster: cluster() }), { code: 1, stdout: '', stderr: '' });
    rmSync(file);
  });

  it('warns of an object that is defined twice, with both places', async () => {
    const { findings, code } = await doctor(`${isvc(SKLEARN)}---\n${isvc(SKLEARN, 'name: iris, namespace: default')}`, '', cluster());
    const [twice] = findings;
    assert.deepEqual([findings.length, code, twice?.code, twice?.severity, twice?.source?.line], [1, 0, 'defined-twice', 'warning', 3]);
    assert.match(
      twice?.message ?? '',
      /^InferenceService "iris" is defined again at .*a\.yaml:7, and kubectl apply leaves it as it is there$/,
    );
    assert.deepEqual((await doctor(`${isvc(SKLEARN)}---\n${isvc(SKLEARN, 'name: iris, namespace: other')}`, '', cluster())).findings, []);
  });

  it('takes a file that is given twice once', async () => {
    const file = join(folder, 'a.yaml');
    writeFileSync(file, isvc(SKLEARN));
    const again = `${folder}/../${basename(folder)}/a.yaml`;
    const { stdout } = await runCli({ argv: `doctor -f ${folder} -f ${file} -f ${again} -o json`, cluster: cluster() });
    assert.deepEqual(
      (JSON.parse(stdout) as { findings: readonly Found[] }).findings.filter(({ code }) => code === 'defined-twice'),
      [],
    );
  });

  it('keeps no value of a ConfigMap, and says it in the words of doctor NAME', async () => {
    const { findings } = await doctor(isvc(env('configMapKeyRef: {name: there, key: TOKEN}')), '', cluster());
    assert.ok(!JSON.stringify(findings).includes('of-no-concern'));
    assert.deepEqual(
      [findings[0]?.message, findings[0]?.fix?.text],
      ['the ConfigMap "there" has no key "TOKEN"', 'Add the key "TOKEN" to the ConfigMap "there", or correct the name of the key.'],
    );
  });

  const notToBeRead = (resource: string) => {
    const error = new ClusterError('Forbidden', `${resource} "there" is forbidden: no`, { code: 403, fromStatus: true });
    return cluster({ failures: [{ on: { path: `/api/v1/namespaces/default/${resource}/there` }, error }] });
  };

  it('says that keys are not known where a ConfigMap may not be read', async () => {
    const manifest = isvc(env('configMapKeyRef: {name: there, key: TOKEN}'));
    const { findings, unread, code } = await doctor(manifest, '', notToBeRead('configmaps'));
    assert.deepEqual([findings, unread.map(({ kind }) => kind), code], [[], ['ConfigMap'], 4]);
  });

  it('never asks for the contents of a Secret', async () => {
    for (const predictor of [env('secretKeyRef: {name: there, key: TOKEN}'), `imagePullSecrets: [{name: there}], ${SKLEARN}`]) {
      const { findings, unread, code } = await doctor(isvc(predictor), '', notToBeRead('secrets'));
      assert.deepEqual([findings, unread, code], [[], [], 0]);
    }
  });

  const priority = (name: string, more = '') =>
    runtime(`${CONTAINER}, protocolVersions: [v1], supportedModelFormats: [{name: mine, autoSelect: true, priority: 1}]${more}`).replace(
      'name: rt',
      `name: ${name}`,
    );
  const pairs: readonly (readonly [does: string, text: string, expected: readonly string[]])[] = [
    ['both are refused but for the first', `${priority('a')}---\n${priority('b')}`, ['invalid-manifest', 'invalid-manifest']],
    ['one is disabled', `${priority('a')}---\n${priority('b', ', disabled: true')}`, []],
    ['they share no protocol', `${priority('a')}---\n${priority('b').replace('[v1]', '[v2]')}`, []],
    [
      'the case of the format differs',
      `${priority('a')}---\n${priority('b').replace('mine', 'MINE')}`,
      ['invalid-manifest', 'invalid-manifest'],
    ],
    ['their namespaces differ', `${priority('a')}---\n${priority('b').replace('name: b', 'name: b, namespace: other')}`, []],
  ];
  for (const [does, text, expected] of pairs) {
    it(`compares priorities as KServe's validator does: ${does}`, async () => {
      const { findings } = await doctor(text, '', cluster());
      assert.deepEqual(
        findings.map(({ code }) => code),
        expected,
      );
    });
  }

  it('looks only at what is named, and finds it in a manifest', async () => {
    const two = `${isvc(`minReplicas: -1, ${SKLEARN}`, 'name: iris')}---\n${isvc(`minReplicas: -1, ${SKLEARN}`, 'name: rose')}`;
    const { findings } = await doctor(two, 'rose --offline');
    assert.deepEqual(
      findings.map(({ source }) => source?.line),
      [11],
    );
    const file = join(folder, 'a.yaml');
    const { code, stdout, stderr } = await runCli({ argv: `doctor -f ${file} --offline isvc/lily llmisvc/rose` });
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.equal(
      stderr,
      'error: there is no InferenceService "lily" in the files\nerror: there is no LLMInferenceService "rose" in the files\n',
    );
  });

  it('never takes files without anything to look at for files without a fault', async () => {
    const file = join(folder, 'a.yaml');
    writeFileSync(file, '');
    const empty = await runCli({ argv: `doctor -f ${file} --offline` });
    assert.deepEqual([empty.code, empty.stderr], [2, `error: no object in ${file}\n`]);
    writeFileSync(file, 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n');
    const other = await runCli({ argv: `doctor -f ${file} --offline` });
    assert.deepEqual(
      [other.code, other.stdout, other.stderr],
      [
        0,
        '',
        'No InferenceServices or LLMInferenceServices found in the files.\nnote: 1 object of another kind (ConfigMap) was not checked\n',
      ],
    );
  });

  it('names file, line and column', async () => {
    const file = join(folder, 'b.yaml');
    writeFileSync(file, isvc(`minReplicas: -1, ${SKLEARN}`, 'name: 9iris'));
    const result = await runCli({ argv: `doctor -f ${file} --offline` });
    assertGolden('doctor/manifest', 'doctor -f b.yaml --offline', { ...result, stdout: result.stdout.replaceAll(file, 'b.yaml') });
  });

  const anything = [
    'metadata: [a]\nspec: x',
    'metadata: {name: [a], labels: [b], annotations: x, ownerReferences: {a: 1}, finalizers: [1]}\nspec: [1]',
    'metadata: {name: a, __proto__: {x: 1}, labels: {__proto__: a, constructor: b}}\nspec: {predictor: {__proto__: {a: 1}, constructor: 1}}',
    `metadata: {name: a}\nspec: {predictor: {minReplicas: 1${'0'.repeat(400)}, maxReplicas: .nan, timeout: -9223372036854775809}}`,
    'metadata: {name: a}\nspec: {nodes: {root: [], b: {steps: [null, 1, {weight: x}], routerType: Splitter}}, containers: {a: 1}, workerSpec: []}',
    'metadata: {name: a}\nspec: {router: 1, parallelism: x, scaling: [], prefill: x, model: {lora: {adapters: [1, null]}}, canary: [null, 1]}',
    `metadata: {name: ${'a-'.repeat(50_000)}}\nspec: {${'x'.repeat(100_000)}: 1}`,
    'metadata: {name: "a\\u001b[31m"}\nspec: {"pre\\u001b[2Jdictor": "\\u0007"}',
  ];
  for (const kind of ['InferenceService v1beta1', 'ServingRuntime v1alpha1', 'InferenceGraph v1alpha1', 'LLMInferenceService v1alpha2']) {
    it(`says of any ${kind} what is wrong with it, shortly, and fails at none`, async () => {
      const [name, version] = kind.split(' ');
      for (const text of anything) {
        const file = join(folder, 'a.yaml');
        writeFileSync(file, `apiVersion: serving.kserve.io/${version}\nkind: ${name}\n${text}\n`);
        const { code, stdout, stderr } = await runCli({ argv: `doctor -f ${file} --offline` });
        assert.equal(code, 1, `${text.slice(0, 200)}: ${stderr}`);
        assert.match(stdout, /invalid-manifest/);
        assert.doesNotMatch(`${stdout}${stderr}`, /\u001b|\u0007/);
        assert.ok(stdout.length < 100_000, text.slice(0, 200));
        assert.ok(!Object.hasOwn(Object.prototype, 'x') && !Object.hasOwn(Object.prototype, 'a'));
      }
    });
  }

  it('compares a thousand runtimes with each other', async function () {
    this.timeout(60_000);
    const many = Array.from({ length: 1000 }, (_, index) =>
      priority(`r${index}`, `, annotations: {a: "${index}"}`).replace('mine', `f${index}`),
    );
    const { findings } = await doctor(many.join('---\n'), '--offline');
    assert.deepEqual(findings, []);
  });

  // Held against kubectl and KServe in test/real/manifests.
  const published = fileURLToPath(new URL('../../fixtures/manifests/', import.meta.url));
  for (const name of ['wrong-fields', 'wrong-for-kserve']) {
    it(`says what is wrong with manifests as people publish them: ${name}`, async () => {
      const file = `${published}${name}.yaml`;
      const result = await runCli({ argv: `doctor -f ${file} --offline` });
      assertGolden(`doctor/manifests-${name}`, `doctor -f ${name}.yaml --offline`, {
        ...result,
        stdout: result.stdout.replaceAll(file, `${name}.yaml`),
      });
    });
  }

  it('finds nothing invalid in manifests that KServe accepts', async () => {
    for (const name of ['services', 'runtimes', 'other-kinds']) {
      const { stdout } = await runCli({ argv: `doctor -f ${published}${name}.yaml --offline -o json` });
      const { findings } = JSON.parse(stdout) as { findings: readonly Found[] };
      assert.deepEqual(
        findings.filter(({ code }) => code === 'invalid-manifest'),
        [],
        name,
      );
    }
  });

  const shared = fileURLToPath(new URL('../../../tools/fixtures/runtimes', import.meta.url));
  it('finds no error in the runtimes of KServe', async () => {
    assert.ok(existsSync(shared));
    const { stdout } = await runCli({ argv: `doctor -f ${shared} --offline -o json` });
    assert.deepEqual((JSON.parse(stdout) as { findings: readonly Found[] }).findings, []);
  });
});
