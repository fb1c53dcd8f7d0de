import assert from 'node:assert/strict';
import {
  isNamespaceName,
  parseServiceAccount,
  parseServiceAccountUser,
  serviceAccountGroups,
  subjectOf,
} from '../../../src/domain/kubernetes/identity.ts';

describe('parseServiceAccount', () => {
  it('takes ns:name, ns/name and the user name', () => {
    for (const text of ['a:bot', 'a/bot', 'system:serviceaccount:a:bot'])
      assert.deepEqual(parseServiceAccount(text), { namespace: 'a', name: 'bot' });
    assert.deepEqual(parseServiceAccount('a:my.bot'), { namespace: 'a', name: 'my.bot' });
  });

  it('takes nothing else', () => {
    for (const text of ['bot', 'a:', ':bot', 'a:b:c', 'A:bot', 'a.b:bot', 'system:serviceaccount:a', `a:${'x'.repeat(254)}`, '']) {
      assert.equal(parseServiceAccount(text), undefined, text);
    }
    assert.equal(parseServiceAccountUser('a:bot'), undefined);
  });
});

describe('subjectOf', () => {
  it('is a ServiceAccount for the user name of one', () => {
    assert.deepEqual(subjectOf('system:serviceaccount:a:bot'), { kind: 'ServiceAccount', namespace: 'a', name: 'bot' });
    assert.deepEqual(subjectOf('system:serviceaccount:a:b:c'), { kind: 'User', name: 'system:serviceaccount:a:b:c' });
  });
});

describe('serviceAccountGroups', () => {
  it('are the three that the server adds', () => {
    assert.deepEqual(serviceAccountGroups({ namespace: 'a', name: 'bot' }), [
      'system:serviceaccounts',
      'system:serviceaccounts:a',
      'system:authenticated',
    ]);
  });
});

describe('isNamespaceName', () => {
  it('is an RFC 1123 label', () => {
    for (const name of ['a', 'a-1', '1', 'x'.repeat(63)]) assert.ok(isNamespaceName(name));
    for (const name of ['', '-a', 'a-', 'A', 'a.b', 'a_b', '--as=x', 'x'.repeat(64)]) assert.ok(!isNamespaceName(name));
  });
});
