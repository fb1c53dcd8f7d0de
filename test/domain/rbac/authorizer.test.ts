import assert from 'node:assert/strict';
import type { V1PolicyRule } from '@kubernetes/client-node';
import fc from 'fast-check';
import type { Identity } from '../../../src/domain/kubernetes/identity.ts';
import type { AccessRequest } from '../../../src/domain/rbac/access-review.ts';
import { authorize, type RbacObjects } from '../../../src/domain/rbac/authorizer.ts';

const NONE: RbacObjects = { roles: [], clusterRoles: [], roleBindings: [], clusterRoleBindings: [] };
const RULE: V1PolicyRule = { verbs: ['list'], apiGroups: ['serving.kserve.io'], resources: ['servingruntimes'] };
const ANA: Identity = { user: 'ana', groups: ['ml', 'system:authenticated'] };
const BOT: Identity = { user: 'system:serviceaccount:a:bot', groups: ['system:serviceaccounts', 'system:authenticated'] };
const IN_A = list('a');
const EVERYWHERE = list('');

function list(namespace: string): AccessRequest {
  return { verb: 'list', group: 'serving.kserve.io', resource: 'servingruntimes', namespace };
}

function reader(kind: 'Role' | 'ClusterRole', namespace?: string) {
  return { kind, metadata: { name: 'reader', ...(namespace === undefined ? {} : { namespace }) }, rules: [RULE] };
}

function binding(name: string, roleKind: string, subject: { kind: string; name: string; namespace?: string }, namespace?: string) {
  return {
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: roleKind, name: 'reader' },
    subjects: [subject],
  };
}

describe('authorize', () => {
  const ana = { kind: 'User', name: 'ana' };

  it('allows nothing without a binding, and gives no reason', () => {
    assert.deepEqual(authorize(ANA, IN_A, { ...NONE, clusterRoles: [reader('ClusterRole')] }), { allowed: false, reason: '' });
  });

  it('counts a RoleBinding in its own namespace only', () => {
    const objects = {
      ...NONE,
      clusterRoles: [reader('ClusterRole')],
      roleBindings: [binding('b', 'ClusterRole', ana, 'a')],
    };
    assert.deepEqual(authorize(ANA, IN_A, objects), {
      allowed: true,
      reason: 'RBAC: allowed by RoleBinding "b/a" of ClusterRole "reader" to User "ana"',
    });
    assert.deepEqual(authorize(ANA, list('other'), objects), { allowed: false, reason: '' });
    assert.deepEqual(authorize(ANA, EVERYWHERE, objects), { allowed: false, reason: '' });
  });

  it('counts a ClusterRoleBinding everywhere, before RoleBindings', () => {
    const objects = {
      ...NONE,
      clusterRoles: [reader('ClusterRole')],
      roleBindings: [binding('b', 'ClusterRole', ana, 'a')],
      clusterRoleBindings: [binding('c', 'ClusterRole', { kind: 'Group', name: 'ml' })],
    };
    const reason = 'RBAC: allowed by ClusterRoleBinding "c" of ClusterRole "reader" to Group "ml"';
    for (const request of [IN_A, EVERYWHERE]) assert.deepEqual(authorize(ANA, request, objects), { allowed: true, reason });
  });

  it('resolves a Role in the namespace of its binding', () => {
    const bound = { ...NONE, roleBindings: [binding('b', 'Role', ana, 'a')] };
    assert.equal(authorize(ANA, IN_A, { ...bound, roles: [reader('Role', 'a')] }).allowed, true);
    assert.deepEqual(authorize(ANA, IN_A, { ...bound, roles: [reader('Role', 'b')] }), {
      allowed: false,
      reason: 'rbac: RBAC: role.rbac.authorization.k8s.io "reader" not found',
    });
  });

  it('compares users and groups exactly', () => {
    for (const subject of [
      { kind: 'User', name: 'Ana' },
      { kind: 'User', name: '*' },
      { kind: 'Group', name: 'ana' },
      { kind: 'User', name: 'ml' },
      { kind: 'Robot', name: 'ana' },
    ]) {
      const objects = { ...NONE, clusterRoles: [reader('ClusterRole')], clusterRoleBindings: [binding('c', 'ClusterRole', subject)] };
      assert.equal(authorize(ANA, IN_A, objects).allowed, false, JSON.stringify(subject));
    }
  });

  it('finds a ServiceAccount by namespace and name, with the namespace of a RoleBinding as default', () => {
    const objects = { ...NONE, clusterRoles: [reader('ClusterRole')] };
    const local = (subject: { kind: string; name: string; namespace?: string }) =>
      authorize(BOT, IN_A, { ...objects, roleBindings: [binding('b', 'ClusterRole', subject, 'a')] });
    const granted = {
      allowed: true,
      reason: 'RBAC: allowed by RoleBinding "b/a" of ClusterRole "reader" to ServiceAccount "bot/a"',
    };
    assert.deepEqual(local({ kind: 'ServiceAccount', name: 'bot' }), granted);
    assert.deepEqual(local({ kind: 'ServiceAccount', name: 'bot', namespace: 'a' }), granted);
    assert.equal(local({ kind: 'ServiceAccount', name: 'bot', namespace: 'b' }).allowed, false);
    assert.equal(local({ kind: 'User', name: 'system:serviceaccount:a:bot' }).allowed, true);
    assert.equal(local({ kind: 'User', name: 'bot' }).allowed, false);
    const unplaced = [binding('c', 'ClusterRole', { kind: 'ServiceAccount', name: 'bot' })];
    assert.equal(authorize(BOT, IN_A, { ...objects, clusterRoleBindings: unplaced }).allowed, false);
  });

  it('reports dangling roles once each, only where nothing allows', () => {
    const dangling = [binding('b', 'Role', ana, 'a'), binding('c', 'ClusterRole', ana, 'a'), binding('d', 'ClusterRole', ana, 'a')];
    assert.deepEqual(authorize(ANA, IN_A, { ...NONE, roleBindings: dangling }), {
      allowed: false,
      reason: 'rbac: RBAC: [role.rbac.authorization.k8s.io "reader" not found, clusterrole.rbac.authorization.k8s.io "reader" not found]',
    });
    assert.equal(authorize(ANA, IN_A, { ...NONE, roleBindings: dangling, roles: [reader('Role', 'a')] }).allowed, true);
    assert.equal(authorize(BOT, IN_A, { ...NONE, roleBindings: dangling }).reason, '');
  });

  it('evaluates URLs through ClusterRoleBindings only', () => {
    const clusterRoles = [{ metadata: { name: 'reader' }, rules: [{ verbs: ['get'], nonResourceURLs: ['/metrics'] }] }];
    const request = { verb: 'get', path: '/metrics' };
    assert.equal(authorize(ANA, request, { ...NONE, clusterRoles, clusterRoleBindings: [binding('c', 'ClusterRole', ana)] }).allowed, true);
    assert.equal(authorize(ANA, request, { ...NONE, clusterRoles, roleBindings: [binding('b', 'ClusterRole', ana, 'a')] }).allowed, false);
  });
});

describe('authorize, for any objects', () => {
  const word = fc.constantFrom('get', 'list', '*', '', 'x', 'y', 'x/y', '*/y');
  const words = fc.array(word, { maxLength: 3 });
  const rule = fc.record({ verbs: words, apiGroups: words, resources: words, resourceNames: words, nonResourceURLs: words });
  const name = fc.constantFrom('r', 's');
  const namespace = fc.constantFrom('a', 'b');
  const rules = fc.array(rule, { maxLength: 3 });
  const subject = fc.record({ kind: fc.constantFrom('User', 'Group', 'ServiceAccount'), name: fc.constantFrom('ana', 'ml', 'bot') });
  const roleRef = fc.record({ apiGroup: fc.constant('rbac.authorization.k8s.io'), kind: fc.constantFrom('Role', 'ClusterRole'), name });
  const subjects = fc.array(subject, { maxLength: 3 });
  const metadata = fc.record({ name, namespace });
  const anyBinding = fc.record({ metadata, roleRef, subjects });
  const objects = fc.record({
    roles: fc.uniqueArray(fc.record({ metadata, rules }), {
      maxLength: 3,
      selector: (role) => `${role.metadata.namespace}/${role.metadata.name}`,
    }),
    clusterRoles: fc.uniqueArray(fc.record({ metadata: fc.record({ name }), rules }), {
      maxLength: 2,
      selector: (role) => role.metadata.name,
    }),
    roleBindings: fc.array(anyBinding, { maxLength: 3 }),
    clusterRoleBindings: fc.array(anyBinding, { maxLength: 3 }),
  });
  const resourceRequest = fc.record({
    verb: fc.constantFrom('get', 'list'),
    group: fc.constantFrom('', 'x'),
    resource: fc.constantFrom('x', 'y'),
    subresource: fc.constantFrom('', 'y'),
    name: fc.constantFrom('', 'x'),
    namespace: fc.constantFrom('', 'a', 'b'),
  });
  const request = fc.oneof(resourceRequest, fc.record({ verb: fc.constant('get'), path: fc.constantFrom('x', 'y') }));
  const user = fc.constantFrom(ANA, BOT);

  it('never turns allowed into denied when a rule is added', () => {
    fc.assert(
      fc.property(user, request, objects, rule, fc.nat(), (who, what, before, added, index) => {
        const grow = <T extends { rules: V1PolicyRule[] }>(roles: T[]) =>
          roles.map((role, at) => (at === index % roles.length ? { ...role, rules: [added, ...role.rules] } : role));
        const after = { ...before, roles: grow(before.roles), clusterRoles: grow(before.clusterRoles) };
        return !authorize(who, what, before).allowed || authorize(who, what, after).allowed;
      }),
    );
  });

  it('gives the same verdict for any order of objects, rules and subjects', () => {
    const reversed = (value: unknown): unknown => (Array.isArray(value) ? value.map(reversed).reverse() : reversedFields(value));
    const reversedFields = (value: unknown): unknown =>
      typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, field]) => [key, reversed(field)]))
        : value;
    fc.assert(
      fc.property(user, request, objects, (who, what, before) => {
        const after = reversed(before) as RbacObjects;
        assert.equal(authorize(who, what, before).allowed, authorize(who, what, after).allowed);
      }),
    );
  });

  it('gives nothing at the cluster scope from RoleBindings', () => {
    fc.assert(
      fc.property(user, resourceRequest, objects, (who, what, { clusterRoleBindings: _, ...rest }) => {
        const decision = authorize(who, { ...what, namespace: '' }, { ...rest, clusterRoleBindings: [] });
        assert.deepEqual(decision, { allowed: false, reason: '' });
      }),
    );
  });
});
