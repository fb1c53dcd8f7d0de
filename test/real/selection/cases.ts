import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';

/** An InferenceService as a user writes it, and runtimes to plant in its namespace. */
export interface SelectionCase {
  readonly title: string;
  /** Without name and namespace, which the test gives. */
  readonly spec: { readonly predictor: object };
  readonly annotations?: Readonly<Record<string, string>>;
  /** Its status names the runtime of the namespace that has the name of the chosen one. */
  readonly isNamedWrongly?: true;
}

/** A namespace of its own with runtimes, created in this order a second apart, and InferenceServices in it. */
export interface SelectionScene {
  readonly title: string;
  readonly runtimes: readonly KubeObject[];
  readonly cases: readonly SelectionCase[];
}

/** Formats and versions that KServe's own runtimes list, and some that only look like it. */
const FORMATS: readonly (readonly [format: string, version?: string])[] = [
  ['sklearn'],
  ['sklearn', '0'],
  ['sklearn', '1'],
  ['xgboost'],
  ['xgboost', '1'],
  ['xgboost', '2'],
  ['xgboost', '3'],
  ['lightgbm'],
  ['lightgbm', '3'],
  ['lightgbm', '4'],
  ['mlflow'],
  ['mlflow', '1'],
  ['mlflow', '2'],
  ['catboost'],
  ['pmml', '4'],
  ['paddle'],
  ['tensorflow'],
  ['tensorflow', '2'],
  ['onnx'],
  ['tensorrt', '8'],
  ['triton'],
  ['pytorch', '1'],
  ['huggingface'],
  ['vLLM'],
  ['autogluon'],
];
const ALIKE: readonly (readonly [format: string, version?: string])[] = [
  ['sklearn', '1.0'],
  ['sklearn', ''],
  ['SKLearn'],
  ['vllm'],
  ['sklearn:1'],
  ['statsmodels'],
  ['constructor'],
];
const PROTOCOLS = [undefined, 'v1', 'v2', 'grpc-v2'] as const;

interface Model {
  readonly version?: string | undefined;
  readonly protocol?: string | undefined;
  readonly runtime?: string;
}

function model(format: string, { version, protocol, runtime }: Model = {}): SelectionCase['spec'] {
  return {
    predictor: {
      model: {
        modelFormat: { name: format, ...(version !== undefined && { version }) },
        ...(protocol !== undefined && { protocolVersion: protocol }),
        ...(runtime !== undefined && { runtime }),
        storageUri: 'gs://example/model',
      },
    },
  };
}

const automatic = [...FORMATS, ...ALIKE].flatMap(([format, version]) =>
  PROTOCOLS.map((protocol): SelectionCase => {
    const title = `${format}${version === undefined ? '' : ` version "${version}"`}, protocol ${protocol ?? 'unset'}`;
    return { title, spec: model(format, { version, protocol }) };
  }),
);

const explicit: SelectionCase[] = [
  ['sklearn', 'kserve-sklearnserver'],
  ['sklearn', 'kserve-mlserver'],
  ['sklearn', 'kserve-mlserver', 'v1'],
  ['sklearn', 'kserve-predictiveserver'],
  ['sklearn', 'kserve-xgbserver'],
  ['sklearn', 'kserve-sklearn'],
  ['sklearn', ''],
  ['tensorflow', 'kserve-tensorflow-serving', 'v2'],
  ['tensorflow', 'kserve-tritonserver'],
  ['triton', 'kserve-tritonserver'],
  ['huggingface', 'kserve-huggingfaceserver', 'v1'],
  ['pytorch', 'kserve-torchserve', 'grpc-v2'],
].map(([format = '', runtime = '', protocol]) => ({
  title: `${format} by the runtime "${runtime}", protocol ${protocol ?? 'unset'}`,
  spec: model(format, { runtime, protocol }),
}));

const legacy = ['sklearn', 'xgboost', 'tensorflow', 'pytorch', 'triton', 'onnx', 'huggingface', 'pmml', 'lightgbm', 'paddle'].map(
  (field): SelectionCase => ({ title: `the old field ${field}`, spec: { predictor: { [field]: { storageUri: 'gs://example/model' } } } }),
);

const multiNode: SelectionCase = {
  title: 'several nodes',
  annotations: { 'serving.kserve.io/autoscalerClass': 'none' },
  spec: {
    predictor: {
      model: { modelFormat: { name: 'huggingface' }, storageUri: 'pvc://models/llama' },
      workerSpec: { pipelineParallelSize: 2, tensorParallelSize: 1 },
    },
  },
};

type Format = { readonly name: string; readonly version?: string; readonly autoSelect?: boolean; readonly priority?: number };

function runtime(name: string, formats: readonly Format[], more: object = {}): KubeObject {
  const containers = [{ name: 'kserve-container', image: `example.org/${name}:1` }];
  return {
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'ServingRuntime',
    metadata: { name },
    spec: { supportedModelFormats: formats, containers, ...more },
  };
}

const auto = (name: string, priority?: number): Format => ({ name, autoSelect: true, ...(priority !== undefined && { priority }) });

/** What the project's own runtimes and those of a namespace do to each other. */
export const SCENES: readonly SelectionScene[] = [
  { title: "KServe's own runtimes", runtimes: [], cases: [...automatic, ...explicit, ...legacy, multiNode] },
  {
    title: 'a runtime of the namespace before any of the cluster, whatever the priorities',
    runtimes: [runtime('small', [auto('sklearn')], { protocolVersions: ['v1', 'v2'] })],
    cases: [
      { title: 'sklearn', spec: model('sklearn') },
      { title: 'sklearn, v2', spec: model('sklearn', { protocol: 'v2' }) },
      { title: 'sklearn, a version that it does not list', spec: model('sklearn', { version: '1' }) },
      { title: 'sklearn, a protocol that it does not speak', spec: model('sklearn', { protocol: 'grpc-v2' }) },
    ],
  },
  {
    title: 'a name of the cluster taken by an unfitting runtime of the namespace',
    runtimes: [
      runtime('kserve-sklearnserver', [auto('other')]),
      runtime('kserve-xgbserver', [auto('xgboost')], { disabled: true, protocolVersions: ['v1'] }),
    ],
    cases: [
      { title: 'not named: the one of the cluster', spec: model('sklearn'), isNamedWrongly: true },
      { title: 'named: it hides the one of the cluster', spec: model('sklearn', { runtime: 'kserve-sklearnserver' }) },
      { title: 'named: disabled', spec: model('xgboost', { runtime: 'kserve-xgbserver' }) },
    ],
  },
  {
    title: 'order within a namespace',
    runtimes: [
      runtime('a-oldest', [auto('toy', 2)], { protocolVersions: ['v1'] }),
      runtime('b-other-protocol', [auto('toy', 2)], { protocolVersions: ['grpc-v1'] }),
      runtime('c-higher', [auto('toy', 3)], { protocolVersions: ['v2'] }),
      runtime('d-no-priority', [auto('toy')], { protocolVersions: ['v1'] }),
      runtime('e-any-protocol', [auto('toy', 4)]),
      runtime('f-not-automatic', [{ name: 'toy', priority: 9 }], { protocolVersions: ['v1'] }),
      runtime('g-ties', [auto('twin')], { protocolVersions: ['v1'] }),
      runtime('h-ties', [auto('twin')], { protocolVersions: ['v1'] }),
      runtime('i-disabled', [auto('gone')], { disabled: true }),
      runtime('j-multi-model', [auto('mesh')], { multiModel: true }),
    ],
    cases: [
      { title: 'toy', spec: model('toy') },
      { title: 'toy, v1', spec: model('toy', { protocol: 'v1' }) },
      { title: 'toy, v2', spec: model('toy', { protocol: 'v2' }) },
      { title: 'toy, grpc-v1', spec: model('toy', { protocol: 'grpc-v1' }) },
      { title: 'toy, an unknown protocol', spec: model('toy', { protocol: 'v9' }) },
      { title: 'toy, by a runtime that is not automatic', spec: model('toy', { runtime: 'f-not-automatic' }) },
      { title: 'twin: the newer one', spec: model('twin') },
      { title: 'gone: disabled', spec: model('gone') },
      { title: 'mesh: for ModelMesh', spec: model('mesh') },
      { title: 'mesh, named', spec: model('mesh', { runtime: 'j-multi-model' }) },
    ],
  },
  {
    title: 'versions',
    runtimes: [
      runtime(
        'versions',
        [
          { ...auto('toy', 1), version: '1' },
          { ...auto('toy', 1), version: '2' },
          { name: 'toy', version: '3' },
        ],
        {
          protocolVersions: ['v1'],
        },
      ),
      runtime('no-version', [auto('toy', 2)], { protocolVersions: ['v1'] }),
    ],
    cases: [undefined, '1', '2', '3', '1.0', ''].map((version) => ({
      title: version === undefined ? 'no version' : `version "${version}"`,
      spec: model('toy', { version }),
    })),
  },
];
