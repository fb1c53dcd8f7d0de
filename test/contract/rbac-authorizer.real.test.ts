import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { V1PolicyRule } from '@kubernetes/client-node';
import fc from 'fast-check';
import type { Identity } from '../../src/domain/kubernetes/identity.ts';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { type AccessRequest, isUrlRequest } from '../../src/domain/rbac/access-review.ts';
import { authorize } from '../../src/domain/rbac/authorizer.ts';
import { createApi } from '../../tools/api-server/api.ts';
import { rbacObjects } from '../../tools/api-server/authorization.ts';
import type { ControlPlane } from '../../tools/control-plane/control-plane.ts';
import { grant } from '../../tools/rbac-objects.ts';
import { describeReal } from '../support/describe-real.ts';

// A fixed seed: a failure must be the same for everybody. Other seeds are for a person who changes the matcher.
const SEED = 20_261_122;
const ROLES = 20;
const BINDINGS = 50;
const QUESTIONS = 400;
const POLLS = 200;

const GROUPS = ['matcher.example.com', '', '*', 'v1', 'other.example.com'];
const RESOURCES = ['frobs', 'frobs/status', '*/status', '*', 'frobs/*', '*/*', 'Frob', 'widgets', 'frobs/log'];
const URLS = ['*', '/matcher', '/matcher/*', '/matcher*', '/matcher/a'];
const VERBS = ['get', 'list', '*', 'GET', 'frob'];

function words(of: readonly string[], maxLength = 4): fc.Arbitrary<string[]> {
  return fc.uniqueArray(fc.constantFrom(...of), { minLength: 1, maxLength });
}

const resourceRule: fc.Arbitrary<V1PolicyRule> = fc.record({
  verbs: words(VERBS),
  apiGroups: words(GROUPS),
  resources: words(RESOURCES),
  resourceNames: fc.oneof(fc.constant<string[]>([]), words(['x', '*', 'y'])),
});
const urlRule: fc.Arbitrary<V1PolicyRule> = fc.record({ verbs: words(VERBS), nonResourceURLs: words(URLS) });

interface World {
  /** Two of them. */
  readonly namespaces: readonly [string, string];
  /** Before every name that others could have too. */
  readonly prefix: string;
}

function subjects({ namespaces, prefix }: World) {
  const names = [`${prefix}-ana`, `${prefix}-ANA`, `${prefix}-ml`, '*', `system:serviceaccount:${namespaces[0]}:bot`];
  const person = fc.record({
    apiGroup: fc.constant('rbac.authorization.k8s.io'),
    kind: fc.constantFrom('User', 'Group'),
    name: fc.constantFrom(...names),
  });
  const account = fc.record({
    kind: fc.constant('ServiceAccount'),
    name: fc.constantFrom('bot', 'bots'),
    namespace: fc.constantFrom(...namespaces),
  });
  return fc.array(fc.oneof(person, account), { minLength: 1, maxLength: 3 });
}

/** Valid RBAC objects, with some bindings to roles that are not there. */
function objects(world: World): fc.Arbitrary<KubeObject[]> {
  const { namespaces, prefix } = world;
  const roleName = (at: number) => `${prefix}-role-${at}`;
  const scope = fc.constantFrom(undefined, ...namespaces);
  const roles = Array.from({ length: ROLES }, (_, at) =>
    fc
      .tuple(scope, fc.array(resourceRule, { minLength: 1, maxLength: 4 }), fc.array(urlRule, { maxLength: 2 }))
      .map(([namespace, rules, urls]) => {
        const ofScope = namespace === undefined ? { kind: 'ClusterRole', rules: [...rules, ...urls] } : { kind: 'Role', rules };
        return {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          ...ofScope,
          metadata: { name: roleName(at), ...(namespace && { namespace }) },
        };
      }),
  );
  const bindings = Array.from({ length: BINDINGS }, (_, at) =>
    fc.tuple(scope, fc.constantFrom('Role', 'ClusterRole'), fc.nat(ROLES + 1), subjects(world)).map(([namespace, wanted, role, whom]) => {
      const kind = namespace === undefined ? 'ClusterRole' : wanted;
      const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind, name: roleName(role) };
      const metadata = { name: `${prefix}-binding-${at}`, ...(namespace && { namespace }) };
      const of = namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding';
      return { apiVersion: 'rbac.authorization.k8s.io/v1', kind: of, metadata, roleRef, subjects: whom };
    }),
  );
  return fc.tuple(fc.tuple(...roles), fc.tuple(...bindings)).map(([some, more]) => [...some, ...more]);
}

function questions({ namespaces, prefix }: World): fc.Arbitrary<[Identity, AccessRequest][]> {
  const identity = fc.record({
    user: fc.constantFrom(`${prefix}-ana`, `${prefix}-zoe`, `system:serviceaccount:${namespaces[0]}:bot`),
    groups: fc.uniqueArray(fc.constantFrom(`${prefix}-ml`, `${prefix}-ana`), { maxLength: 2 }),
  });
  const resource = fc.record({
    verb: fc.constantFrom('get', 'list', 'frob', 'GET'),
    group: fc.constantFrom('matcher.example.com', '', 'v1'),
    resource: fc.constantFrom('frobs', 'widgets', 'Frob'),
    subresource: fc.constantFrom('', '', 'status', 'log', '*'),
    name: fc.constantFrom('', 'x', '*', 'z'),
    namespace: fc.constantFrom('', ...namespaces),
  });
  const url = fc.record({
    verb: fc.constantFrom('get', 'GET', 'frob'),
    path: fc.constantFrom('/matcher', '/matcher/', '/matcher/a', '/matchers'),
  });
  const question = fc.tuple(identity, fc.oneof({ arbitrary: resource, weight: 4 }, { arbitrary: url, weight: 1 }));
  return fc.array(question, { minLength: QUESTIONS, maxLength: QUESTIONS });
}

describeReal('RBAC matcher', (plane) => {
  it('decides as kube-apiserver, with its reasons', async () => {
    const world: World = {
      namespaces: [await plane().createNamespace('matcher'), await plane().createNamespace('matcher')],
      prefix: 'matcher',
    };
    const [some = []] = fc.sample(objects(world), { seed: SEED, numRuns: 1 });
    const [asked = []] = fc.sample(questions(world), { seed: SEED, numRuns: 1 });
    const last = sentinels(world);
    await plane().admin.apply(...some, ...last);
    try {
      await untilSeen(plane(), world);
      const api = createApi({ objects: some });
      const verdicts = { allowed: 0, denied: 0, dangling: 0 };
      for (const [identity, request] of asked) {
        const expected = await realDecision(plane(), identity, request);
        const rbac = rbacObjects(api.store);
        const actual = authorize(identity, request, rbac);
        const title = `${JSON.stringify(identity)} ${JSON.stringify(request)}`;
        assert.equal(actual.allowed, expected.allowed, `${title}: ${expected.reason}`);
        assert.ok(reasons(identity, request, rbac).includes(normal(expected.reason)), `${title}: ${expected.reason}`);
        verdicts[actual.allowed ? 'allowed' : actual.reason === '' ? 'denied' : 'dangling'] += 1;
      }
      // The questions would prove little if all had one answer.
      assert.ok(
        Object.values(verdicts).every((count) => count > QUESTIONS / 20),
        JSON.stringify(verdicts),
      );
    } finally {
      await plane().admin.delete(...some, ...last);
    }
  });
});

type Rbac = ReturnType<typeof rbacObjects>;

/** What the server may say: it names any binding that grants, while ours names the first in order. */
function reasons(identity: Identity, request: AccessRequest, rbac: Rbac): readonly string[] {
  const found: string[] = [];
  for (let rest = rbac; ; ) {
    const { allowed, reason } = authorize(identity, request, rest);
    if (!allowed) return found.length === 0 ? [normal(reason)] : found;
    found.push(reason);
    rest = withoutGrant(rest, reason);
  }
}

/** Without the subject that the reason names, so that the next one shows. */
function withoutGrant(rbac: Rbac, reason: string): Rbac {
  const [, kind, binding = '', subjectKind, subject] = /^RBAC: allowed by (\w+) "([^"]*)" of .* to (\w+) "([^"]*)"$/.exec(reason) ?? [];
  const remove = <T extends Rbac['roleBindings'][number]>(bindings: readonly T[]) =>
    bindings.map((one) => {
      const { name, namespace } = one.metadata ?? {};
      if (binding !== (namespace === undefined ? name : `${name}/${namespace}`)) return one;
      const isNamed = (of: { kind: string; name: string; namespace?: string }) =>
        of.kind === subjectKind && subject === (of.kind === 'ServiceAccount' ? `${of.name}/${of.namespace}` : of.name);
      return { ...one, subjects: (one.subjects ?? []).filter((of) => !isNamed(of)) };
    });
  return kind === 'RoleBinding'
    ? { ...rbac, roleBindings: remove(rbac.roleBindings) }
    : { ...rbac, clusterRoleBindings: remove(rbac.clusterRoleBindings) };
}

/** Several dangling roles come in any order. */
function normal(reason: string): string {
  const [, head, list] = /^(rbac: RBAC: )\[(.*)\]$/.exec(reason) ?? [];
  return list === undefined ? reason : `${head}[${list.split(', ').sort().join(', ')}]`;
}

async function realDecision(
  plane: ControlPlane,
  { user, groups }: Identity,
  request: AccessRequest,
): Promise<{ allowed: boolean; reason: string }> {
  const attributes = isUrlRequest(request) ? { nonResourceAttributes: request } : { resourceAttributes: request };
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec: { user, groups, ...attributes } };
  const answer = await plane.admin.request('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', { body });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  const { allowed, reason = '' } = answer.body.status;
  return { allowed, reason };
}

/** Each of the four kinds reaches the authorizer in order, so the last one of each tells that all are there. */
function sentinels({ namespaces: [namespace], prefix }: World): readonly KubeObject[] {
  const user = `${prefix}-sentinel`;
  return [
    ...grant(`${prefix}-sentinel`, user, 'cluster', ['get'], 'everywhere.example.com'),
    ...grant(`${prefix}-sentinel`, user, { namespace }, ['get'], 'here.example.com'),
  ];
}

async function untilSeen(plane: ControlPlane, { namespaces: [namespace], prefix }: World): Promise<void> {
  const identity = { user: `${prefix}-sentinel`, groups: [] };
  for (let poll = 1; poll <= POLLS; poll += 1) {
    const ask = (resource: string) => realDecision(plane, identity, { verb: 'get', group: 'example.com', resource, namespace });
    const [everywhere, here] = await Promise.all([ask('everywhere'), ask('here')]);
    if (everywhere.allowed && here.allowed) return;
    await delay(25);
  }
  throw new Error('the roles and bindings are not in force');
}
