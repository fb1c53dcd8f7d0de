import assert from 'node:assert/strict';
import type { AskApi } from '../../../src/cluster/api/discovery.ts';
import { discover } from '../../../src/cluster/api/discovery.ts';
import type { ApiRequest } from '../../../src/cluster/transport/transport.ts';
import { ClusterError } from '../../../src/errors.ts';

function scripted(answers: Readonly<Record<string, Record<string, unknown> | Error>>) {
  const requests: ApiRequest[] = [];
  const ask: AskApi = async (request) => {
    requests.push(request);
    const answer = answers[request.path] ?? new ClusterError('NotFound', `nothing at ${request.path}`);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { ask, requests, paths: () => requests.map(({ path }) => path) };
}

const RUNTIMES = {
  group: 'serving.kserve.io',
  version: 'v1alpha1',
  plural: 'servingruntimes',
  kind: 'ServingRuntime',
  namespaced: true,
  singular: 'servingruntime',
  shortNames: ['sr'],
  verbs: ['get', 'list'],
  subresources: ['status'],
};
const NODES = {
  group: '',
  version: 'v1',
  plural: 'nodes',
  kind: 'Node',
  namespaced: false,
  singular: 'node',
  shortNames: [],
  verbs: ['list'],
  subresources: [],
};

describe('discover: aggregated', () => {
  const kserve = {
    metadata: { name: 'serving.kserve.io' },
    versions: [
      {
        version: 'v1alpha1',
        freshness: 'Current',
        resources: [
          {
            resource: 'servingruntimes',
            responseKind: { group: 'serving.kserve.io', version: 'v1alpha1', kind: 'ServingRuntime' },
            scope: 'Namespaced',
            singularResource: 'servingruntime',
            shortNames: ['sr'],
            verbs: ['get', 'list'],
            subresources: [{ subresource: 'status', verbs: ['get'] }],
          },
        ],
      },
      { version: 'v1beta1', freshness: 'Stale' },
    ],
  };
  const list = { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2' };

  it('takes one request', async () => {
    const { ask, requests } = scripted({ '/apis': { ...list, items: [kserve] } });
    assert.deepEqual(await discover(ask, {}), {
      groups: [
        {
          name: 'serving.kserve.io',
          versions: [
            { version: 'v1alpha1', stale: false, resources: [RUNTIMES] },
            { version: 'v1beta1', stale: true, resources: [] },
          ],
        },
      ],
    });
    assert.deepEqual(requests, [
      {
        method: 'GET',
        path: '/apis',
        accept:
          'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json',
      },
    ]);
  });

  it('takes two with the core group, which comes first', async () => {
    const node = {
      resource: 'nodes',
      responseKind: { group: '', version: 'v1', kind: 'Node' },
      scope: 'Cluster',
      singularResource: 'node',
      verbs: ['list'],
    };
    const core = { metadata: {}, versions: [{ version: 'v1', freshness: 'Current', resources: [node] }] };
    const { ask, paths } = scripted({ '/apis': { ...list, items: [] }, '/api': { ...list, items: [core] } });
    assert.deepEqual(await discover(ask, { core: true }), {
      groups: [{ name: '', versions: [{ version: 'v1', stale: false, resources: [NODES] }] }],
    });
    assert.deepEqual(paths(), ['/api', '/apis']);
  });
});

describe('discover: one version at a time', () => {
  const groups = {
    kind: 'APIGroupList',
    groups: [
      { name: 'serving.kserve.io', versions: [{ groupVersion: 'serving.kserve.io/v1alpha1', version: 'v1alpha1' }] },
      { name: 'metrics.k8s.io', versions: [{ groupVersion: 'metrics.k8s.io/v1beta1', version: 'v1beta1' }] },
    ],
  };
  const resources = {
    kind: 'APIResourceList',
    resources: [
      {
        name: 'servingruntimes',
        singularName: 'servingruntime',
        namespaced: true,
        kind: 'ServingRuntime',
        verbs: ['get', 'list'],
        shortNames: ['sr'],
      },
      { name: 'servingruntimes/status', singularName: '', namespaced: true, kind: 'ServingRuntime', verbs: ['get'] },
    ],
  };
  const node = {
    kind: 'APIResourceList',
    resources: [{ name: 'nodes', singularName: 'node', namespaced: false, kind: 'Node', verbs: ['list'] }],
  };

  it('marks a version that fails as stale, and keeps the rest', async () => {
    const { ask, paths } = scripted({
      '/apis': groups,
      '/apis/serving.kserve.io/v1alpha1': resources,
      '/apis/metrics.k8s.io/v1beta1': new ClusterError('ServiceUnavailable', 'down'),
      '/api': { kind: 'APIVersions', versions: ['v1'] },
      '/api/v1': node,
    });
    assert.deepEqual(await discover(ask, { core: true }), {
      groups: [
        { name: '', versions: [{ version: 'v1', stale: false, resources: [NODES] }] },
        { name: 'serving.kserve.io', versions: [{ version: 'v1alpha1', stale: false, resources: [RUNTIMES] }] },
        { name: 'metrics.k8s.io', versions: [{ version: 'v1beta1', stale: true, resources: [] }] },
      ],
    });
    assert.deepEqual(paths().sort(), ['/api', '/api/v1', '/apis', '/apis/metrics.k8s.io/v1beta1', '/apis/serving.kserve.io/v1alpha1']);
  });

  it('takes a version that answers with something else for one that failed', async () => {
    const { ask } = scripted({
      '/apis': { ...groups, groups: groups.groups.slice(0, 1) },
      '/apis/serving.kserve.io/v1alpha1': { kind: 'PodList' },
    });
    assert.deepEqual(await discover(ask, {}), {
      groups: [{ name: 'serving.kserve.io', versions: [{ version: 'v1alpha1', stale: true, resources: [] }] }],
    });
  });
});

describe('discover: no answer', () => {
  it('is a failure, never an empty cluster', async () => {
    await assert.rejects(discover(scripted({}).ask, {}), { reason: 'NotFound' });
    await assert.rejects(discover(scripted({ '/apis': { kind: 'PodList' } }).ask, {}), {
      reason: 'UnexpectedResponse',
      message: "the server's response is not what was asked for: no description of the APIs at /apis",
    });
  });

  it('is an interrupt also where versions may fail', async () => {
    const groups = { kind: 'APIGroupList', groups: [{ name: 'a', versions: [{ version: 'v1' }] }] };
    await assert.rejects(discover(scripted({ '/apis': groups, '/apis/a/v1': new ClusterError('Interrupted', 'interrupted') }).ask, {}), {
      reason: 'Interrupted',
    });
  });
});

describe('discover: a description that is broken', () => {
  const kserve = (parts: object) => ({ kind: 'APIGroupDiscoveryList', items: [{ metadata: { name: 'serving.kserve.io' }, ...parts }] });
  const roots: Readonly<Record<string, Record<string, unknown>>> = {
    'no items': { kind: 'APIGroupDiscoveryList' },
    'null for items': { kind: 'APIGroupDiscoveryList', items: null },
    'an object for items': { kind: 'APIGroupDiscoveryList', items: {} },
    'a number among items': { kind: 'APIGroupDiscoveryList', items: [1] },
    'no groups': { kind: 'APIGroupList' },
    'a number for versions': kserve({ versions: 1 }),
    'a text for resources': kserve({ versions: [{ version: 'v1', resources: 'x' }] }),
    'a group without a name': { kind: 'APIGroupDiscoveryList', items: [{ versions: [] }] },
    'a version without a name': kserve({ versions: [{}] }),
    'a group that climbs': { kind: 'APIGroupList', groups: [{ name: '../../api/v1/secrets?x=', versions: [{ version: 'v1' }] }] },
    'dots for a group': { kind: 'APIGroupList', groups: [{ name: 'a..b', versions: [{ version: 'v1' }] }] },
    'a version with a blank': { kind: 'APIGroupList', groups: [{ name: 'a', versions: [{ version: 'v1 x' }] }] },
    'a version with a line break': { kind: 'APIGroupList', groups: [{ name: 'a', versions: [{ version: 'v1\r\nX: y' }] }] },
  };
  for (const [name, root] of Object.entries(roots)) {
    it(`with ${name} is no answer`, async () => {
      const { ask, paths } = scripted({ '/apis': root });
      await assert.rejects(discover(ask, {}), { name: 'ClusterError', reason: 'UnexpectedResponse' });
      assert.deepEqual(paths(), ['/apis']);
    });
  }

  it('takes a version without a list of resources as stale', async () => {
    const { ask } = scripted({
      '/apis': { kind: 'APIGroupList', groups: [{ name: 'a', versions: [{ version: 'v1' }] }] },
      '/apis/a/v1': { kind: 'APIResourceList' },
    });
    assert.deepEqual(await discover(ask, {}), { groups: [{ name: 'a', versions: [{ version: 'v1', stale: true, resources: [] }] }] });
  });
});
