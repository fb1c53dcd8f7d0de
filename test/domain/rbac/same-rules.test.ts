import assert from 'node:assert/strict';
import type { V1PolicyRule } from '@kubernetes/client-node';
import type { GrantRule } from '../../../src/domain/rbac/grant-rule.ts';
import { sameRules } from '../../../src/domain/rbac/same-rules.ts';

const GROUP = 'serving.kserve.io';
const READ: GrantRule = { apiGroups: [GROUP], resources: ['servingruntimes'], verbs: ['get', 'list'] };
const held = (more: Partial<V1PolicyRule>): V1PolicyRule[] => [
  { apiGroups: [GROUP], resources: ['servingruntimes'], verbs: ['get', 'list'], ...more },
];

describe('sameRules', () => {
  it('looks at what is allowed, not at how it is cut or ordered', () => {
    assert.ok(sameRules([READ], held({})));
    assert.ok(sameRules([READ], held({ verbs: ['list', 'get', 'get'], resourceNames: [] })));
    assert.ok(sameRules([READ], [...held({ verbs: ['list'] }), ...held({ verbs: ['get'] })]));
  });

  it('takes neither more nor less nor something else', () => {
    for (const more of [
      { verbs: ['get'] },
      { verbs: ['get', 'list', 'watch'] },
      { verbs: ['*'] },
      { resources: ['servingruntimes', 'pods'] },
      { resources: ['*'] },
      { apiGroups: ['*'] },
      { apiGroups: [] },
      { resourceNames: ['x'] },
      { resourceNames: [''] },
    ]) {
      assert.ok(!sameRules([READ], held(more)), JSON.stringify(more));
    }
    assert.ok(!sameRules([READ], []));
    assert.ok(!sameRules([READ], [...held({}), { nonResourceURLs: ['/foo'], verbs: ['get'] }]));
  });

  it('knows names and URLs', () => {
    assert.ok(sameRules([{ ...READ, resourceNames: ['a', 'b'] }], held({ resourceNames: ['b', 'a'] })));
    assert.ok(!sameRules([{ ...READ, resourceNames: ['a'] }], held({})));
    assert.ok(sameRules([{ nonResourceURLs: ['/foo'], verbs: ['get'] }], [{ nonResourceURLs: ['/foo'], verbs: ['get'] }]));
    assert.ok(!sameRules([{ nonResourceURLs: ['/foo'], verbs: ['get'] }], [{ nonResourceURLs: ['/foo/*'], verbs: ['get'] }]));
  });
});
