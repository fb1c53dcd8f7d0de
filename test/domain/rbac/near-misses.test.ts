import assert from 'node:assert/strict';
import type { RbacV1Subject, V1AggregationRule, V1ClusterRole, V1PolicyRule, V1Role, V1RoleBinding } from '@kubernetes/client-node';
import fc from 'fast-check';
import { subjectOf } from '../../../src/domain/kubernetes/identity.ts';
import { type AccessRequest, isUrlRequest } from '../../../src/domain/rbac/access-review.ts';
import { authorize, type RbacObjects } from '../../../src/domain/rbac/authorizer.ts';
import { applyEdits } from '../../../src/domain/rbac/edit.ts';
import { explain } from '../../../src/domain/rbac/near-miss/explanation.ts';
import { nearMisses } from '../../../src/domain/rbac/near-miss/near-misses.ts';
import type { Asker } from '../../../src/domain/rbac/near-miss/subject-gap.ts';

const KSERVE = 'serving.kserve.io';
const RBAC = 'rbac.authorization.k8s.io';
const BOT = 'system:serviceaccount:a:bot';
const ALL = { clusterRoles: true, clusterRoleBindings: true, roles: 'all', roleBindings: 'all' } as const;

// Few words, so that most worlds hold something that is nearly what is asked.
const words = (...of: readonly string[]): fc.Arbitrary<string[]> => fc.uniqueArray(fc.constantFrom(...of), { minLength: 1, maxLength: 3 });
const resourceRule: fc.Arbitrary<V1PolicyRule> = fc.record({
  verbs: words('get', 'list', 'watch', 'LIST', 'create', '*'),
  apiGroups: words(KSERVE, KSERVE, '', 'serving.kubeflow.org', `${KSERVE}/v1`),
  resources: words(
    'servingruntimes',
    'servingruntime',
    'servingruntmies',
    'inferenceservices',
    'inferenceservices/status',
    'pods/*',
    '*',
    '*/status',
    'clusterservingruntimes',
  ),
  resourceNames: fc.oneof({ arbitrary: fc.constant<string[]>([]), weight: 4 }, words('x', 'y', '*')),
});
const urlRule: fc.Arbitrary<V1PolicyRule> = fc.record({
  verbs: words('get', 'post', '*'),
  nonResourceURLs: words('/foo', '/foo/*', '/foo/', '/bar*'),
});
const rules = fc.array(fc.oneof({ arbitrary: resourceRule, weight: 6 }, urlRule), { minLength: 1, maxLength: 3 });
const localRules = fc.array(resourceRule, { minLength: 1, maxLength: 3 });
const NAMES = ['reader', 'raeder', 'view', 'edit'];
const LABEL = 'example.com/aggregate-to-view';
const labels = fc.constantFrom<Record<string, string>>({}, { [LABEL]: 'true' }, { [LABEL]: 'True' }, { app: 'x' });
const aggregation = fc.option(fc.constant<V1AggregationRule>({ clusterRoleSelectors: [{ matchLabels: { [LABEL]: 'true' } }] }), {
  nil: undefined,
  freq: 3,
});

const clusterRole: fc.Arbitrary<V1ClusterRole> = fc
  .tuple(fc.constantFrom(...NAMES), rules, labels, aggregation)
  .map(([name, of, label, aggregationRule]) => ({
    metadata: { name, labels: label },
    rules: of,
    ...(aggregationRule && { aggregationRule }),
  }));
const localRole: fc.Arbitrary<V1Role> = fc
  .tuple(fc.constantFrom(...NAMES), fc.constantFrom('a', 'b'), localRules)
  .map(([name, namespace, of]) => ({ metadata: { name, namespace }, rules: of }));

const person = fc.record({
  apiGroup: fc.constant(RBAC),
  kind: fc.constantFrom('User', 'Group'),
  name: fc.constantFrom('annabelle', 'anabelle', 'ANNABELLE', 'oidc:science', 'science', 'bot', BOT, 'zoe', 'system:authenticated'),
});
const account = fc.record({
  kind: fc.constant('ServiceAccount'),
  name: fc.constantFrom('bot', 'bots'),
  namespace: fc.constantFrom('a', 'b'),
});
const subjects: fc.Arbitrary<RbacV1Subject[]> = fc.array(fc.oneof({ arbitrary: person, weight: 3 }, account), { maxLength: 3 });
const roleRef = (kinds: readonly string[]) =>
  fc.record({ apiGroup: fc.constant(RBAC), kind: fc.constantFrom(...kinds), name: fc.constantFrom(...NAMES, 'gone') });
const localBinding: fc.Arbitrary<V1RoleBinding> = fc
  .tuple(fc.nat(5), fc.constantFrom('a', 'b'), roleRef(['Role', 'ClusterRole']), subjects)
  .map(([at, namespace, ref, to]) => ({ metadata: { name: `binding-${at}`, namespace }, roleRef: ref, subjects: to }));
const clusterBinding: fc.Arbitrary<V1RoleBinding> = fc
  .tuple(fc.nat(5), roleRef(['ClusterRole']), subjects)
  .map(([at, ref, to]) => ({ metadata: { name: `binding-${at}` }, roleRef: ref, subjects: to }));

const key = ({ metadata }: { metadata?: { name?: string; namespace?: string } }): string => `${metadata?.namespace}/${metadata?.name}`;
const some = <T extends V1Role>(of: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<T[]> =>
  fc.uniqueArray(of, { selector: key as (value: T) => string, maxLength });
const world: fc.Arbitrary<RbacObjects> = fc.record({
  clusterRoles: some(clusterRole, 4),
  roles: some(localRole, 4),
  roleBindings: fc.uniqueArray(localBinding, { selector: key, maxLength: 5 }),
  clusterRoleBindings: fc.uniqueArray(clusterBinding, { selector: key, maxLength: 3 }),
});

const asker: fc.Arbitrary<Asker> = fc
  .constantFrom(
    { user: 'annabelle', groups: ['science', 'system:authenticated'] },
    { user: BOT, groups: ['system:serviceaccounts', 'system:serviceaccounts:a', 'system:authenticated'] },
  )
  .map((identity) => ({ identity, subject: subjectOf(identity.user) }));

const KINDS = {
  servingruntimes: { group: KSERVE, plural: 'servingruntimes', kind: 'ServingRuntime', namespaced: true },
  inferenceservices: { group: KSERVE, plural: 'inferenceservices', kind: 'InferenceService', namespaced: true },
  clusterservingruntimes: { group: KSERVE, plural: 'clusterservingruntimes', kind: 'ClusterServingRuntime', namespaced: false },
} as const;
const resourceRequest = fc
  .record({
    verb: fc.constantFrom('get', 'list', 'watch', 'create'),
    resource: fc.constantFrom(...(Object.keys(KINDS) as (keyof typeof KINDS)[])),
    subresource: fc.option(fc.constant('status'), { nil: undefined, freq: 4 }),
    namespace: fc.constantFrom('a', 'b', ''),
    name: fc.option(fc.constantFrom('x', 'z'), { nil: undefined }),
  })
  .map(({ verb, resource, subresource, namespace, name }): AccessRequest => {
    const isNamed = name !== undefined && verb !== 'create';
    const place = KINDS[resource].namespaced ? namespace : '';
    return { verb, group: KSERVE, resource, namespace: place, ...(subresource && { subresource }), ...(isNamed && { name }) };
  });
const urlRequest = fc.record({ verb: fc.constantFrom('get', 'post'), path: fc.constantFrom('/foo', '/foo/', '/foo/bar', '/bars') });
const request: fc.Arbitrary<AccessRequest> = fc.oneof({ arbitrary: resourceRequest, weight: 6 }, urlRequest);

const RUNS = { numRuns: 600, seed: 20_261_129 };

function ask(of: AccessRequest, who: Asker) {
  const kind = isUrlRequest(of) ? undefined : KINDS[of.resource as keyof typeof KINDS];
  return { request: of, asker: who, kind, discovery: undefined, read: ALL };
}

describe('near misses', () => {
  it('are each at most two edits, with which the request is allowed, and none where it is allowed anyway', () => {
    let found = 0;
    fc.assert(
      fc.property(world, request, asker, (objects, of, who) => {
        const { shown, more } = nearMisses(objects, ask(of, who), Number.POSITIVE_INFINITY);
        if (authorize(who.identity, of, objects).allowed) assert.equal(shown.length + more, 0);
        for (const { edits, gaps, code } of shown) {
          assert.ok(edits.length >= 1 && edits.length <= 2, `${code}: ${edits.length} edits`);
          assert.ok(gaps.length >= 1 && gaps.length <= 2 && gaps[0]?.code === code);
          assert.ok(authorize(who.identity, of, applyEdits(objects, edits)).allowed, code);
          found += 1;
        }
      }),
      RUNS,
    );
    // They would prove little if hardly any world held one.
    assert.ok(found > RUNS.numRuns / 2, `${found}`);
  });

  it('take nothing from anybody', () => {
    fc.assert(
      fc.property(world, request, asker, asker, request, (objects, of, who, another, probe) => {
        if (!authorize(another.identity, probe, objects).allowed) return;
        for (const { edits } of nearMisses(objects, ask(of, who), Number.POSITIVE_INFINITY).shown)
          assert.ok(authorize(another.identity, probe, applyEdits(objects, edits)).allowed);
      }),
      RUNS,
    );
  });

  it('come in one order, whatever the order of the objects is', () => {
    const shuffled = world.chain((objects) =>
      fc
        .record({
          clusterRoles: permutation(objects.clusterRoles),
          roles: permutation(objects.roles),
          roleBindings: permutation(objects.roleBindings),
          clusterRoleBindings: permutation(objects.clusterRoleBindings),
        })
        .map((other): readonly [RbacObjects, RbacObjects] => [objects, other]),
    );
    fc.assert(
      fc.property(shuffled, request, asker, ([objects, other], of, who) => {
        const told = (one: RbacObjects) => {
          const { shown } = nearMisses(one, ask(of, who), Number.POSITIVE_INFINITY);
          return shown.map(({ code, gaps, binding, role, ruleIndex, edits }) => ({
            code,
            gaps,
            binding: binding && key({ metadata: binding }),
            role: role?.name,
            ruleIndex,
            edits,
          }));
        };
        assert.deepEqual(told(other), told(objects));
      }),
      RUNS,
    );
  });

  it('are the same ones first, however many are asked for', () => {
    fc.assert(
      fc.property(world, request, asker, fc.integer({ min: 1, max: 4 }), (objects, of, who, most) => {
        const all = nearMisses(objects, ask(of, who), Number.POSITIVE_INFINITY).shown;
        assert.deepEqual(nearMisses(objects, ask(of, who), most).shown, all.slice(0, most));
      }),
      RUNS,
    );
  });
});

describe('explanations', () => {
  it('name no cause of a yes and no grant of a no', () => {
    fc.assert(
      fc.property(world, request, asker, (objects, of, who) => {
        const { allowed } = authorize(who.identity, of, objects);
        const question = {
          request: of,
          installed: 'yes' as const,
          verdict: { state: allowed ? 'allowed' : 'noOpinion' } as const,
          attempts: [],
        };
        const { grants, causes, more } = explain({
          question,
          asker: who,
          objects,
          read: ALL,
          discovery: undefined,
          isAnonymous: false,
          isAllowedLater: false,
          most: 3,
        });
        assert.equal(grants.length > 0, allowed);
        assert.ok(causes.length <= 3);
        if (allowed) assert.equal(causes.length + more, 0);
      }),
      RUNS,
    );
  });
});

function permutation<T>(of: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...of], { minLength: of.length });
}
