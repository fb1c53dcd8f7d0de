import { reviewType } from './review-cases.ts';
import { LABEL, type Place } from './world.ts';

interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

export interface WireCase {
  readonly title: string;
  readonly as: 'admin' | 'ana' | 'anonymous';
  readonly requests: (place: Place) => readonly WireRequest[];
}

const KSERVE = '/apis/serving.kserve.io/v1alpha1';
const ALL_RUNTIMES = `${KSERVE}/servingruntimes`;
const CLUSTER = `${KSERVE}/clusterservingruntimes`;
const OURS = `labelSelector=${encodeURIComponent(`${LABEL}=yes`)}`;
const RBAC = '/apis/rbac.authorization.k8s.io/v1';

function get(...paths: readonly string[]): WireRequest[] {
  return paths.map((path) => ({ method: 'GET', path }));
}

function post(path: string, body: unknown, headers?: WireRequest['headers']): WireRequest {
  return { method: 'POST', path, body, ...(headers && { headers }) };
}

function runtimes({ a }: Pick<Place, 'a'>): string {
  return `${KSERVE}/namespaces/${a}/servingruntimes`;
}

function runtime(metadata: object, more: object = {}): object {
  return { apiVersion: 'serving.kserve.io/v1alpha1', kind: 'ServingRuntime', metadata, spec: {}, ...more };
}

function review(kind: string, spec?: object, namespace?: string, metadata: object = {}): WireRequest {
  const { group, plural } = reviewType(kind);
  const path = `/apis/${group}/v1${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}`;
  return post(path, { apiVersion: `${group}/v1`, kind, metadata, ...(spec && { spec }) });
}

/** Valid ones are named `n`, and removed again. */
function rbacWrites(namespace: string): WireRequest[] {
  const roles = `${RBAC}/namespaces/${namespace}/roles`;
  const bindings = `${RBAC}/namespaces/${namespace}/rolebindings`;
  const rules = [{ apiGroups: [''], resources: ['pods'] }, { verbs: ['get'] }, { verbs: ['get'], nonResourceURLs: ['/x'] }];
  const roleRef = { kind: 'ClusterRole', name: 'view' };
  const subjects = [
    { kind: 'ServiceAccount', name: 'x' },
    { kind: 'Group', name: 'g' },
  ];
  const metadata = { name: 'n' };
  return [
    post(roles, { metadata, rules }),
    post(`${RBAC}/clusterroles`, { metadata: { name: 'wire' }, rules: rules.slice(0, 2) }),
    post(`${RBAC}/clusterrolebindings`, {
      metadata: { name: 'wire' },
      subjects: [...subjects, { kind: 'Foo', name: 'x' }],
      roleRef: { ...roleRef, kind: 'Role' },
    }),
    post(bindings, { metadata, subjects, roleRef }),
    { method: 'PUT', path: `${bindings}/n`, body: { metadata, subjects, roleRef: { ...roleRef, name: 'edit' } } },
    { method: 'PUT', path: `${bindings}/n`, body: { metadata, subjects: subjects.slice(1), roleRef } },
    { method: 'DELETE', path: `${bindings}/n` },
    post(`/api/v1/namespaces?dryRun=All`, { metadata: { name: 'wire-dry' } }),
  ];
}

/** The object `n` is there, `m` is not. */
function patches(path: string): WireRequest[] {
  const as = (type: string, body: unknown, target = path): WireRequest => ({
    method: 'PATCH',
    path: target,
    body,
    headers: { 'content-type': `application/${type}` },
  });
  const applied = runtime({ name: 'n', labels: { applied: '' } }, { spec: { y: [1] } });
  return [
    as('merge-patch+json', { metadata: { labels: { z: null, b: 'c' } }, spec: { y: { z: [1] } } }),
    as('merge-patch+json', { metadata: { labels: { b: 'c' } } }),
    as('merge-patch+json', { metadata: { resourceVersion: '1' } }),
    as('merge-patch+json', [] as unknown),
    as('merge-patch+json', {}, `${path}m`),
    as('strategic-merge-patch+json', {}),
    as('apply-patch+yaml', applied),
    as('apply-patch+yaml', applied, `${path}?fieldManager=wire&force=true`),
    as('apply-patch+yaml', applied, `${path}m?fieldManager=wire`),
    as('apply-patch+yaml', runtime({ name: 'nm' }, { spec: { x: 1 } }), `${path}m?fieldManager=wire`),
    { method: 'DELETE', path: `${path}m` },
  ];
}

/** Requests that every server must answer alike, to the byte of each message. */
export function wireCases(): readonly WireCase[] {
  return [
    {
      title: 'lists of a CRD',
      as: 'admin',
      requests: ({ a, b }) => get(runtimes({ a }), runtimes({ a: b }), runtimes({ a: 'contract-no' }), `${CLUSTER}?${OURS}`),
    },
    {
      title: 'lists of built-in kinds',
      as: 'admin',
      requests: ({ a }) => get(`${RBAC}/namespaces/${a}/roles`, `${RBAC}/namespaces/${a}/rolebindings`, `/api/v1/namespaces/${a}/pods`),
    },
    {
      title: 'pages',
      as: 'admin',
      requests: ({ a }) =>
        get(
          ...[0, 1, 2, 4, 5, 6].flatMap((limit) => [
            `${runtimes({ a })}?limit=${limit}`,
            `${RBAC}/namespaces/${a}/roles?limit=${limit}`,
            `${runtimes({ a })}?limit=${limit}&${OURS}`,
          ]),
        ),
    },
    {
      title: 'selectors',
      as: 'admin',
      requests: ({ a }) =>
        get(
          ...['tier=odd', 'tier==odd', 'tier!=odd', '!tier', 'tier', 'tier in (odd,x)', 'tier notin (odd)', 'tier=', ''].map(
            (selector) => `${runtimes({ a })}?labelSelector=${encodeURIComponent(selector)}`,
          ),
          ...['metadata.name=beta', 'metadata.name!=beta', `metadata.namespace=${a}`, 'metadata.name==beta,metadata.name=beta', ''].map(
            (selector) => `${runtimes({ a })}?fieldSelector=${encodeURIComponent(selector)}`,
          ),
        ),
    },
    {
      title: 'the event of a watch',
      as: 'admin',
      requests: ({ a }) => get(`${runtimes({ a })}?watch=1&fieldSelector=metadata.name%3Dalpha&resourceVersion=0&timeoutSeconds=1`),
    },
    {
      title: 'the last bookmark of a watch',
      as: 'admin',
      requests: ({ a }) =>
        get(`${runtimes({ a })}?watch=1&fieldSelector=metadata.name%3Dno&resourceVersion=0&timeoutSeconds=3&allowWatchBookmarks=true`),
    },
    {
      title: 'what else a watch may say',
      as: 'admin',
      requests: ({ a }) =>
        get(...['resourceVersion=x', 'labelSelector=!!'].map((query) => `${runtimes({ a })}?watch=1&timeoutSeconds=1&${query}`)),
    },
    {
      title: 'bad list options',
      as: 'admin',
      requests: ({ a }) =>
        get(
          ...['limit=x', 'limit=-1', 'continue=abc', 'labelSelector=!!', 'fieldSelector=spec.x%3D1', 'fieldSelector=foo'].map(
            (query) => `${runtimes({ a })}?${query}`,
          ),
        ),
    },
    {
      title: 'objects',
      as: 'admin',
      requests: ({ a }) =>
        get(
          `${runtimes({ a })}/alpha`,
          `${runtimes({ a })}/nope`,
          `${CLUSTER}/contract-one`,
          `/api/v1/namespaces/${a}`,
          '/api/v1/namespaces/contract-no',
          `${RBAC}/clusterroles/cluster-admin`,
          `${RBAC}/clusterroles/system:basic-user`,
          `${RBAC}/clusterrolebindings/system:discovery`,
          `${RBAC}/clusterroles/nope`,
          `/api/v1/namespaces/${a}/pods/nope`,
        ),
    },
    {
      title: 'what is not served',
      as: 'admin',
      requests: ({ a }) =>
        get(
          '/nope',
          '/apis/nope.example.com',
          '/apis/nope.example.com/v1',
          '/apis/nope.example.com/v1/frobs',
          '/apis/serving.kserve.io/v9',
          '/apis/serving.kserve.io/v9/frobs',
          `${KSERVE}/frobs`,
          `${KSERVE}/namespaces/${a}/frobs/x`,
          '/api/v1/frobs',
          '/api/v2/pods',
          `/api/v1/namespaces/${a}/frobs`,
          `${RBAC}/frobs`,
          '/apis/rbac.authorization.k8s.io/v9',
          '/apis/authentication.k8s.io/v1beta1/selfsubjectreviews',
        ),
    },
    {
      title: 'paths that do not fit the scope',
      as: 'admin',
      requests: ({ a }) =>
        get(
          `${KSERVE}/servingruntimes/x`,
          `${KSERVE}/namespaces/${a}/clusterservingruntimes`,
          `${KSERVE}/namespaces/${a}/clusterservingruntimes/x`,
          '/api/v1/pods/x',
          `/api/v1/namespaces/${a}/namespaces`,
          `${KSERVE}/namespaces/${a}`,
        ),
    },
    {
      title: 'subresources',
      as: 'admin',
      requests: ({ a }) =>
        get(
          `/apis/serving.kserve.io/v1beta1/namespaces/${a}/inferenceservices/x/status`,
          `/api/v1/namespaces/${a}/pods/x/nosuch`,
          `/api/v1/namespaces/${a}/status`,
        ),
    },
    {
      title: 'methods',
      as: 'admin',
      requests: ({ a }) => [
        { method: 'DELETE', path: '/api/v1/namespaces' },
        { method: 'POST', path: `/api/v1/namespaces/${a}`, body: {} },
        { method: 'DELETE', path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews' },
        ...get('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews/x'),
      ],
    },
    {
      title: 'create, update and delete',
      as: 'admin',
      requests: ({ a, b }) => [
        post(runtimes({ a }), runtime({ name: 'alpha' })),
        post(runtimes({ a }), runtime({ name: 'n', namespace: b })),
        post(runtimes({ a }), runtime({ name: 'X_' })),
        post(runtimes({ a }), runtime({})),
        post(runtimes({ a }), runtime({ name: 'n' }, { kind: 'Other' })),
        post(runtimes({ a: 'contract-no' }), runtime({ name: 'n' })),
        post(runtimes({ a }), 'a: b', { 'content-type': 'text/foo' }),
        post(`${runtimes({ a })}?dryRun=All`, runtime({ name: 'n' })),
        ...get(`${runtimes({ a })}/n`),
        post(runtimes({ a }), runtime({ name: 'n', labels: { x: 'y' } })),
        ...get(`${runtimes({ a })}/n`),
        { method: 'PUT', path: `${runtimes({ a })}/n`, body: runtime({ name: 'n', resourceVersion: '1' }) },
        { method: 'PUT', path: `${runtimes({ a })}/n`, body: runtime({ name: 'other' }) },
        { method: 'PUT', path: `${runtimes({ a })}/n`, body: runtime({ name: 'n', labels: { z: '' } }, { spec: { x: 1 } }) },
        ...patches(`${runtimes({ a })}/n`),
        { method: 'DELETE', path: `${runtimes({ a })}/n` },
        { method: 'DELETE', path: `${runtimes({ a })}/n` },
        post(`/api/v1/namespaces/${a}/configmaps`, { metadata: { name: 'n' }, data: { x: 'y' } }),
        post(`/api/v1/namespaces/${a}/configmaps`, { metadata: { name: 'n' } }),
        { method: 'PUT', path: `/api/v1/namespaces/${a}/configmaps/n`, body: { metadata: { name: 'n' }, data: { z: '' } } },
        { method: 'DELETE', path: `/api/v1/namespaces/${a}/configmaps/n` },
      ],
    },
    { title: 'what RBAC objects must be', as: 'admin', requests: ({ a }) => rbacWrites(a) },
    {
      title: 'refusals',
      as: 'ana',
      requests: ({ a, b }) => [
        ...get(
          runtimes({ a: b }),
          ALL_RUNTIMES,
          CLUSTER,
          `${CLUSTER}/x`,
          `${runtimes({ a: b })}/x`,
          `${KSERVE}/frobs`,
          '/nope?x=1',
          '/metrics',
          `/api/v1/namespaces/${a}`,
          `/api/v1/namespaces/${a}/status`,
          '/api/v1/namespaces',
          `/api/v1/namespaces/${a}/pods/x/log`,
          `${CLUSTER}?watch=1`,
          `${CLUSTER}?fieldSelector=metadata.name%3Dx`,
          `${KSERVE}/watch/clusterservingruntimes`,
          '/api/v1/namespaces/q%22%1b/pods/%3Cx%3E',
        ),
        post(CLUSTER, runtime({ name: 'x' })),
        { method: 'DELETE', path: CLUSTER },
        { method: 'PUT', path: `${CLUSTER}/x`, body: {} },
        { method: 'PATCH', path: `${CLUSTER}/x`, body: {} },
        { method: 'POST', path: '/foo', body: {} },
      ],
    },
    {
      title: 'who sent no credentials',
      as: 'anonymous',
      requests: ({ a }) => [
        ...get(runtimes({ a }), '/apis', '/api', '/nope', '/healthz', '/readyz', '/livez'),
        review('SelfSubjectReview'),
        review('SelfSubjectAccessReview', {}),
      ],
    },
    {
      title: 'bad credentials',
      as: 'anonymous',
      requests: ({ a }) =>
        get(runtimes({ a }), '/healthz', '/nope').map((request) => ({ ...request, headers: { authorization: 'Bearer nope' } })),
    },
    {
      title: 'discovery of a group',
      as: 'ana',
      requests: () =>
        get(
          '/apis/serving.kserve.io',
          '/apis/serving.kserve.io/v1beta1',
          KSERVE,
          `${KSERVE}/`,
          '/apis/rbac.authorization.k8s.io',
          RBAC,
          '/apis/authorization.k8s.io/v1',
        ),
    },
    {
      title: 'access reviews',
      as: 'admin',
      requests: ({ a, b }) => {
        const attributes = { verb: 'list', group: 'serving.kserve.io', resource: 'servingruntimes', namespace: a };
        const both = { resourceAttributes: attributes, nonResourceAttributes: { path: '/x', verb: 'get' } };
        return [
          review('SelfSubjectAccessReview', { resourceAttributes: attributes }),
          review('SelfSubjectAccessReview', {}),
          review('SelfSubjectAccessReview', both),
          review('SubjectAccessReview', { user: 'contract-ana', resourceAttributes: attributes }),
          review('SubjectAccessReview', { user: 'contract-bob', resourceAttributes: attributes }),
          review('SubjectAccessReview', { resourceAttributes: attributes }),
          review('SubjectAccessReview', {}),
          review('LocalSubjectAccessReview', { user: 'contract-ana', resourceAttributes: attributes }, a),
          review('LocalSubjectAccessReview', { user: 'contract-ana', resourceAttributes: attributes }, b),
          review('LocalSubjectAccessReview', { user: 'contract-ana', resourceAttributes: attributes }, a, { namespace: b }),
          review('LocalSubjectAccessReview', { user: 'x', nonResourceAttributes: { path: '/x', verb: 'get' } }, a),
          review('SelfSubjectRulesReview', {}),
        ];
      },
    },
    {
      title: 'impersonation',
      as: 'admin',
      requests: ({ a }) => {
        const whoAmI = review('SelfSubjectReview');
        const bot = `system:serviceaccount:${a}:bot`;
        return [
          { 'impersonate-user': 'zoe' },
          { 'impersonate-user': 'zoe', 'impersonate-group': ['g1,g2', 'g3'] },
          { 'impersonate-user': 'zoe', 'impersonate-uid': 'u', 'impersonate-extra-acme.com%2Fproject': ['p1', 'p2'] },
          { 'impersonate-user': bot },
          { 'impersonate-user': bot, 'impersonate-group': 'g' },
          { 'impersonate-user': 'system:anonymous' },
          { 'impersonate-group': 'g' },
          { 'impersonate-uid': 'u' },
        ].map((headers) => ({ ...whoAmI, headers: { ...whoAmI.headers, ...headers } }));
      },
    },
    {
      title: 'refused impersonation',
      as: 'ana',
      requests: ({ a }) => {
        const bot = `system:serviceaccount:${a}:bot`;
        const whoAmI = review('SelfSubjectReview');
        return [
          { ...whoAmI, headers: { 'impersonate-user': 'zoe' } },
          { ...whoAmI, headers: { 'impersonate-user': bot } },
          { ...whoAmI, headers: { 'impersonate-user': bot, 'impersonate-group': 'g' } },
          ...get('/apis', runtimes({ a })).map((request) => ({ ...request, headers: { 'impersonate-user': 'zoe' } })),
        ];
      },
    },
    { title: 'who asks', as: 'ana', requests: () => [review('SelfSubjectReview')] },
  ];
}
