import assert from 'node:assert/strict';
import type { ApiResource } from '../../src/domain/kubernetes/resource.ts';
import { rejectsWith } from './expect.ts';
import type { ContractServer } from './servers.ts';
import { CLUSTER_SERVING_RUNTIME, SERVING_RUNTIME } from './world.ts';

const VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

export function discoveryCases(server: () => ContractServer): void {
  it('tells the kinds of a group, in the order of its versions', async () => {
    const { groups } = await (await server().as('ana')).discover({});
    const group = groups.find(({ name }) => name === 'serving.kserve.io');
    const none = { shortNames: [], subresources: [], verbs: VERBS };
    const isvc = { plural: 'inferenceservices', kind: 'InferenceService', singular: 'inferenceservice', namespaced: true };
    const versions = group?.versions.map((version) => ({ ...version, resources: version.resources.toSorted(byPlural) }));
    assert.deepEqual(
      { ...group, versions },
      {
        name: 'serving.kserve.io',
        versions: [
          {
            version: 'v1beta1',
            stale: false,
            resources: [
              { group: 'serving.kserve.io', version: 'v1beta1', ...isvc, verbs: VERBS, shortNames: ['isvc'], subresources: ['status'] },
            ],
          },
          {
            version: 'v1alpha1',
            stale: false,
            resources: [
              { ...CLUSTER_SERVING_RUNTIME, singular: 'clusterservingruntime', ...none },
              { ...SERVING_RUNTIME, singular: 'servingruntime', ...none },
            ],
          },
        ],
      },
    );
    assert.equal(
      groups.some(({ name }) => name === ''),
      false,
    );
  });

  it('tells the core group when asked for', async () => {
    const { groups } = await (await server().as('ana')).discover({ core: true });
    const pods = groups.find(({ name }) => name === '')?.versions[0]?.resources.find(({ plural }) => plural === 'pods');
    assert.deepEqual(pods, {
      group: '',
      version: 'v1',
      plural: 'pods',
      kind: 'Pod',
      namespaced: true,
      singular: 'pod',
      shortNames: ['po'],
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      subresources: ['attach', 'binding', 'ephemeralcontainers', 'eviction', 'exec', 'log', 'portforward', 'proxy', 'resize', 'status'],
    });
  });

  it('tells nothing to who sent no credentials, nor to bad ones', async () => {
    await rejectsWith((await server().as('anonymous')).discover({}), {
      reason: 'Forbidden',
      message: 'forbidden: User "system:anonymous" cannot get path "/apis"',
      code: 403,
      details: {},
      fromStatus: true,
    });
    await rejectsWith((await server().as('unknown')).discover({}), {
      reason: 'Unauthorized',
      message: 'Unauthorized',
      code: 401,
      details: undefined,
      fromStatus: true,
    });
  });

  it('tells its version, also to who sent no credentials', async () => {
    for (const user of ['ana', 'anonymous'] as const) {
      const { gitVersion } = await (await server().as(user)).serverVersion();
      assert.equal(gitVersion, 'v1.37.2');
    }
  });
}

/** The order of a CRD's kinds varies. */
function byPlural(one: ApiResource, other: ApiResource): number {
  return one.plural < other.plural ? -1 : 1;
}
