import assert from 'node:assert/strict';
import type { Cluster } from '../../src/cluster/cluster.ts';
import type { ResourceType } from '../../src/domain/kubernetes/resource.ts';
import { forbidden, rejectsWith } from './expect.ts';
import type { ContractServer } from './servers.ts';
import { USERS } from './world.ts';

const GROUP = 'serving.kserve.io';
const AUTHORIZATION = 'authorization.k8s.io';

export function reviewType(kind: string): ResourceType {
  const group = kind === 'SelfSubjectReview' ? 'authentication.k8s.io' : AUTHORIZATION;
  return { group, version: 'v1', plural: `${kind.toLowerCase()}s`, kind, namespaced: kind.startsWith('Local') };
}

async function review(
  cluster: Cluster,
  kind: string,
  spec: object | undefined,
  options: Parameters<Cluster['create']>[2] = {},
): Promise<unknown> {
  const type = reviewType(kind);
  const body = { apiVersion: `${type.group}/v1`, kind, ...(spec && { spec }) };
  return (await cluster.create(type, body, options)).status;
}

function invalid(field: string, message: string) {
  return {
    reason: 'Invalid' as const,
    message: `.${AUTHORIZATION} "" is invalid: ${field}: Invalid value: ${message}`,
    code: 422,
    details: { group: AUTHORIZATION },
    fromStatus: true,
  };
}

function list(resource: string, namespace: string) {
  return { resourceAttributes: { verb: 'list', group: GROUP, resource, namespace } };
}

export function reviewCases(server: () => ContractServer): void {
  it('answers yes with the binding that grants it', async () => {
    const { as, a } = server();
    const ana = await as('ana');
    assert.deepEqual(await review(ana, 'SelfSubjectAccessReview', list('servingruntimes', a)), {
      allowed: true,
      reason: `RBAC: allowed by RoleBinding "runtime-reader/${a}" of Role "runtime-reader" to User "${USERS.ana.name}"`,
    });
    assert.deepEqual(await review(await as('admin'), 'SelfSubjectAccessReview', list('servingruntimes', a)), { allowed: true });
  });

  it('answers no without a reason, or with that of a role that is not there', async () => {
    const { as, a, b } = server();
    assert.deepEqual(await review(await as('ana'), 'SelfSubjectAccessReview', list('servingruntimes', b)), { allowed: false });
    assert.deepEqual(await review(await as('bob'), 'SelfSubjectAccessReview', list('servingruntimes', a)), {
      allowed: false,
      reason: 'rbac: RBAC: clusterrole.rbac.authorization.k8s.io "contract-nowhere" not found',
    });
  });

  it('says yes for a cluster-scoped kind under a RoleBinding, though the list is refused', async () => {
    const { as, a } = server();
    const ana = await as('ana');
    assert.deepEqual(await review(ana, 'SelfSubjectAccessReview', list('clusterservingruntimes', a)), {
      allowed: true,
      reason: `RBAC: allowed by RoleBinding "trap/${a}" of ClusterRole "contract-cluster-reader" to User "${USERS.ana.name}"`,
    });
    assert.deepEqual(await review(ana, 'SelfSubjectAccessReview', list('clusterservingruntimes', '')), { allowed: false });
  });

  it('reviews URLs', async () => {
    const ana = await server().as('ana');
    const ask = (verb: string, path: string) => review(ana, 'SelfSubjectAccessReview', { nonResourceAttributes: { verb, path } });
    assert.deepEqual(await ask('get', '/apis/x'), {
      allowed: true,
      reason: 'RBAC: allowed by ClusterRoleBinding "system:discovery" of ClusterRole "system:discovery" to Group "system:authenticated"',
    });
    assert.deepEqual(await ask('post', '/apis/x'), { allowed: false });
  });

  it('refuses a review that asks nothing or too much', async () => {
    const ana = await server().as('ana');
    const one = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    await rejectsWith(review(ana, 'SelfSubjectAccessReview', {}), invalid('spec', `null: ${one}`));
    const both = { ...list('x', ''), nonResourceAttributes: { verb: 'get', path: '/apis' } };
    await rejectsWith(review(ana, 'SelfSubjectAccessReview', both), invalid('spec', `{"Path":"/apis","Verb":"get"}: ${one}`));
  });

  it('reviews others for who may, by user and groups as given', async () => {
    const { as, a, b } = server();
    const delegate = await as('delegate');
    const bot = { user: `system:serviceaccount:${b}:bot` };
    const ask = (subject: object, verb: string) => {
      const { resourceAttributes } = list('servingruntimes', a);
      return review(delegate, 'SubjectAccessReview', { ...subject, resourceAttributes: { ...resourceAttributes, verb } });
    };
    assert.deepEqual(await ask(bot, 'list'), {
      allowed: true,
      reason: `RBAC: allowed by RoleBinding "bot-reader/${a}" of Role "bot-reader" to ServiceAccount "bot/${b}"`,
    });
    // The groups of a ServiceAccount are not implied.
    assert.deepEqual(await ask(bot, 'get'), { allowed: false });
    assert.deepEqual(await ask({ ...bot, groups: [`system:serviceaccounts:${b}`] }, 'get'), {
      allowed: true,
      reason: `RBAC: allowed by RoleBinding "sa-reader/${a}" of Role "sa-reader" to Group "system:serviceaccounts:${b}"`,
    });
    assert.deepEqual(await ask({ groups: ['system:masters'] }, 'frob'), { allowed: true });
    await rejectsWith(ask({}, 'list'), invalid('spec.user', '"": at least one of user or group must be specified'));
  });

  it('reviews nobody else for who may not', async () => {
    const message = `User "${USERS.ana.name}" cannot create resource "subjectaccessreviews" in API group "${AUTHORIZATION}" at the cluster scope`;
    await rejectsWith(
      review(await server().as('ana'), 'SubjectAccessReview', { user: 'x', ...list('x', '') }),
      forbidden(message, AUTHORIZATION, 'subjectaccessreviews'),
    );
  });

  it('reviews others in one namespace only', async () => {
    const { as, a, b } = server();
    const delegate = await as('delegate');
    const user = USERS.ana.name;
    const ask = (spec: object, namespace = a) => review(delegate, 'LocalSubjectAccessReview', { user, ...spec }, { namespace });
    assert.deepEqual(await ask(list('servingruntimes', a)), {
      allowed: true,
      reason: `RBAC: allowed by RoleBinding "runtime-reader/${a}" of Role "runtime-reader" to User "${user}"`,
    });
    const mismatch = (namespace: string) => invalid('spec.resourceAttributes.namespace', `"${namespace}": must match metadata.namespace`);
    await rejectsWith(ask(list('servingruntimes', b)), mismatch(b));
    await rejectsWith(ask(list('clusterservingruntimes', '')), mismatch(''));
    await rejectsWith(
      ask({ nonResourceAttributes: { verb: 'get', path: '/x' } }),
      invalid('spec.nonResourceAttributes', '{"Path":"/x","Verb":"get"}: disallowed on this kind of request'),
    );
    const message = `User "${USERS.delegate.name}" cannot create resource "localsubjectaccessreviews" in API group "${AUTHORIZATION}" in the namespace "${b}"`;
    await rejectsWith(ask(list('servingruntimes', b), b), forbidden(message, AUTHORIZATION, 'localsubjectaccessreviews'));
  });

  it('tells the rules of a namespace, and those of the cluster for one that is not there', async () => {
    const { as, a } = server();
    const everywhere = {
      resourceRules: [
        { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
        { verbs: ['create'], apiGroups: [AUTHORIZATION], resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'] },
      ],
      incomplete: false,
    };
    const runtimes = { apiGroups: [GROUP], resources: ['servingruntimes'] };
    const here = [
      { verbs: ['get', 'list'], ...runtimes },
      { ...runtimes, verbs: ['list'], resources: ['clusterservingruntimes'] },
    ];
    assert.deepEqual(await rules(await as('ana'), 'contract-missing'), everywhere);
    assert.deepEqual(await rules(await as('ana'), a), { ...everywhere, resourceRules: sorted([...everywhere.resourceRules, ...here]) });
    assert.deepEqual(await rules(await as('bob'), a), {
      ...everywhere,
      evaluationError: 'clusterrole.rbac.authorization.k8s.io "contract-nowhere" not found',
    });
    await rejectsWith(rules(await as('ana'), ''), {
      reason: 'BadRequest',
      message: 'no namespace on request',
      code: 400,
      details: undefined,
      fromStatus: true,
    });
  });

  it('tells who asks', async () => {
    const { as, b } = server();
    assert.deepEqual(await whoAmI(await as('ana')), {
      username: USERS.ana.name,
      groups: ['contract-ml', 'system:authenticated'],
    });
    assert.deepEqual(await whoAmI(await as('admin'), `system:serviceaccount:${b}:bot`), {
      username: `system:serviceaccount:${b}:bot`,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${b}`, 'system:authenticated'],
    });
    const beta = { ...reviewType('SelfSubjectReview'), version: 'v1beta1' };
    await rejectsWith((await as('ana')).create(beta, { apiVersion: 'authentication.k8s.io/v1beta1', kind: beta.kind }, {}), {
      reason: 'NotFound',
      message: 'the server could not find the requested resource',
      code: 404,
      details: {},
      fromStatus: true,
    });
    const message =
      'User "system:anonymous" cannot create resource "selfsubjectreviews" in API group "authentication.k8s.io" at the cluster scope';
    await rejectsWith(whoAmI(await as('anonymous')), forbidden(message, 'authentication.k8s.io', 'selfsubjectreviews'));
  });

  it('lets act as another who may, and nobody else', async () => {
    const { as, b } = server();
    const actor = await as('actor');
    assert.deepEqual(await whoAmI(actor, 'contract-zoe'), { username: 'contract-zoe', groups: ['system:authenticated'] });
    const account = `User "${USERS.actor.name}" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "${b}"`;
    await rejectsWith(whoAmI(actor, `system:serviceaccount:${b}:bot`), forbidden(account, '', 'serviceaccounts', 'bot'));
    const on = (mode: string) =>
      `User "${USERS.ana.name}" cannot impersonate-on:${mode}:create resource "selfsubjectreviews" in API group "authentication.k8s.io" at the cluster scope`;
    const ana = await as('ana');
    await rejectsWith(whoAmI(ana, 'contract-zoe'), forbidden(on('user-info'), 'authentication.k8s.io', 'selfsubjectreviews'));
    await rejectsWith(
      whoAmI(ana, `system:serviceaccount:${b}:bot`),
      forbidden(on('serviceaccount'), 'authentication.k8s.io', 'selfsubjectreviews'),
    );
  });

  it('lets act as another for one kind of request only', async () => {
    const { as, a, b } = server();
    const keeper = await as('keeper');
    const impersonateUser = `system:serviceaccount:${b}:bot`;
    assert.deepEqual(await review(keeper, 'SelfSubjectAccessReview', list('servingruntimes', a), { impersonateUser }), {
      allowed: true,
      reason: `RBAC: allowed by RoleBinding "bot-reader/${a}" of Role "bot-reader" to ServiceAccount "bot/${b}"`,
    });
    const refusal = await whoAmI(keeper, impersonateUser).catch((error: Error) => error.message);
    const on = `User "${USERS.keeper.name}" cannot impersonate-on:serviceaccount:create resource "selfsubjectreviews"`;
    assert.equal(
      refusal,
      `selfsubjectreviews.authentication.k8s.io is forbidden: ${on} in API group "authentication.k8s.io" at the cluster scope`,
    );
    const other = await review(keeper, 'SelfSubjectAccessReview', list('servingruntimes', a), {
      impersonateUser: `system:serviceaccount:${a}:bot`,
    }).catch((error: Error) => error.message);
    const identity = `User "${USERS.keeper.name}" cannot impersonate:serviceaccount resource "serviceaccounts"`;
    assert.equal(
      other,
      `serviceaccounts.authentication.k8s.io "bot" is forbidden: ${identity} in API group "authentication.k8s.io" in the namespace "${a}"`,
    );
  });

  it('creates nothing in a dry run', async () => {
    const { as, a } = server();
    const admin = await as('admin');
    const type = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', namespaced: true };
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'contract-dry' } };
    const created = await admin.create(type, object, { namespace: a, dryRun: true });
    assert.deepEqual([created.kind, created.metadata.name, created.metadata.namespace], ['ConfigMap', 'contract-dry', a]);
    await rejectsWith(admin.get(type, 'contract-dry', { namespace: a }), {
      reason: 'NotFound',
      message: 'configmaps "contract-dry" not found',
      code: 404,
      details: { name: 'contract-dry', kind: 'configmaps' },
      fromStatus: true,
    });
  });
}

async function whoAmI(cluster: Cluster, impersonateUser?: string): Promise<object> {
  const status = await review(cluster, 'SelfSubjectReview', undefined, impersonateUser === undefined ? {} : { impersonateUser });
  const { username, groups } = (status as { userInfo: { username: string; groups: string[] } }).userInfo;
  return { username, groups };
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
}

/** The order of rules varies, and so does what a user may do with URLs from version to version. */
async function rules(cluster: Cluster, namespace: string): Promise<object> {
  const status = await review(cluster, 'SelfSubjectRulesReview', { namespace });
  const { resourceRules, nonResourceRules, ...rest } = status as { resourceRules: Rule[]; nonResourceRules: object[] };
  assert.ok(nonResourceRules.length > 0);
  return { resourceRules: sorted(resourceRules), ...rest };
}

function sorted<T extends Rule>(list: readonly T[]): readonly T[] {
  const key = ({ apiGroups, resources }: Rule) => `${apiGroups} ${resources}`;
  return [...list].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}
