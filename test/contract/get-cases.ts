import assert from 'node:assert/strict';
import { forbidden, rejectsWith } from './expect.ts';
import type { ContractServer } from './servers.ts';
import { CLUSTER_SERVING_RUNTIME, SERVING_RUNTIME, UNSERVED, USERS } from './world.ts';

const GROUP = 'serving.kserve.io';

export function getCases(server: () => ContractServer): void {
  it('gets an object', async () => {
    const { as, a } = server();
    const { apiVersion, kind, metadata } = await (await as('ana')).get(SERVING_RUNTIME, 'beta', { namespace: a });
    assert.deepEqual([apiVersion, kind, metadata.name, metadata.namespace], [`${GROUP}/v1alpha1`, 'ServingRuntime', 'beta', a]);
    const cluster = await (await as('admin')).get(CLUSTER_SERVING_RUNTIME, 'contract-one', {});
    assert.deepEqual(
      [cluster.kind, cluster.metadata.name, cluster.metadata.namespace],
      ['ClusterServingRuntime', 'contract-one', undefined],
    );
  });

  it('does not find what is not there', async () => {
    const { as, a } = server();
    const missing = (kind: string) => ({
      reason: 'NotFound' as const,
      message: `${kind}.${GROUP} "nope" not found`,
      code: 404,
      details: { name: 'nope', group: GROUP, kind },
      fromStatus: true,
    });
    await rejectsWith((await as('ana')).get(SERVING_RUNTIME, 'nope', { namespace: a }), missing('servingruntimes'));
    await rejectsWith((await as('admin')).get(CLUSTER_SERVING_RUNTIME, 'nope', {}), missing('clusterservingruntimes'));
    await rejectsWith((await as('admin')).get(UNSERVED, 'nope', { namespace: a }), {
      reason: 'NotFound',
      message: `the server could not find the requested resource (get frobs.${GROUP} nope)`,
      code: 404,
      details: { name: 'nope', group: GROUP, kind: 'frobs' },
      fromStatus: false,
    });
  });

  it('refuses the same for what is there and what is not', async () => {
    const { as, b } = server();
    for (const name of ['contract-one', 'nope']) {
      const message = `User "${USERS.ana.name}" cannot get resource "clusterservingruntimes" in API group "${GROUP}" at the cluster scope`;
      await rejectsWith(
        (await as('ana')).get(CLUSTER_SERVING_RUNTIME, name, {}),
        forbidden(message, GROUP, 'clusterservingruntimes', name),
      );
    }
    const message = `User "${USERS.ana.name}" cannot get resource "servingruntimes" in API group "${GROUP}" in the namespace "${b}"`;
    await rejectsWith((await as('ana')).get(SERVING_RUNTIME, 'x', { namespace: b }), forbidden(message, GROUP, 'servingruntimes', 'x'));
  });

  it('gives a Namespace in a namespace of its own to the authorizer', async () => {
    const { as, a } = server();
    const type = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', namespaced: false };
    const { kind, metadata } = await (await as('admin')).get(type, a, {});
    assert.deepEqual([kind, metadata.name, metadata.labels?.['kubernetes.io/metadata.name']], ['Namespace', a, a]);
    const message = `User "${USERS.ana.name}" cannot get resource "namespaces" in API group "" in the namespace "${a}"`;
    await rejectsWith((await as('ana')).get(type, a, {}), forbidden(message, '', 'namespaces', a));
  });
}
