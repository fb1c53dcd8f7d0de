import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type ModelRequest, toModelRequest } from '../../../src/domain/kserve/model.ts';
import { runtimeCandidates, selectRuntime } from '../../../src/domain/kserve/runtime-selection.ts';
import { type ServingRuntime, type SupportedModelFormat, toServingRuntime } from '../../../src/domain/kserve/serving-runtime.ts';
import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';
import { kserveObjects } from '../../../tools/fixtures.ts';

function installedRuntimes(): readonly ServingRuntime[] {
  return kserveObjects('cluster-resources-v0.20.0')
    .filter(({ kind }) => kind === 'ClusterServingRuntime')
    .map((object) => toServingRuntime(object, 'cluster'));
}

function runtime(name: string, change: Partial<ServingRuntime> = {}): ServingRuntime {
  return {
    scope: 'cluster',
    name,
    labels: {},
    supportedModelFormats: [{ name: 'f', autoSelect: true }],
    protocolVersions: [],
    disabled: false,
    multiModel: false,
    multiNode: false,
    containerNames: ['kserve-container'],
    malformed: [],
    ...change,
  };
}

function entry(change: Partial<SupportedModelFormat> = {}): SupportedModelFormat {
  return { name: 'f', autoSelect: true, ...change };
}

function request(change: Partial<ModelRequest> = {}): ModelRequest {
  return { format: 'f', multiNode: false, ...change };
}

function names(asked: ModelRequest, ...runtimes: readonly ServingRuntime[]): readonly string[] {
  return runtimeCandidates(asked, runtimes).map(({ name }) => name);
}

function model(spec: object): ModelRequest | undefined {
  return toModelRequest({ metadata: {}, spec: { predictor: spec } });
}

describe('selection of the runtimes that KServe 0.20 installs', () => {
  const NONE: readonly string[] = [];
  const table: readonly (readonly [formats: string, versions: string, protocols: string, candidates: readonly string[]])[] = [
    ['sklearn', '-|1', '-', ['kserve-sklearnserver']],
    ['sklearn', '-|1', 'v2', ['kserve-mlserver', 'kserve-sklearnserver']],
    ['sklearn', '1.0', '-|v1|v2', NONE],
    ['xgboost', '-|2', '-', ['kserve-xgbserver']],
    ['xgboost', '-|2', 'v2', ['kserve-mlserver', 'kserve-xgbserver']],
    ['lightgbm', '-|4', '-', ['kserve-lgbserver']],
    ['lightgbm', '-|4', 'v2', ['kserve-mlserver', 'kserve-lgbserver']],
    ['sklearn', '0', '-', NONE],
    ['sklearn', '0', 'v2', ['kserve-mlserver']],
    ['xgboost', '1', 'v2', ['kserve-mlserver']],
    ['lightgbm', '3', 'v2', ['kserve-mlserver']],
    ['mlflow', '-|1|2', '-', NONE],
    ['mlflow', '-|1|2', 'v2', ['kserve-mlserver']],
    ['onnx', '-|1', '-', NONE],
    ['onnx', '-|1', 'v2|grpc-v2', ['kserve-tritonserver']],
    ['tensorrt', '-|8', 'v2|grpc-v2', ['kserve-tritonserver']],
    ['triton', '-|2', '-|v2|grpc-v2', ['kserve-tritonserver']],
    ['triton', '-|2', 'v1', NONE],
    ['tensorflow', '-|1|2', '-|grpc-v1', ['kserve-tensorflow-serving']],
    ['tensorflow', '-|2', 'v2|grpc-v2', ['kserve-tritonserver']],
    ['pytorch', '-|1', '-|v2|grpc-v2', ['kserve-torchserve']],
    ['pytorch', '-|1', 'grpc-v1', NONE],
    ['huggingface', '-|1', '-|v2', ['kserve-huggingfaceserver']],
    ['vLLM', '-|1', '-|v1|v2', ['kserve-vllmserver']],
    ['vllm', '-|1', '-|v2', NONE],
    ['paddle', '2', '-|v2', ['kserve-paddleserver']],
    ['pmml', '3|4', '-|v2', ['kserve-pmmlserver']],
    ['autogluon', '-|1', '-|v2', ['kserve-autogluonserver']],
  ];

  for (const [format, versions, protocols, candidates] of table) {
    it(`answers ${format} ${versions} with protocol ${protocols}`, () => {
      const installed = installedRuntimes();
      for (const version of versions.split('|')) {
        for (const protocol of protocols.split('|')) {
          const asked = model({
            model: {
              modelFormat: { name: format, ...(version !== '-' && { version }) },
              ...(protocol !== '-' && { protocolVersion: protocol }),
            },
          });
          assert.deepEqual(names(asked as ModelRequest, ...installed), candidates, `${version} ${protocol}`);
        }
      }
    });
  }
});

describe('selection beside them', () => {
  const candidates = (format: string, more: object, ...added: readonly ServingRuntime[]) => {
    const { workerSpec, ...asked } = more as { workerSpec?: object };
    const predictor = { model: { modelFormat: { name: format }, ...asked }, ...(workerSpec && { workerSpec }) };
    return names(model(predictor) as ModelRequest, ...installedRuntimes(), ...added);
  };

  it('takes a multi-node runtime for a request with workers, and only then', () => {
    assert.deepEqual(candidates('huggingface', { workerSpec: {} }), ['kserve-huggingfaceserver-multinode']);
    assert.deepEqual(candidates('sklearn', { workerSpec: {} }), []);
  });

  it('never takes one without autoSelect', () => {
    const everywhere = ['sklearn', 'xgboost', 'lightgbm'].flatMap((format) => candidates(format, { protocolVersion: 'v2' }));
    assert.ok(!everywhere.includes('kserve-predictiveserver'));
  });

  it('ranks kserve-openvino as KServe does', () => {
    const openvino = toServingRuntime(kserveObjects('openvino')[0] as KubeObject, 'cluster');
    const tensorflow = (version: object) => candidates('tensorflow', { modelFormat: { name: 'tensorflow', ...version } }, openvino);
    assert.deepEqual(tensorflow({}), ['kserve-openvino', 'kserve-tensorflow-serving']);
    assert.deepEqual(tensorflow({ version: '1' }), ['kserve-openvino', 'kserve-tensorflow-serving']);
    assert.deepEqual(tensorflow({ version: '2' }), ['kserve-tensorflow-serving']);
    assert.deepEqual(candidates('onnx', { protocolVersion: 'v1' }, openvino), ['kserve-openvino']);
    assert.deepEqual(candidates('huggingface', {}, openvino), ['kserve-huggingfaceserver', 'kserve-openvino']);
  });
});

describe('toModelRequest', () => {
  it('has nothing to ask for a predictor of plain containers or for ModelMesh', () => {
    assert.equal(model({ containers: [] }), undefined);
    const annotations = { 'serving.kserve.io/deploymentMode': 'ModelMesh' };
    assert.equal(toModelRequest({ metadata: { annotations }, spec: { predictor: { sklearn: {} } } }), undefined);
  });

  it('turns the first legacy field into a model, in place of one given beside it', () => {
    assert.deepEqual(model({ model: { modelFormat: { name: 'x' } }, xgboost: {}, sklearn: { protocolVersion: 'v2' } }), {
      format: 'sklearn',
      protocol: 'v2',
      multiNode: false,
    });
    assert.deepEqual(model({ onnx: {} }), { format: 'onnx', protocol: 'v2', multiNode: false });
    assert.deepEqual(model({ sklearn: null, pmml: {} }), { format: 'pmml', multiNode: false });
  });

  it('defaults the protocol of triton and vLLM models only', () => {
    const protocol = (name: string) => model({ model: { modelFormat: { name } } })?.protocol;
    assert.deepEqual(['triton', 'vLLM', 'vllm', 'onnx', 'huggingface'].map(protocol), ['v2', 'v2', undefined, undefined, undefined]);
  });

  it('keeps empty strings as values', () => {
    const asked = model({ model: { modelFormat: { name: 'f', version: '' }, protocolVersion: '', runtime: '' }, workerSpec: {} });
    assert.deepEqual(asked, { format: 'f', version: '', protocol: '', runtime: '', multiNode: true });
  });
});

describe('runtimeCandidates', () => {
  it('orders names by their bytes', () => {
    const unsorted = ['ab', 'a9', 'a10', 'a0', 'a.b', 'a-b', 'a'].map((name) => runtime(name));
    assert.deepEqual(names(request(), ...unsorted), ['a', 'a-b', 'a.b', 'a0', 'a10', 'a9', 'ab']);
  });

  it('puts the newest first, and one without a time last', () => {
    const [old, young] = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'];
    const runtimes = [runtime('a'), runtime('b', { creationTimestamp: old }), runtime('c', { creationTimestamp: young })];
    assert.deepEqual(names(request(), ...runtimes), ['c', 'b', 'a']);
    assert.deepEqual(names(request(), runtime('b', { creationTimestamp: old }), runtime('a', { creationTimestamp: old })), ['a', 'b']);
  });

  it('puts any namespaced runtime before any other, whatever the priorities', () => {
    const high = runtime('high', { supportedModelFormats: [entry({ priority: 99 })] });
    assert.deepEqual(names(request(), high, runtime('low', { scope: 'namespace' })), ['low', 'high']);
  });

  it('counts the priority of the first entry of the name only', () => {
    const up = runtime('up', { supportedModelFormats: [entry({ priority: 1 }), entry({ priority: 5 })] });
    const down = runtime('down', { supportedModelFormats: [entry({ priority: 5 }), entry({ priority: 1 })] });
    const middle = runtime('middle', { supportedModelFormats: [entry({ priority: 3 })] });
    const none = runtime('a-none', { supportedModelFormats: [entry(), entry({ priority: 9 })] });
    const unselected = runtime('manual-first', { supportedModelFormats: [entry({ autoSelect: false, priority: 4 }), entry()] });
    assert.deepEqual(names(request(), up, down, middle, none, unselected), ['down', 'manual-first', 'middle', 'up', 'a-none']);
  });

  it('sorts by the lowest protocol before age and name', () => {
    const runtimes = [runtime('a', { protocolVersions: ['grpc-v2', 'v2'] }), runtime('b', { protocolVersions: ['v2', 'v1'] })];
    assert.deepEqual(names(request({ protocol: 'v2' }), ...runtimes), ['b', 'a']);
  });

  it('takes an absent protocol for v1, an empty one for any', () => {
    const v2 = runtime('v2', { protocolVersions: ['v2'] });
    assert.deepEqual(names(request(), v2), []);
    assert.deepEqual(names(request({ protocol: '' }), v2), ['v2']);
    assert.deepEqual(names(request({ protocol: 'v9' }), runtime('any'), v2), ['any']);
  });

  it('compares versions as text, and wants one where one is asked for', () => {
    const unversioned = runtime('unversioned');
    const one = runtime('one', { supportedModelFormats: [entry({ version: '1' })] });
    assert.deepEqual(names(request({ version: '1' }), unversioned, one), ['one']);
    assert.deepEqual(names(request({ version: '1.0' }), unversioned, one), []);
    assert.deepEqual(names(request(), unversioned, one), ['one', 'unversioned']);
    assert.deepEqual(names(request({ format: 'f:1' }), one), ['one']);
  });

  it('leaves out disabled, ModelMesh and manual runtimes, and those of the other kind of nodes', () => {
    const others = [
      runtime('a', { disabled: true }),
      runtime('b', { multiModel: true }),
      runtime('c', { supportedModelFormats: [entry({ autoSelect: false })] }),
    ];
    const nodes = runtime('nodes', { multiNode: true });
    assert.deepEqual(names(request(), ...others, nodes), []);
    assert.deepEqual(names(request({ multiNode: true }), ...others, nodes, runtime('single')), ['nodes']);
  });

  it('does not depend on the order of its input', () => {
    const some = fc.record({
      name: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 5, maxLength: 5 }),
      priorities: fc.array(fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }), { minLength: 5, maxLength: 5 }),
    });
    fc.assert(
      fc.property(some, ({ name, priorities }) => {
        const runtimes = name.map((one) => {
          const priority = priorities['abcde'.indexOf(one)];
          return runtime(one, { supportedModelFormats: [entry(priority === undefined ? {} : { priority })] });
        });
        const sorted = runtimes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
        assert.deepEqual(names(request(), ...runtimes), names(request(), ...sorted));
      }),
    );
  });
});

describe('selectRuntime with a named runtime', () => {
  const asked = request({ runtime: 'r' });

  it('lets a namespaced runtime hide a cluster-scoped one, even one that is disabled', () => {
    const hiding = runtime('r', { scope: 'namespace', disabled: true });
    assert.deepEqual(selectRuntime(asked, [runtime('r'), hiding]), {
      mode: 'explicit',
      failure: { reason: 'RuntimeDisabled', runtime: hiding },
    });
  });

  it('needs no autoSelect, and looks at neither ModelMesh nor nodes', () => {
    const manual = runtime('r', { supportedModelFormats: [entry({ autoSelect: false })], multiModel: true, multiNode: true });
    assert.deepEqual(selectRuntime(asked, [manual]), { mode: 'explicit', chosen: manual, candidates: [] });
  });

  it('checks a protocol only if one is asked for', () => {
    const v2 = runtime('r', { protocolVersions: ['v2'] });
    assert.ok('chosen' in selectRuntime(asked, [v2]));
    assert.deepEqual(selectRuntime({ ...asked, protocol: 'v1' }, [v2]), {
      mode: 'explicit',
      failure: { reason: 'NoSupportingRuntime', check: 'protocol', runtime: v2 },
    });
  });

  it('finds none of an empty name', () => {
    assert.deepEqual(selectRuntime(request({ runtime: '' }), [runtime('r')]), {
      mode: 'explicit',
      failure: { reason: 'RuntimeNotRecognized' },
    });
  });
});
