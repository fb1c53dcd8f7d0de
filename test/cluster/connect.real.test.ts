import assert from 'node:assert/strict';
import { clusterOver } from '../../src/cluster/api/client.ts';
import { connect } from '../../src/cluster/connect.ts';
import { loadClientConfig } from '../../src/cluster/credentials/client-config.ts';
import type { Transport } from '../../src/cluster/transport/transport.ts';
import { PODS } from '../../src/domain/kubernetes/core-kinds.ts';
import { type ApiResource, type Discovery, resourceName } from '../../src/domain/kubernetes/resource.ts';
import { describeReal } from '../support/describe-real.ts';
import { createHost } from '../support/run-cli.ts';
import { atClose, closeAll, failureOf, transportTo } from '../support/wire.ts';
import { createHost as createConfigHost, createPlace } from './kubeconfig/config-host.ts';

function place() {
  const made = createPlace();
  atClose(made.remove);
  return made;
}

describeReal('connect', (plane) => {
  afterEach(closeAll);

  async function connectAs(user: 'admin' | 'nobody', flags: Parameters<typeof connect>[0] = {}) {
    const { host, written } = createHost({ argv: '', now: new Date() });
    const connection = await connect({ kubeconfig: plane().kubeconfig(user), ...flags }, host);
    atClose(connection.close);
    return { ...connection, written };
  }

  it('lists page by page what kubectl lists', async () => {
    const { cluster } = await connectAs('admin');
    const roles = { group: 'rbac.authorization.k8s.io', version: 'v1', plural: 'clusterroles', kind: 'ClusterRole', namespaced: false };
    const { items, failure } = await cluster.list(roles, { chunkSize: 10 }, ({ metadata }) => metadata.name);
    const { stdout } = await plane().kubectl('admin', ['get', 'clusterroles', '-o', 'jsonpath={.items[*].metadata.name}']);
    assert.equal(failure, undefined);
    assert.deepEqual(items, stdout.split(' '));
  });

  it('discovers what kubectl discovers', async () => {
    const { cluster } = await connectAs('admin');
    const { groups } = await cluster.discover({ core: true });
    const { stdout } = await plane().kubectl('admin', ['api-resources', '--no-headers', '-o', 'name']);
    const names = groups.flatMap(({ versions }) => versions.flatMap(({ resources }) => resources.map(resourceName)));
    assert.deepEqual([...new Set(names)].sort(), stdout.trim().split('\n').sort());
  });

  it('discovers the same at once and version by version', async () => {
    const config = await loadClientConfig({ kubeconfig: plane().kubeconfig('admin') }, createConfigHost(place()).host);
    const transport = await transportTo(config, { now: () => new Date() });
    const plain: Transport = { ...transport, request: (request) => transport.request({ ...request, accept: 'application/json' }) };
    const [once, separately] = await Promise.all([transport, plain].map((each) => clusterOver(each).discover({ core: true })));
    assert.deepEqual(sorted(separately), sorted(once));
  });

  it('gives the server its word', async () => {
    const { cluster } = await connectAs('nobody');
    const { reason, message } = await failureOf(cluster.list(PODS, { namespace: 'default' }, (object) => object));
    assert.deepEqual(
      [reason, message],
      ['Forbidden', 'pods is forbidden: User "nobody" cannot list resource "pods" in API group "" in the namespace "default"'],
    );
  });

  it('acts as whom it is told', async () => {
    const { cluster } = await connectAs('admin', { as: 'zoë', asGroup: ['g 1', 'g,2'], asUid: '7', asUserExtra: ['example.io/team=a,b'] });
    const reviews = {
      group: 'authentication.k8s.io',
      version: 'v1',
      plural: 'selfsubjectreviews',
      kind: 'SelfSubjectReview',
      namespaced: false,
    };
    const { status } = await cluster.create(reviews, { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }, {});
    assert.deepEqual(status, {
      userInfo: { username: 'zoë', uid: '7', groups: ['g 1', 'g,2', 'system:authenticated'], extra: { 'example.io/team': ['a,b'] } },
    });
  });

  it('knows its version', async () => {
    const { cluster } = await connectAs('admin');
    assert.match((await cluster.serverVersion()).gitVersion, /^v1\.\d+\.\d+$/);
  });
});

/** The server orders resources by age in one form and by name in the other. */
function sorted(discovery: Discovery | undefined): unknown {
  const byPlural = (a: ApiResource, b: ApiResource) => (a.plural < b.plural ? -1 : 1);
  return discovery?.groups.map(({ name, versions }) => ({
    name,
    versions: versions.map(({ resources, ...version }) => ({
      ...version,
      resources: resources
        .map((resource) => ({ ...resource, verbs: [...resource.verbs].sort(), subresources: [...resource.subresources].sort() }))
        .sort(byPlural),
    })),
  }));
}
