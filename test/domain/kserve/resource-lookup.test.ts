import assert from 'node:assert/strict';
import { findIdentityResource, findResource, isServed, resourcesOfGroup } from '../../../src/domain/kserve/resource-lookup.ts';
import type { ApiResource, Discovery } from '../../../src/domain/kubernetes/resource.ts';

function api(group: string, version: string, plural: string, kind: string, more: Partial<ApiResource> = {}): ApiResource {
  const singular = kind.toLowerCase();
  return { group, version, plural, kind, singular, namespaced: true, shortNames: [], verbs: ['list'], subresources: [], ...more };
}

const KNATIVE = api('serving.knative.dev', 'v1', 'services', 'Service', { shortNames: ['ksvc'] });
const CORE = api('', 'v1', 'services', 'Service', { shortNames: ['svc'] });
const ISVC = api('serving.kserve.io', 'v1beta1', 'inferenceservices', 'InferenceService', { shortNames: ['isvc'] });
const OLD = api('serving.kserve.io', 'v1alpha1', 'inferenceservices', 'InferenceService');

const DISCOVERY: Discovery = {
  groups: [
    { name: 'serving.knative.dev', versions: [{ version: 'v1', stale: false, resources: [KNATIVE] }] },
    { name: '', versions: [{ version: 'v1', stale: false, resources: [CORE] }] },
    {
      name: 'serving.kserve.io',
      versions: [
        { version: 'v1beta1', stale: false, resources: [ISVC] },
        { version: 'v1alpha1', stale: false, resources: [OLD] },
      ],
    },
  ],
};
const STALE: Discovery = {
  groups: [...DISCOVERY.groups, { name: 'metrics.k8s.io', versions: [{ version: 'v1', stale: true, resources: [] }] }],
};

function found(word: string, discovery: Discovery | undefined = DISCOVERY): ApiResource | undefined {
  const lookup = findResource(word, discovery);
  return lookup.kind === 'found' ? lookup.resource : undefined;
}

describe('findResource', () => {
  it('knows plural, singular, Kind and short name, bare, with the group, and with version and group', () => {
    const words = [
      'inferenceservices',
      'inferenceservice',
      'InferenceService',
      'isvc',
      'isvc.serving.kserve.io',
      'inferenceservices.v1beta1.serving.kserve.io',
    ];
    for (const word of words) assert.equal(found(word), ISVC, word);
    assert.equal(found('inferenceservices.v1alpha1.serving.kserve.io'), OLD);
    assert.equal(found('inferenceservices.v9.serving.kserve.io'), undefined);
  });

  it('takes the core group first for a bare word', () => {
    assert.equal(found('services'), CORE);
    assert.equal(found('services.serving.knative.dev'), KNATIVE);
    assert.equal(found('ksvc'), KNATIVE);
  });

  it('knows the kinds of KServe where they are not served, and where nothing is known', () => {
    const missing = findResource('clusterservingruntimes', DISCOVERY);
    assert.equal(missing.kind === 'found' && missing.installed, 'no');
    const open = findResource('isvc', undefined);
    assert.equal(open.kind === 'found' && open.installed, 'unknown');
    assert.deepEqual(findResource('pods', undefined), { kind: 'undetermined' });
  });

  it('suggests what was meant', () => {
    assert.deepEqual(findResource('servingruntimez', DISCOVERY), { kind: 'none', suggestion: 'servingruntimes' });
    assert.deepEqual(findResource('sr', DISCOVERY), { kind: 'none', suggestion: 'servingruntimes' });
    assert.deepEqual(findResource('zzzzzz', DISCOVERY), { kind: 'none', suggestion: undefined });
  });

  it('does not judge a word that a group may have that cannot be read', () => {
    assert.deepEqual(findResource('nodemetrics', STALE), { kind: 'undetermined' });
    assert.deepEqual(findResource('zzz.metrics.k8s.io', STALE), { kind: 'undetermined' });
    assert.equal(findResource('zzz.serving.kserve.io', STALE).kind, 'none');
    assert.equal(found('isvc', STALE), ISVC);
  });
});

describe('isServed', () => {
  it('is yes, no or unknown', () => {
    const wanted = (group: string, plural: string) => ({ group, plural });
    assert.equal(isServed(wanted('serving.kserve.io', 'inferenceservices'), DISCOVERY), 'yes');
    assert.equal(isServed(wanted('serving.kserve.io', 'servingruntimes'), DISCOVERY), 'no');
    assert.equal(isServed(wanted('apps', 'deployments'), DISCOVERY), 'no');
    assert.equal(isServed(wanted('metrics.k8s.io', 'pods'), STALE), 'unknown');
    assert.equal(isServed(wanted('apps', 'deployments'), undefined), 'unknown');
  });
});

describe('resourcesOfGroup', () => {
  it('lists each kind once, in its preferred version', () => {
    assert.deepEqual(resourcesOfGroup('serving.kserve.io', DISCOVERY), [ISVC]);
    assert.deepEqual(resourcesOfGroup('nope', DISCOVERY), []);
  });
});

describe('findIdentityResource', () => {
  it('is a fixed table', () => {
    assert.equal(findIdentityResource('groups')?.group, '');
    assert.equal(findIdentityResource('userextras')?.group, 'authentication.k8s.io');
    assert.equal(findIdentityResource('serviceaccounts'), undefined);
  });
});

describe('findResource, where several groups have a kind of the name', () => {
  const OME = api('ome.io', 'v1beta1', 'inferenceservices', 'InferenceService', { shortNames: ['isvc', 'services'] });
  const group = (resource: ApiResource) => ({
    name: resource.group,
    versions: [{ version: resource.version, stale: false, resources: [resource] }],
  });
  const read = (word: string, ...resources: readonly ApiResource[]) => {
    const lookup = findResource(word, { groups: resources.map(group) });
    return lookup.kind === 'found' ? [lookup.resource.group, lookup.installed, lookup.others] : lookup.kind;
  };

  it("takes a bare word for KServe's, served or not, whatever the order", () => {
    const others = ['inferenceservices.ome.io'];
    for (const word of ['inferenceservices', 'InferenceService', 'isvc']) {
      assert.deepEqual(read(word, OME, ISVC), ['serving.kserve.io', 'yes', others], word);
      assert.deepEqual(read(word, ISVC, OME), ['serving.kserve.io', 'yes', others], word);
      assert.deepEqual(read(word, OME), ['serving.kserve.io', 'no', others], word);
    }
    assert.deepEqual(read('isvc.ome.io', ISVC, OME), ['ome.io', 'yes', []]);
  });

  it('takes a plural before a short name, whatever the order, as kubectl does', () => {
    assert.deepEqual(read('services', OME, KNATIVE), ['serving.knative.dev', 'yes', ['inferenceservices.ome.io']]);
    assert.deepEqual(read('services', OME, KNATIVE, CORE), ['', 'yes', ['services.serving.knative.dev', 'inferenceservices.ome.io']]);
  });
});
