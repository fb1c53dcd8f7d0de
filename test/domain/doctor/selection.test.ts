import assert from 'node:assert/strict';
import type { Code } from '../../../src/domain/doctor/catalogue/catalogue.ts';
import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';
import { conditions, findingsOf, isvc, observed, READY, rootOf, SILENT, shared } from '../../support/doctor-world.ts';

const ALL = 'No runtime found to support specified framework/version';
const WRONG_PROTOCOL = 'Specified runtime does not support specified protocol version';
const WRONG_FORMAT = 'Specified runtime does not support specified framework/version';

const spec = (name: string, more: object = {}) => ({
  supportedModelFormats: [{ name, version: '1', autoSelect: true }],
  protocolVersions: ['v1', 'v2'],
  containers: [{ name: 'kserve-container', image: 'x' }],
  ...more,
});
const csr = (name: string, format: string, more: object = {}) =>
  shared('serving.kserve.io/v1alpha1', 'ClusterServingRuntime', name, { spec: spec(format, more) });
const sr = (name: string, format: string, more: object = {}, namespace = 'team-a') =>
  observed('serving.kserve.io/v1alpha1', 'ServingRuntime', { name, namespace }, { spec: spec(format, more) });

interface Case {
  readonly what: string;
  readonly code: Code;
  readonly model: object;
  readonly reason: string;
  readonly message: string;
  readonly runtimes?: readonly KubeObject[];
  readonly says: RegExp;
  readonly predictor?: object;
}

const format = (name: string, version?: string) => ({ modelFormat: { name, ...(version !== undefined && { version }) } });
const none = (model: object, runtimes: readonly KubeObject[], code: Code, says: RegExp, what: string, predictor = {}): Case => ({
  what,
  code,
  model,
  reason: 'NoSupportingRuntime',
  message: ALL,
  runtimes,
  says,
  predictor,
});

const CASES: readonly Case[] = [
  none(
    format('statsmodels'),
    [csr('sk', 'sklearn'), csr('xgb', 'xgboost')],
    'no-runtime',
    /none of 2 runtimes.*listed are sklearn, xgboost/,
    'no runtime for the format',
  ),
  none(format('sklearn'), [], 'no-runtime', /no runtimes at all/, 'no runtimes at all'),
  none(format('sklearn'), [sr('sk', 'sklearn', {}, 'team-b')], 'no-runtime', /no runtimes at all/, 'a runtime of another namespace'),
  none(
    format('vllm'),
    [csr('v', 'vLLM', { supportedModelFormats: [{ name: 'vLLM', autoSelect: true }] })],
    'no-runtime',
    /did you mean vLLM.*modelFormat.name to vLLM/,
    'another letter case',
  ),
  none(
    format('sklearn', '1.0'),
    [csr('sk', 'sklearn')],
    'no-runtime',
    /lists version 1; the model asks for 1.0.*modelFormat.version to 1/,
    'a version as text',
  ),
  none(
    format('sklearn', '2'),
    [csr('sk', 'sklearn', { supportedModelFormats: [{ name: 'sklearn', version: '*', autoSelect: true }] })],
    'no-runtime',
    /lists version \*/,
    'a wildcard',
  ),
  none(
    format('sklearn'),
    [csr('sk', 'sklearn', { disabled: true })],
    'no-runtime',
    /"sk" \(disabled\).*spec.disabled of ClusterServingRuntime sk to false/,
    'a disabled runtime',
  ),
  none(format('sklearn'), [csr('mm', 'sklearn', { multiModel: true })], 'no-runtime', /ModelMesh/, 'a runtime for ModelMesh'),
  none(format('huggingface'), [csr('hf', 'huggingface')], 'no-runtime', /has no workerSpec/, 'workers, and no runtime that has some', {
    workerSpec: {},
  }),
  none(
    format('huggingface'),
    [csr('hf', 'huggingface', { workerSpec: {} })],
    'no-runtime',
    /multi-node only/,
    'no workers, and only a runtime that has some',
  ),
  none(
    format('mlflow'),
    [csr('ml', 'mlflow', { protocolVersions: ['v2'] })],
    'no-runtime-for-protocol',
    /"ml" speaks v2; protocolVersion is unset.*protocolVersion to v2/,
    'v1 by default',
  ),
  none(
    { ...format('sklearn'), protocolVersion: 'grpc-v2' },
    [csr('sk', 'sklearn')],
    'no-runtime-for-protocol',
    /speaks v1, v2 only/,
    'a protocol that none speaks',
  ),
  none(
    { ...format('sklearn'), protocolVersion: 'V2' },
    [csr('sk', 'sklearn')],
    'no-runtime-for-protocol',
    /asks for V2/,
    'a protocol that there is not',
  ),
  none(
    format('statsmodels'),
    [sr('byname', 'statsmodels', { supportedModelFormats: [{ name: 'statsmodels' }] })],
    'runtime-not-auto-selectable',
    /"byname" serves "statsmodels".*runtime to byname/,
    'no autoSelect',
  ),
  none(
    { ...format('statsmodels'), protocolVersion: 'v2' },
    [sr('byname', 'statsmodels', { supportedModelFormats: [{ name: 'statsmodels' }], protocolVersions: ['v1'] })],
    'no-runtime',
    /autoSelect is not set.*speaks v1 only/,
    'neither autoSelect nor the protocol',
  ),
  none(format('sklearn'), [csr('late', 'sklearn')], 'no-runtime', /"late" serves it now/, 'a runtime that came later'),

  {
    what: 'a name that there is not',
    code: 'runtime-not-found',
    model: { ...format('sklearn'), runtime: 'kserve-sklearn' },
    reason: 'RuntimeNotRecognized',
    message: 'Waiting for runtime to become available',
    runtimes: [csr('kserve-sklearnserver', 'sklearn')],
    says: /"kserve-sklearn".*runtime to "kserve-sklearnserver".*leave .* out: KServe would then choose/,
  },
  {
    what: 'a name with something at its end',
    code: 'runtime-not-found',
    model: { ...format('sklearn'), runtime: 'kserve-sklearnserver-gpu' },
    reason: 'RuntimeNotRecognized',
    message: 'Waiting for runtime to become available',
    runtimes: [csr('kserve-sklearnserver', 'sklearn')],
    says: /runtime to "kserve-sklearnserver"/,
  },
  {
    what: 'a runtime that came later, by name',
    code: 'runtime-not-found',
    model: { ...format('sklearn'), runtime: 'sk' },
    reason: 'RuntimeNotRecognized',
    message: 'Waiting for runtime to become available',
    runtimes: [sr('sk', 'sklearn')],
    says: /there is one now/,
  },
  {
    what: 'a runtime of another namespace, by name',
    code: 'runtime-not-found',
    model: { ...format('sklearn'), runtime: 'sk' },
    reason: 'RuntimeNotRecognized',
    message: 'Waiting for runtime to become available',
    runtimes: [sr('sk', 'sklearn', {}, 'team-b')],
    says: /is called "sk"/,
  },
  {
    what: 'a disabled one, by name',
    code: 'runtime-disabled',
    model: { ...format('sklearn'), runtime: 'sk' },
    reason: 'RuntimeDisabled',
    message: 'Specified runtime is disabled',
    runtimes: [csr('sk', 'sklearn'), sr('sk', 'sklearn', { disabled: true })],
    says: /"sk" is disabled.*ServingRuntime sk to false/,
  },
  {
    what: 'another protocol, by name',
    code: 'runtime-protocol',
    model: { ...format('sklearn'), runtime: 'sk', protocolVersion: 'grpc-v2' },
    reason: 'NoSupportingRuntime',
    message: WRONG_PROTOCOL,
    runtimes: [csr('sk', 'sklearn')],
    says: /speaks v1, v2 only.*protocolVersion to v1/,
  },
  {
    what: 'another format, by name',
    code: 'runtime-format',
    model: { ...format('onnx'), runtime: 'sk' },
    reason: 'NoSupportingRuntime',
    message: WRONG_FORMAT,
    runtimes: [csr('sk', 'sklearn')],
    says: /lists sklearn, not onnx/,
  },
  {
    what: 'another version, by name',
    code: 'runtime-format',
    model: { ...format('sklearn', '2'), runtime: 'sk' },
    reason: 'NoSupportingRuntime',
    message: WRONG_FORMAT,
    runtimes: [csr('sk', 'sklearn')],
    says: /lists version 1; the model asks for 2/,
  },
  {
    what: 'no container',
    code: 'runtime-without-container',
    model: { ...format('sklearn'), runtime: 'sk' },
    reason: 'InvalidPredictorSpec',
    message: 'no container configuration found in selected serving runtime',
    runtimes: [csr('sk', 'sklearn', { containers: [] })],
    says: /"sk" has no container/,
  },
  {
    what: 'no container of the name',
    code: 'runtime-without-container',
    model: format('sklearn'),
    reason: 'InvalidPredictorSpec',
    message: 'failed to find kserve-container in ServingRuntime containers',
    runtimes: [csr('sk', 'sklearn', { containers: [{ name: 'server' }] })],
    says: /"sk" has no container/,
  },
  {
    what: 'no worker',
    code: 'runtime-without-container',
    model: { ...format('sklearn'), runtime: 'sk' },
    reason: 'InvalidPredictorSpec',
    message: 'No workerSpec container configuration found in selected serving runtime',
    runtimes: [csr('sk', 'sklearn', { workerSpec: {} })],
    says: /No workerSpec container/,
    predictor: { workerSpec: {} },
  },
  {
    what: 'a placeholder',
    code: 'invalid-predictor-spec',
    model: { ...format('sklearn'), runtime: 'sk' },
    reason: 'InvalidPredictorSpec',
    message: 'failed to replace placeholders in serving runtime sk Container kserve-container',
    runtimes: [csr('sk', 'sklearn')],
    says: /placeholders/,
  },
];

const invalid = (reason: string, message: string) => ({
  ...SILENT,
  modelStatus: { transitionStatus: 'InvalidSpec', states: { targetModelState: 'FailedToLoad' }, lastFailureInfo: { reason, message } },
});

describe('selection that fails', () => {
  for (const { what, code, model, reason, message, runtimes = [], says, predictor = {} } of CASES) {
    const service = (status: object) => isvc({ status, predictor: { model: { storageUri: 's3://m/x', ...model }, ...predictor } });

    it(`${code}: ${what}`, () => {
      const [first] = findingsOf([service(invalid(reason, message)), ...runtimes]);
      assert.equal(first?.code, code, first?.message);
      assert.match(`${first?.message} ${first?.fix?.text}`, says);
      assert.ok(first?.evidence.some(({ value }) => value === message));
    });

    it(`${code}, while old Pods serve: ${what}`, () => {
      assert.equal(rootOf([service({ ...invalid(reason, message), ...READY }), ...runtimes]), code);
    });

    it(`is not guessed where the runtimes could not be read: ${what}`, () => {
      const root = rootOf([service(invalid(reason, message))], { isComplete: (kind) => !kind.endsWith('ServingRuntime') });
      assert.equal(root, message === ALL ? 'no-supporting-runtime' : code);
    });
  }

  it('takes no failure for one that is over: KServe never clears it', () => {
    const over = {
      ...READY,
      modelStatus: { transitionStatus: 'UpToDate', lastFailureInfo: { reason: 'RuntimeNotRecognized', message: 'x' } },
    };
    assert.equal(rootOf([isvc({ status: over })]), 'ok');
  });

  it('knows a status from before KServe 0.17, without conditions', () => {
    const { conditions: _, ...old } = invalid('NoSupportingRuntime', ALL);
    assert.equal(rootOf([isvc({ status: old, predictor: { model: format('x') } }), csr('sk', 'sklearn')]), 'no-runtime');
  });

  const workers = { model: { ...format('sklearn'), runtime: 'sk' }, workerSpec: {} };
  it('sees what KServe fails at without a word', () => {
    const finalizers = ['inferenceservice.finalizers'];
    assert.equal(rootOf([isvc({ predictor: workers, finalizers }), csr('sk', 'sklearn')]), 'multi-node-mismatch');
    const head = isvc({ status: READY, predictor: { model: workers.model } });
    assert.equal(rootOf([head, csr('sk', 'sklearn', { workerSpec: {} })]), 'multi-node-mismatch');
  });

  it('says that GPUs cannot be shared out among workers', () => {
    const text = 'the total number of GPUs does not fit';
    const said = conditions({ PredictorReady: ['False', 'InvalidGPUAllocation', text], Ready: ['False', 'InvalidGPUAllocation', text] });
    assert.equal(rootOf([isvc({ status: said })]), 'reconcile-failed');
  });
});
