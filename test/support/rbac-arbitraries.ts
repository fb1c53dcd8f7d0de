// Worlds of RBAC objects and questions about them, for properties: of few words, so that most hold something that is nearly what is asked.
import type { RbacV1Subject, V1AggregationRule, V1ClusterRole, V1PolicyRule, V1Role, V1RoleBinding } from '@kubernetes/client-node';
import fc from 'fast-check';
import { subjectOf } from '../../src/domain/kubernetes/identity.ts';
import { type AccessRequest, isUrlRequest } from '../../src/domain/rbac/access-review.ts';
import type { RbacObjects } from '../../src/domain/rbac/authorizer.ts';
import type { KnownKind } from '../../src/domain/rbac/grant.ts';
import type { Asker } from '../../src/domain/rbac/near-miss/subject-gap.ts';

const KSERVE = 'serving.kserve.io';
const RBAC = 'rbac.authorization.k8s.io';
const BOT = 'system:serviceaccount:a:bot';

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

export const key = ({ metadata }: { metadata?: { name?: string; namespace?: string } }): string =>
  `${metadata?.namespace}/${metadata?.name}`;
const some = <T extends V1Role>(of: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<T[]> =>
  fc.uniqueArray(of, { selector: key as (value: T) => string, maxLength });
export const world: fc.Arbitrary<RbacObjects> = fc.record({
  clusterRoles: some(clusterRole, 4),
  roles: some(localRole, 4),
  roleBindings: fc.uniqueArray(localBinding, { selector: key, maxLength: 5 }),
  clusterRoleBindings: fc.uniqueArray(clusterBinding, { selector: key, maxLength: 3 }),
});

export const asker: fc.Arbitrary<Asker> = fc
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
export const request: fc.Arbitrary<AccessRequest> = fc.oneof({ arbitrary: resourceRequest, weight: 6 }, urlRequest);

/** The kind that a request of these is about; undefined for a URL. */
export function kindOf(of: AccessRequest): KnownKind | undefined {
  return isUrlRequest(of) ? undefined : KINDS[of.resource as keyof typeof KINDS];
}
