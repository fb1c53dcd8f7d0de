import assert from 'node:assert/strict';
import { grantedBy, parseReason } from '../../../src/domain/rbac/allow-reason.ts';

describe('parseReason', () => {
  it('reads who grants, name before namespace', () => {
    const reason = 'RBAC: allowed by RoleBinding "viewers/team-a" of ClusterRole "kserve:view" to ServiceAccount "default-editor/team-a"';
    assert.deepEqual(grantedBy(reason), {
      binding: { kind: 'RoleBinding', name: 'viewers', namespace: 'team-a' },
      role: { kind: 'ClusterRole', name: 'kserve:view' },
      subject: { kind: 'ServiceAccount', name: 'default-editor', namespace: 'team-a' },
    });
  });

  it('takes a slash in a group, a user or a ClusterRoleBinding as part of the name', () => {
    assert.deepEqual(grantedBy('RBAC: allowed by ClusterRoleBinding "b" of ClusterRole "r" to Group "oidc:/ml"')?.subject, {
      kind: 'Group',
      name: 'oidc:/ml',
    });
  });

  it("reads Go's quotes", () => {
    const reason = String.raw`RBAC: allowed by ClusterRoleBinding "b" of ClusterRole "r" to User "a\"\\\t\u00fc\x07\U0001f600"`;
    assert.equal(grantedBy(reason)?.subject.name, 'a"\\\tü\u0007😀');
  });

  it('reads missing roles with and without the name of the authorizer, in one order', () => {
    const role = (kind: 'Role' | 'ClusterRole', name: string) => ({ kind, name });
    const one = 'clusterrole.rbac.authorization.k8s.io "x" not found';
    const two = 'role.rbac.authorization.k8s.io "y" not found';
    for (const text of [`rbac: RBAC: ${one}`, `RBAC: ${one}`]) {
      assert.deepEqual(parseReason(text), [{ kind: 'missingRoles', roles: [role('ClusterRole', 'x')] }]);
    }
    for (const list of [`[${one}, ${two}]`, `[${two}, ${one}]`]) {
      assert.deepEqual(parseReason(`rbac: RBAC: ${list}`), [
        { kind: 'missingRoles', roles: [role('ClusterRole', 'x'), role('Role', 'y')] },
      ]);
    }
  });

  it('reads each authorizer on its own line, and leaves foreign texts alone', () => {
    assert.deepEqual(
      parseReason('w: not in this policy\nrbac: RBAC: clusterrole.rbac.authorization.k8s.io "x" not found').map(({ kind }) => kind),
      ['other', 'missingRoles'],
    );
    const gke = 'requires one of ["container.pods.create"] permission(s).';
    assert.deepEqual(parseReason(gke), [{ kind: 'other', text: gke }]);
    assert.deepEqual(parseReason(''), []);
    assert.equal(grantedBy(undefined), undefined);
  });

  it('is not fooled by a name that quotes another reason', () => {
    const reason = String.raw`RBAC: allowed by ClusterRoleBinding "b" of ClusterRole "r" to User "x\" of ClusterRole \"y\" to User \"z"`;
    assert.equal(grantedBy(reason)?.subject.name, 'x" of ClusterRole "y" to User "z');
  });
});
