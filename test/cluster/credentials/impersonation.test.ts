import assert from 'node:assert/strict';
import { impersonationHeaders } from '../../../src/cluster/credentials/impersonation.ts';

describe('impersonationHeaders', () => {
  it('gives one line for each group and value, as UTF-8 bytes', () => {
    const headers = impersonationHeaders({
      user: 'ünï',
      uid: '7',
      groups: ['a', 'b,c'],
      extra: { scopes: ['x', 'ü'], 'a/b%c ü': ['y'] },
    });
    assert.deepEqual(headers, {
      'Impersonate-User': 'Ã¼nÃ¯',
      'Impersonate-Uid': '7',
      'Impersonate-Group': ['a', 'b,c'],
      'Impersonate-Extra-scopes': ['x', 'Ã¼'],
      'Impersonate-Extra-a%2Fb%25c%20%C3%BC': ['y'],
    });
  });

  it('keeps the lines of keys that differ in case only', () => {
    const { 'Impersonate-Extra-Key': lines } = impersonationHeaders({ user: 'ana', groups: [], extra: { Key: ['x'], key: ['y'] } });
    assert.deepEqual(lines, ['x', 'y']);
  });

  it('gives nothing for what is not there', () => {
    assert.deepEqual(impersonationHeaders({ user: 'ana', groups: [], extra: {} }), { 'Impersonate-User': 'ana' });
  });
});
