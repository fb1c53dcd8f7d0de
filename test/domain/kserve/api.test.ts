import assert from 'node:assert/strict';
import { runtimeApis } from '../../../src/domain/kserve/api.ts';
import type { ApiGroup, Discovery } from '../../../src/domain/kubernetes/resource.ts';

function group(name: string, versions: Readonly<Record<string, readonly string[]>>, stale = false): ApiGroup {
  return {
    name,
    versions: Object.entries(versions).map(([version, plurals]) => ({
      version,
      stale,
      resources: plurals.map((plural) => ({
        group: name,
        version,
        plural,
        kind: plural,
        namespaced: true,
        singular: '',
        shortNames: [],
        verbs: [],
        subresources: [],
      })),
    })),
  };
}

function kserve(versions: Readonly<Record<string, readonly string[]>>, stale = false): Discovery {
  return { groups: [group('apps', { v1: ['deployments'] }), group('serving.kserve.io', versions, stale)] };
}

const BOTH = ['servingruntimes', 'clusterservingruntimes'];

describe('runtimeApis', () => {
  it('finds the version for each resource, which need not be the preferred one of the group', () => {
    const { state, servingRuntimes, clusterServingRuntimes } = runtimeApis(kserve({ v1beta1: ['inferenceservices'], v1alpha1: BOTH }));
    assert.equal(state, 'installed');
    assert.deepEqual(servingRuntimes, {
      type: { group: 'serving.kserve.io', version: 'v1alpha1', plural: 'servingruntimes', kind: 'ServingRuntime', namespaced: true },
      installed: 'yes',
    });
    assert.deepEqual(clusterServingRuntimes.type.namespaced, false);
  });

  it('takes the preferred version if it serves the resource, else the highest', () => {
    const version = (discovery: Discovery) => runtimeApis(discovery).servingRuntimes.type.version;
    assert.equal(version(kserve({ v1alpha1: BOTH, v1: BOTH })), 'v1alpha1');
    assert.equal(version(kserve({ v2: [], v1alpha1: BOTH, v1alpha2: BOTH, v1beta1: BOTH, other: BOTH })), 'v1beta1');
    assert.equal(version(kserve({ v3: [], v1alpha9: BOTH, v1alpha10: BOTH })), 'v1alpha10');
    assert.equal(version(kserve({ v3: [], v1beta1: BOTH, v1: BOTH, v2: BOTH })), 'v2');
  });

  it('tells the states of an installation apart', () => {
    const state = (discovery: Discovery | undefined) => runtimeApis(discovery).state;
    assert.equal(state(undefined), 'unknown');
    assert.equal(state(kserve({ v1alpha1: ['servingruntimes'] })), 'clusterRuntimesAbsent');
    assert.equal(state(kserve({ v1alpha1: ['clusterservingruntimes'] })), 'servingRuntimesAbsent');
    assert.equal(state(kserve({ v1beta1: ['inferenceservices'] })), 'servingRuntimesAbsent');
    assert.equal(state({ groups: [] }), 'notInstalled');
    assert.equal(state({ groups: [group('serving.kubeflow.org', { v1beta1: ['inferenceservices'] })] }), 'legacy');
    assert.equal(state(kserve({ v1alpha1: [] }, true)), 'unknown');
  });

  it('asks in the usual version where discovery does not say', () => {
    assert.equal(runtimeApis(undefined).clusterServingRuntimes.type.version, 'v1alpha1');
  });
});
