import assert from 'node:assert/strict';
import fc from 'fast-check';
import { answerOf, parseVerdict } from '../../../src/domain/rbac/verdict.ts';

function verdict(status: unknown) {
  return parseVerdict({ status });
}

describe('parseVerdict', () => {
  it('follows the table of verdicts', () => {
    assert.deepEqual(verdict({ allowed: true, reason: 'r' }), { state: 'allowed', reason: 'r' });
    assert.deepEqual(verdict({ allowed: true, evaluationError: 'e' }), { state: 'allowed', evaluationError: 'e' });
    assert.deepEqual(verdict({ allowed: false }), { state: 'noOpinion' });
    assert.deepEqual(verdict({ allowed: false, reason: '' }), { state: 'noOpinion' });
    assert.deepEqual(verdict({ allowed: false, denied: true, reason: 'r' }), { state: 'denied', reason: 'r' });
    assert.deepEqual(verdict({ allowed: false, evaluationError: 'e' }), { state: 'unknown', evaluationError: 'e' });
    assert.deepEqual(verdict({ allowed: false, denied: true, evaluationError: 'e' }), { state: 'unknown', evaluationError: 'e' });
    assert.deepEqual(verdict({ allowed: false, conditionalDecision: { if: 'x' } }), { state: 'conditional', condition: '{"if":"x"}' });
  });

  it('takes a malformed answer for unknown', () => {
    for (const status of [undefined, null, {}, [], 'yes', { allowed: 'true' }, { allowed: 1 }]) {
      assert.equal(verdict(status).state, 'unknown', JSON.stringify(status));
    }
  });

  it('takes an answer that contradicts itself for unknown', () => {
    const contradiction = { state: 'unknown', error: 'the answer of the server contradicts itself: allowed and denied' };
    assert.deepEqual(verdict({ allowed: true, denied: true }), contradiction);
    assert.deepEqual(verdict({ allowed: true, denied: true, reason: 'r' }), { ...contradiction, reason: 'r' });
  });

  it('takes a yes that depends on a condition for no yes', () => {
    assert.deepEqual(verdict({ allowed: true, conditionalDecision: { if: 'x' } }), {
      state: 'unknown',
      error: 'the answer of the server contradicts itself: allowed, and allowed on a condition',
    });
    assert.deepEqual(verdict({ allowed: true, conditionalDecision: null }), { state: 'allowed' });
    assert.deepEqual(verdict({ allowed: false, conditionalDecision: null }), { state: 'noOpinion' });
  });

  it('believes an answer to the question that was asked only', () => {
    const attributes = { verb: 'get', group: '', resource: 'pods', namespace: 'a', name: 'x' };
    const sent = { user: 'ana', groups: ['ml'], resourceAttributes: attributes };
    const answered = (spec: unknown, asked: object = sent) => parseVerdict({ spec, status: { allowed: true } }, asked).state;
    for (const spec of [sent, undefined, null, { ...sent, extra: {} }]) assert.equal(answered(spec), 'allowed', JSON.stringify(spec));
    const { group: _, ...withoutEmpty } = attributes;
    assert.equal(answered({ ...sent, resourceAttributes: withoutEmpty }), 'allowed');
    for (const other of [
      { ...sent, user: 'bob' },
      { ...sent, groups: [] },
      { ...sent, groups: ['ml', 'admins'] },
      { ...sent, uid: '1' },
      { ...sent, resourceAttributes: { ...attributes, verb: 'list' } },
      { ...sent, resourceAttributes: { ...attributes, namespace: 'b' } },
      { ...sent, resourceAttributes: { ...attributes, subresource: 'log' } },
      { ...sent, resourceAttributes: undefined },
      { ...sent, nonResourceAttributes: { path: '/', verb: 'get' } },
      {},
      [],
      'pods',
    ])
      assert.equal(answered(other), 'unknown', JSON.stringify(other));
    const url = { nonResourceAttributes: { path: '/healthz', verb: 'get' } };
    assert.equal(answered(url, url), 'allowed');
    assert.equal(answered({ nonResourceAttributes: { path: '/', verb: 'get' } }, url), 'unknown');
  });

  it('takes a field of the wrong type for unknown', () => {
    for (const allowed of [true, false]) {
      for (const [field, value] of [
        ['denied', 'true'],
        ['denied', 1],
        ['evaluationError', { a: 1 }],
        ['evaluationError', true],
      ] as const) {
        assert.deepEqual(verdict({ allowed, [field]: value }), {
          state: 'unknown',
          error: `the answer of the server is malformed: status.${field} is ${JSON.stringify(value)}`,
        });
      }
      const absent = { allowed, denied: null, evaluationError: null };
      assert.equal(verdict(absent).state, allowed ? 'allowed' : 'noOpinion');
    }
  });

  it('says yes to nothing but allowed: true', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.record({ allowed: fc.anything(), denied: fc.anything() })), (status) => {
        if (answerOf(verdict(status)) !== 'yes') return;
        assert.equal((status as { allowed?: unknown } | null | undefined)?.allowed, true);
      }),
    );
  });
});
