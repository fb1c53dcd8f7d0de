import assert from 'node:assert/strict';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { ClusterError } from '../../src/errors.ts';
import { KSERVE_TYPES } from '../../tools/api-server/types.ts';
import { grant } from '../../tools/rbac-objects.ts';
import { fakeCluster } from './fake-cluster.ts';

const TYPE = { group: 'serving.kserve.io', version: 'v1alpha1', plural: 'servingruntimes', kind: 'ServingRuntime', namespaced: true };
const runtime = (name: string): KubeObject => ({
  apiVersion: 'serving.kserve.io/v1alpha1',
  kind: 'ServingRuntime',
  metadata: { name, namespace: 'a' },
});
const names = (object: KubeObject) => object.metadata.name;
const objects = ['x', 'y', 'z'].map(runtime);

describe('FakeCluster', () => {
  it('answers an administrator, page by page', async () => {
    const cluster = fakeCluster({ objects });
    assert.deepEqual(await cluster.list(TYPE, { namespace: 'a', chunkSize: 2 }, names), { items: ['x', 'y', 'z'] });
    assert.deepEqual(
      cluster.requests.map(({ query }) => query.get('limit')),
      ['2', '2'],
    );
  });

  it("refuses with the server's words what the user's roles do not grant", async () => {
    const grants = grant('reader', 'ana', { namespace: 'a' }, ['list'], 'servingruntimes.serving.kserve.io');
    const cluster = fakeCluster({ objects: [...objects, ...grants], user: { name: 'ana' } });
    assert.deepEqual(await cluster.list(TYPE, { namespace: 'a' }, names), { items: ['x', 'y', 'z'] });
    await assert.rejects(cluster.list(TYPE, {}, names), {
      reason: 'Forbidden',
      message:
        'servingruntimes.serving.kserve.io is forbidden: User "ana" cannot list resource "servingruntimes" in API group "serving.kserve.io" at the cluster scope',
      code: 403,
    });
  });

  it('plays scripted failures, also of a later page', async () => {
    const error = new ClusterError('ConnectionLost', 'connection reset');
    const second = fakeCluster({ objects, failures: [{ on: { resource: 'servingruntimes', page: 2 }, error }] });
    assert.deepEqual(await second.list(TYPE, { chunkSize: 1 }, names), { items: ['x'], failure: error });
    const first = fakeCluster({ objects, failures: [{ on: { verb: 'list', times: 1 }, error }] });
    await assert.rejects(first.list(TYPE, {}, names), error);
    assert.deepEqual(await first.list(TYPE, {}, names), { items: ['x', 'y', 'z'] });
    const discovery = fakeCluster({ failures: [{ on: { path: '/apis' }, error }] });
    await assert.rejects(discovery.discover({}), error);
  });

  it('asks once more, without pages, for a list that expired', async () => {
    const error = new ClusterError('Expired', 'too old', { code: 410 });
    const cluster = fakeCluster({ objects, failures: [{ on: { page: 2 }, error }] });
    assert.deepEqual(await cluster.list(TYPE, { chunkSize: 2 }, names), { items: ['x', 'y', 'z'] });
  });

  it('serves the kinds that it is told to, and others not', async () => {
    const types = KSERVE_TYPES.filter(({ plural }) => plural !== 'servingruntimes');
    await assert.rejects(fakeCluster({ types }).list(TYPE, {}, names), {
      reason: 'NotFound',
      message: 'the server could not find the requested resource (get servingruntimes.serving.kserve.io)',
      fromStatus: false,
    });
    const { groups } = await fakeCluster({ types: [] }).discover({ core: true });
    assert.deepEqual(
      groups.map(({ name }) => name),
      ['', 'apps', 'authentication.k8s.io', 'authorization.k8s.io', 'rbac.authorization.k8s.io', 'apiextensions.k8s.io'],
    );
  });
});
