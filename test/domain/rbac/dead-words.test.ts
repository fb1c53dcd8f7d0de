import assert from 'node:assert/strict';
import { KSERVE_KINDS } from '../../../src/domain/kserve/kinds.ts';
import type { Discovery } from '../../../src/domain/kubernetes/resource.ts';
import { deadWords } from '../../../src/domain/rbac/dead-words.ts';

const served = KSERVE_KINDS.filter(({ plural }) => ['inferenceservices', 'llminferenceserviceconfigs'].includes(plural));
const DISCOVERY: Discovery = {
  groups: [
    { name: 'serving.kserve.io', versions: [{ version: 'v1beta1', stale: false, resources: served }] },
    { name: 'stale.example.com', versions: [{ version: 'v1', stale: true, resources: [] }] },
  ],
};
const KSERVE = 'serving.kserve.io';

describe('deadWords', () => {
  it('tells apart what a rule names in vain', () => {
    const reasons = [
      [`lllminferenceserviceconfigs.${KSERVE}`, 'notAKind', 'llminferenceserviceconfigs'],
      [`inferenceservice.${KSERVE}`, 'notAKind', 'inferenceservices'],
      [`models.${KSERVE}`, 'notAKind', undefined],
      [`trainedmodels.${KSERVE}`, 'notInstalled', undefined],
      [`inferenceservices.${KSERVE}/scale`, 'subresourceNotServed', undefined],
      [`inferenceservices.${KSERVE}/v1beta1`, 'groupWithVersion', `inferenceservices.${KSERVE}`],
      ['inferenceservices.serving.kubeflow.org', 'groupNotServed', undefined],
    ] as const;
    for (const [word, reason, suggestion] of reasons) {
      assert.deepEqual(deadWords([word, word], DISCOVERY), [{ word, reason, ...(suggestion !== undefined && { suggestion }) }]);
    }
  });

  it('keeps quiet about wildcards, hidden subresources and what discovery cannot tell', () => {
    const words = ['*', `*.${KSERVE}`, `*.${KSERVE}/status`, 'inferenceservices.*', `inferenceservices.${KSERVE}/finalizers`];
    assert.deepEqual(deadWords([...words, `inferenceservices.${KSERVE}/status`, 'anything.stale.example.com'], DISCOVERY), []);
  });
});
