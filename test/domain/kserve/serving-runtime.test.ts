import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lowestProtocol, modelFormatText, toServingRuntime } from '../../../src/domain/kserve/serving-runtime.ts';
import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';

describe('toServingRuntime', () => {
  it('reads a runtime', () => {
    const object: KubeObject = {
      metadata: {
        name: 'r',
        namespace: 'team',
        creationTimestamp: '2026-01-01T00:00:00Z',
        labels: { a: 'b' },
        annotations: { 'serving.kserve.io/server-type': 'mlserver', 'openshift.io/display-name': 'For people' },
      },
      spec: {
        disabled: true,
        multiModel: true,
        workerSpec: {},
        protocolVersions: ['v1', 'v2'],
        supportedModelFormats: [{ name: 'sklearn', version: '1', autoSelect: true, priority: 2 }, { name: 'onnx' }],
        containers: [
          { name: 'sidecar', image: 'other' },
          { name: 'kserve-container', image: 'the:image' },
        ],
      },
    };
    assert.deepEqual(toServingRuntime(object, 'namespace'), {
      scope: 'namespace',
      name: 'r',
      namespace: 'team',
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: { a: 'b' },
      supportedModelFormats: [
        { name: 'sklearn', version: '1', autoSelect: true, priority: 2 },
        { name: 'onnx', autoSelect: false },
      ],
      protocolVersions: ['v1', 'v2'],
      disabled: true,
      multiModel: true,
      multiNode: true,
      containerNames: ['sidecar', 'kserve-container'],
      malformed: [],
      serverType: { name: 'mlserver', from: 'annotation' },
      image: 'the:image',
      displayName: 'For people',
    });
  });

  it('reads a version that is a number as text', () => {
    const spec = { supportedModelFormats: [{ name: 'sklearn', version: 1 }] };
    assert.deepEqual(toServingRuntime({ metadata: {}, spec }, 'cluster').supportedModelFormats, [
      { name: 'sklearn', version: '1', autoSelect: false },
    ]);
  });

  it('takes the server type from the name of a runtime of KServe without the annotation', () => {
    assert.deepEqual(toServingRuntime({ metadata: { name: 'kserve-tritonserver' } }, 'cluster').serverType, {
      name: 'tritonserver',
      from: 'name',
    });
    assert.equal(toServingRuntime({ metadata: { name: 'constructor' } }, 'cluster').serverType, undefined);
  });

  it('reads an explicit null as absent', () => {
    const spec = { workerSpec: null, disabled: null, protocolVersions: null, supportedModelFormats: null, containers: null };
    assert.deepEqual(toServingRuntime({ metadata: { name: 'r' }, spec }, 'cluster'), {
      scope: 'cluster',
      name: 'r',
      labels: {},
      supportedModelFormats: [],
      protocolVersions: [],
      disabled: false,
      multiModel: false,
      multiNode: false,
      containerNames: [],
      malformed: [],
    });
  });

  it('names the fields that KServe cannot read', () => {
    const spec = {
      protocolVersions: 'v2',
      disabled: 'no',
      supportedModelFormats: [{ name: 'sklearn', version: 1, autoSelect: 'yes', priority: '2' }, { version: null }],
    };
    assert.deepEqual(
      toServingRuntime({ metadata: {}, spec }, 'cluster').malformed.map(({ field, value, wanted }) => `${field} ${value} ${wanted}`),
      [
        'spec.protocolVersions "v2" a list',
        'spec.disabled "no" true or false',
        'spec.supportedModelFormats[0].version 1 a string',
        'spec.supportedModelFormats[0].autoSelect "yes" true or false',
        'spec.supportedModelFormats[0].priority "2" a number',
        'spec.supportedModelFormats[1].name null a string',
      ],
    );
  });

  it('takes anything that a CRD without a schema stores', () => {
    const field = fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue()));
    const spec = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom('supportedModelFormats', 'protocolVersions', 'containers', 'disabled', 'workerSpec'), field),
    );
    fc.assert(
      fc.property(spec, fc.dictionary(fc.constantFrom('name', 'labels', 'annotations', 'creationTimestamp'), field), (junk, metadata) => {
        const runtime = toServingRuntime({ metadata, spec: junk } as KubeObject, 'namespace');
        assert.equal(typeof runtime.name, 'string');
        assert.equal(typeof runtime.disabled, 'boolean');
        for (const format of runtime.supportedModelFormats) assert.equal(typeof modelFormatText(format), 'string');
      }),
    );
  });
});

describe('lowestProtocol', () => {
  it('follows the order of KServe, in which unknown ones come last', () => {
    assert.equal(lowestProtocol({ protocolVersions: ['foo', 'grpc-v2', 'grpc-v1', 'v2', 'v1'] }), 'v1');
    assert.equal(lowestProtocol({ protocolVersions: ['foo', 'grpc-v2', 'grpc-v1'] }), 'grpc-v1');
    assert.equal(lowestProtocol({ protocolVersions: ['toString'] }), 'toString');
    assert.equal(lowestProtocol({ protocolVersions: [] }), undefined);
  });
});
