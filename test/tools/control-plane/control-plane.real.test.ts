import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import type { ApiClient } from '../../../tools/control-plane/client.ts';
import { startControlPlane } from '../../../tools/control-plane/control-plane.ts';
import { describeReal } from '../../support/describe-real.ts';

describeReal('control plane', (plane) => {
  it('is ready and says its version', async () => {
    const { admin } = plane();
    assert.equal(await admin.get('/readyz'), 'ok');
    assert.match((await admin.get('/version')).gitVersion, /^v1\./);
  });

  it('knows each user of the token file', async () => {
    const { users, admin } = plane();
    for (const { name, groups, token = '' } of Object.values(users)) {
      assert.deepEqual(await identity(admin, token), { username: name, groups: [...groups, 'system:authenticated'] });
    }
  });

  it('knows the administrator by certificate', async () => {
    const { username, groups } = await identity(plane().admin);
    assert.deepEqual({ username, groups }, { username: 'admin', groups: ['system:masters', 'system:authenticated'] });
  });

  for (const name of ['eve', 'oidc:eve@example.test', 'Eva Lü, "the 2nd"', `${'long-'.repeat(60)}end`]) {
    it(`takes a user called ${name.slice(0, 30)}`, async () => {
      const user = await plane().addUser(name, ['a group', 'ml']);
      const answer = await identity(plane().client(user));
      assert.deepEqual(answer, { username: name, groups: ['a group', 'ml', 'system:authenticated'] });
    });
  }

  it('gives ServiceAccounts tokens', async () => {
    const namespace = await plane().createNamespace();
    const account = await plane().addServiceAccount(namespace, 'robot');
    const { username, groups } = await identity(plane().client(account));
    assert.deepEqual({ username, groups }, { username: account.name, groups: account.groups });
    assert.equal(username, `system:serviceaccount:${namespace}:robot`);
  });

  it('refuses those that no role grants anything', async () => {
    const answer = await plane().client(plane().users.nobody).request('GET', '/apis/serving.kserve.io/v1alpha1/clusterservingruntimes');
    assert.equal(answer.status, 403);
    assert.equal(
      answer.body.message,
      'clusterservingruntimes.serving.kserve.io is forbidden: User "nobody" cannot list resource "clusterservingruntimes" in API group "serving.kserve.io" at the cluster scope',
    );
  });

  it('refuses an unknown token', async () => {
    assert.equal((await plane().admin.request('GET', '/api', { token: 'unknown' })).status, 401);
  });

  it("serves KServe's kinds, and keeps fields that it does not know", async () => {
    const namespace = await plane().createNamespace();
    const spec = { containers: [{ name: 'kserve-container' }], unheardOf: { deep: [1, null, 'x'] } };
    const runtime = { apiVersion: 'serving.kserve.io/v1alpha1', kind: 'ServingRuntime', metadata: { namespace, name: 'kept' }, spec };
    const [applied] = await plane().admin.apply(runtime);
    assert.deepEqual(applied?.spec, spec);
    const path = `/apis/serving.kserve.io/v1alpha1/namespaces/${namespace}/servingruntimes`;
    assert.equal((await plane().admin.get(path)).items.length, 1);
    await plane().admin.delete(runtime, runtime);
    assert.deepEqual((await plane().admin.get(path)).items, []);
  });

  it('sends the options of a deletion, and keeps the connection', async () => {
    const namespace = await plane().createNamespace();
    const path = `/api/v1/namespaces/${namespace}/configmaps/kept`;
    await plane().admin.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: 'kept' } });
    const refused = await plane().admin.request('DELETE', path, { body: { preconditions: { uid: 'other' } } });
    assert.equal(refused.status, 409);
    const statuses = await Promise.all(Array.from({ length: 40 }, async () => (await plane().admin.request('GET', path)).status));
    assert.deepEqual([...new Set(statuses)], [200]);
  });

  it('names the object and the reason when it refuses one', async () => {
    const invalid = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'Not_A_Name' } };
    await assert.rejects(
      plane().admin.apply(invalid),
      /^Error: PATCH \/api\/v1\/namespaces\/Not_A_Name\?.*: 422 Namespace "Not_A_Name" is invalid/,
    );
    await assert.rejects(plane().admin.apply({ apiVersion: 'v1', kind: 'Nonsense', metadata: { name: 'x' } }), {
      message: 'the server serves no Nonsense in v1',
    });
  });

  for (const path of ['https://example.test/api', '//example.test/api']) {
    it(`sends nothing to another server: ${path}`, async () => {
      const message = `${path} is not a path on the server that this run started`;
      await assert.rejects(plane().admin.request('DELETE', path), { message });
    });
  }

  it('gives every test a namespace of its own', async () => {
    const names = await Promise.all([plane().createNamespace('team'), plane().createNamespace('team')]);
    assert.equal(new Set(names).size, 2);
    for (const name of names) assert.match(name, /^team-\d+$/);
  });

  it('writes kubeconfig files for the real kubectl', async () => {
    const file = plane().kubeconfig('ana', { namespace: 'team-a' });
    const config = load(readFileSync(file, 'utf8')) as { 'current-context': string; contexts: { name: string; context: object }[] };
    assert.equal(config['current-context'], 'ana');
    assert.deepEqual(config.contexts.find(({ name }) => name === 'ana')?.context, { cluster: 'test', user: 'ana', namespace: 'team-a' });
    const who = await plane().kubectl('ana', ['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}']);
    assert.deepEqual(who, { code: 0, stdout: 'ana', stderr: '' });
    const refused = await plane().kubectl('nobody', ['get', 'namespaces']);
    assert.deepEqual(refused, {
      code: 1,
      stdout: '',
      stderr:
        'Error from server (Forbidden): namespaces is forbidden: User "nobody" cannot list resource "namespaces" in API group "" at the cluster scope\n',
    });
  });

  it('can be started alone without CRDs, and leaves nothing behind', async () => {
    const own = await startControlPlane({ crds: 'none' });
    assert.equal(own.kind, 'ready');
    assert.notEqual(own.url, plane().url);
    const groups = (await own.admin.get('/apis')).groups as { name: string }[];
    assert.equal(groups.filter(({ name }) => name.includes('kserve')).length, 0);
    await own.stop();
    assert.equal(existsSync(own.folder), false);
    await assert.rejects(own.client(own.users.admin).request('GET', '/readyz'), { code: 'ECONNREFUSED' });
    assert.equal(await plane().admin.get('/readyz'), 'ok');
  });
});

async function identity(client: ApiClient, token?: string): Promise<{ username: string; groups: string[] }> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const answer = await client.request('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
    body,
    ...(token !== undefined && { token }),
  });
  const { username, groups } = answer.body.status.userInfo;
  return { username, groups };
}
