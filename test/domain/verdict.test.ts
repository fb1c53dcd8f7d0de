import assert from 'node:assert/strict';
import fc from 'fast-check';
import { answerOf, parseVerdict } from '../../src/domain/verdict.ts';

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

  it('says yes to nothing but allowed: true', () => {
    fc.assert(
      fc.property(fc.anything(), (status) => {
        const isYes = answerOf(verdict(status)) === 'yes';
        assert.equal(isYes, (status as { allowed?: unknown } | null | undefined)?.allowed === true && !Array.isArray(status));
      }),
    );
  });
});
