import assert from 'node:assert/strict';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { forbidden, rejectsWith } from './expect.ts';
import type { ContractServer } from './servers.ts';
import { CLUSTER_SERVING_RUNTIME, LABEL, runtimeNames, SERVING_RUNTIME, UNSERVED, UNSERVED_GROUP, USERS } from './world.ts';

const GROUP = 'serving.kserve.io';
const names = (object: KubeObject) => object.metadata.name;
const ours = { labelSelector: `${LABEL}=yes` };

export function listCases(server: () => ContractServer): void {
  it('lists a namespace in the order of names', async () => {
    const { as, a } = server();
    assert.deepEqual(await (await as('ana')).list(SERVING_RUNTIME, { namespace: a }, names), { items: runtimeNames() });
  });

  it('lists all namespaces, and a cluster-scoped kind', async () => {
    const admin = await server().as('admin');
    assert.deepEqual(await admin.list(SERVING_RUNTIME, ours, names), { items: runtimeNames() });
    assert.deepEqual(await admin.list(CLUSTER_SERVING_RUNTIME, ours, names), { items: ['contract-one', 'contract-two'] });
  });

  it('hands over whole objects', async () => {
    const { as, a } = server();
    const { items } = await (await as('admin')).list(SERVING_RUNTIME, { namespace: a }, (object) => object);
    const { apiVersion, kind, spec, metadata } = items[0] ?? assert.fail('no items');
    assert.deepEqual([apiVersion, kind, metadata.namespace], [`${GROUP}/v1alpha1`, 'ServingRuntime', a]);
    assert.deepEqual(spec, {
      supportedModelFormats: [{ name: 'sklearn', version: '1' }],
      containers: [{ name: 'kserve-container', image: 'x' }],
    });
    assert.match(metadata.uid ?? '', /^[0-9a-f-]{36}$/);
    assert.match(metadata.creationTimestamp ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.match(metadata.resourceVersion ?? '', /^\d+$/);
  });

  it('hands over names where metadata alone is asked for', async () => {
    const { as, a } = server();
    const { items } = await (await as('ana')).list(SERVING_RUNTIME, { namespace: a, metadataOnly: true }, names);
    assert.deepEqual(items, runtimeNames());
  });

  it('gives an empty list for an empty namespace, and for one that is not there', async () => {
    const { as, b } = server();
    const admin = await as('admin');
    for (const namespace of [b, 'contract-missing']) {
      assert.deepEqual(await admin.list(SERVING_RUNTIME, { namespace }, names), { items: [] }, namespace);
    }
  });

  it('selects by label and field', async () => {
    const { as, a } = server();
    const admin = await as('admin');
    const select = async (options: { labelSelector?: string; fieldSelector?: string }) =>
      (await admin.list(SERVING_RUNTIME, { namespace: a, ...options }, names)).items;
    assert.deepEqual(await select({ labelSelector: 'tier=odd' }), ['beta', 'gamma']);
    assert.deepEqual(await select({ labelSelector: 'tier!=odd' }), ['alpha', 'delta', 'omega']);
    assert.deepEqual(await select({ labelSelector: 'tier in (odd, even),!absent' }), runtimeNames());
    assert.deepEqual(await select({ labelSelector: 'tier notin (even)' }), ['beta', 'gamma']);
    assert.deepEqual(await select({ labelSelector: 'absent' }), []);
    assert.deepEqual(await select({ fieldSelector: 'metadata.name=beta' }), ['beta']);
    assert.deepEqual(await select({ fieldSelector: `metadata.name!=beta,metadata.namespace=${a}` }), ['alpha', 'delta', 'gamma', 'omega']);
    assert.deepEqual(await select({ fieldSelector: 'metadata.name=beta', labelSelector: 'tier=even' }), []);
  });

  it('refuses a selector that it cannot read', async () => {
    const { as, a } = server();
    const admin = await as('admin');
    const bad = (message: string) => ({ reason: 'BadRequest' as const, message, code: 400, details: undefined, fromStatus: true });
    const list = (options: object) => admin.list(SERVING_RUNTIME, { namespace: a, ...options }, names);
    await rejectsWith(list({ fieldSelector: 'spec.x=1' }), bad('field label not supported: spec.x'));
    await rejectsWith(list({ fieldSelector: 'foo' }), bad("invalid selector: 'foo'; can't understand 'foo'"));
    await rejectsWith(list({ labelSelector: 'a=b,!!' }), bad("unable to parse requirement: found '!', expected: identifier"));
  });

  it('gives the same list in pages of any size', async () => {
    const { as, a } = server();
    const admin = await as('admin');
    for (const chunkSize of [0, 1, 2, 3, 4, 5, 6]) {
      assert.deepEqual(await admin.list(SERVING_RUNTIME, { namespace: a, chunkSize }, names), { items: runtimeNames() }, `${chunkSize}`);
      const even = { namespace: a, chunkSize, labelSelector: 'tier=even' };
      assert.deepEqual(await admin.list(SERVING_RUNTIME, even, names), { items: ['alpha', 'delta', 'omega'] }, `${chunkSize}`);
    }
  });

  it('refuses without a right, and names user, verb, kind and scope', async () => {
    const { as, a, b } = server();
    const ana = await as('ana');
    const user = `User "${USERS.ana.name}"`;
    await rejectsWith(
      ana.list(SERVING_RUNTIME, { namespace: b }, names),
      forbidden(`${user} cannot list resource "servingruntimes" in API group "${GROUP}" in the namespace "${b}"`, GROUP, 'servingruntimes'),
    );
    await rejectsWith(
      ana.list(SERVING_RUNTIME, {}, names),
      forbidden(`${user} cannot list resource "servingruntimes" in API group "${GROUP}" at the cluster scope`, GROUP, 'servingruntimes'),
    );
    // In spite of the RoleBinding for this kind: it counts in a namespace only, and the kind has none.
    await rejectsWith(
      ana.list(CLUSTER_SERVING_RUNTIME, {}, names),
      forbidden(
        `${user} cannot list resource "clusterservingruntimes" in API group "${GROUP}" at the cluster scope`,
        GROUP,
        'clusterservingruntimes',
      ),
    );
    await rejectsWith(
      (await as('nobody')).list(SERVING_RUNTIME, { namespace: a }, names),
      forbidden(
        `User "contract-&lt;n&gt;&amp;\\"b\\"" cannot list resource "servingruntimes" in API group "${GROUP}" in the namespace "${a}"`,
        GROUP,
        'servingruntimes',
      ),
    );
  });

  it('tells of a binding to a role that is not there', async () => {
    const { as, a } = server();
    const message = `User "${USERS.bob.name}" cannot list resource "servingruntimes" in API group "${GROUP}" in the namespace "${a}"`;
    const reason = 'rbac: RBAC: clusterrole.rbac.authorization.k8s.io "contract-nowhere" not found';
    await rejectsWith(
      (await as('bob')).list(SERVING_RUNTIME, { namespace: a }, names),
      forbidden(`${message}: ${reason}`, GROUP, 'servingruntimes'),
    );
  });

  it('refuses before it looks whether a kind exists', async () => {
    const { as, a } = server();
    const ana = await as('ana');
    for (const type of [UNSERVED, UNSERVED_GROUP]) {
      const message = `User "${USERS.ana.name}" cannot list resource "frobs" in API group "${type.group}" in the namespace "${a}"`;
      await rejectsWith(ana.list(type, { namespace: a }, names), forbidden(message, type.group, 'frobs'));
    }
  });

  it('does not find a kind that is not served', async () => {
    const admin = await server().as('admin');
    for (const type of [UNSERVED, UNSERVED_GROUP]) {
      await rejectsWith(admin.list(type, {}, names), {
        reason: 'NotFound',
        message: `the server could not find the requested resource (get frobs.${type.group})`,
        code: 404,
        details: { group: type.group, kind: 'frobs' },
        fromStatus: false,
      });
    }
    await rejectsWith(admin.list({ ...UNSERVED, group: '', version: 'v1' }, {}, names), {
      reason: 'NotFound',
      message: 'the server could not find the requested resource',
      code: 404,
      details: {},
      fromStatus: true,
    });
  });

  it('knows who sent no credentials, and refuses bad ones', async () => {
    const { as, a } = server();
    const message = `User "system:anonymous" cannot list resource "servingruntimes" in API group "${GROUP}" in the namespace "${a}"`;
    await rejectsWith((await as('anonymous')).list(SERVING_RUNTIME, { namespace: a }, names), forbidden(message, GROUP, 'servingruntimes'));
    await rejectsWith((await as('unknown')).list(SERVING_RUNTIME, { namespace: a }, names), {
      reason: 'Unauthorized',
      message: 'Unauthorized',
      code: 401,
      details: undefined,
      fromStatus: true,
    });
  });
}
