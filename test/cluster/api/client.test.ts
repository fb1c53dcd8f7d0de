import assert from 'node:assert/strict';
import { clusterOver } from '../../../src/cluster/api/client.ts';
import type { ClientConfig } from '../../../src/cluster/kubeconfig/client-config.ts';
import { PODS } from '../../../src/domain/kubernetes/core-kinds.ts';
import { UsageError } from '../../../src/errors.ts';
import { Secret } from '../../../src/text/secret.ts';
import { CLUSTER_RUNTIMES, RUNTIMES } from '../../support/kinds.ts';
import { clientConfig, closeAll, failureOf, type Handler, sendJson, serve, transportTo } from '../../support/wire.ts';

const REVIEWS = {
  group: 'authorization.k8s.io',
  version: 'v1',
  plural: 'selfsubjectaccessreviews',
  kind: 'SelfSubjectAccessReview',
  namespaced: false,
} as const;

async function clusterAt(handler: Handler, parts: Partial<ClientConfig> = {}) {
  const server = await serve(handler);
  const transport = await transportTo(clientConfig(server.url, parts));
  return { server, cluster: clusterOver(transport), urls: () => server.requests.map(({ method, url }) => `${method} ${url}`) };
}

describe('clusterOver: list', () => {
  afterEach(closeAll);

  const list = (items: unknown, parts: object = {}) => ({
    kind: 'ServingRuntimeList',
    apiVersion: 'serving.kserve.io/v1alpha1',
    metadata: {},
    items,
    ...parts,
  });

  it('reads page after page, and keeps only what is selected', async () => {
    const { cluster, urls } = await clusterAt((request, response) => {
      const isFirst = !request.url.includes('continue');
      const object = {
        apiVersion: 'serving.kserve.io/v1alpha1',
        kind: 'ServingRuntime',
        metadata: { name: isFirst ? 'a' : 'b', namespace: 'team-a' },
      };
      sendJson(response, list([object], { metadata: isFirst ? { continue: 'next/+=', resourceVersion: '7' } : {} }));
    });
    const options = { namespace: 'team-a', labelSelector: 'a in (b,c)', fieldSelector: 'metadata.name!=x' };
    assert.deepEqual(await cluster.list(RUNTIMES, options, ({ metadata }) => metadata.name), { items: ['a', 'b'] });
    const selectors = 'labelSelector=a+in+%28b%2Cc%29&fieldSelector=metadata.name%21%3Dx';
    const path = 'GET /apis/serving.kserve.io/v1alpha1/namespaces/team-a/servingruntimes';
    assert.deepEqual(urls(), [`${path}?limit=500&${selectors}`, `${path}?limit=500&continue=next%2F%2B%3D&${selectors}`]);
  });

  it('asks for nothing that a failure names, such as the token in place of one that expired', async () => {
    const gone = { kind: 'Status', apiVersion: 'v1', metadata: { continue: 'other' }, status: 'Failure', reason: 'Expired', code: 410 };
    const { cluster, urls } = await clusterAt((request, response) => {
      if (request.url.includes('continue')) sendJson(response, gone, 410);
      else sendJson(response, list([], { metadata: request.url.includes('limit') ? { continue: 'old' } : {} }));
    });
    assert.deepEqual(await cluster.list(RUNTIMES, { chunkSize: 1 }, (object) => object), { items: [] });
    const path = 'GET /apis/serving.kserve.io/v1alpha1/servingruntimes';
    assert.deepEqual(urls(), [`${path}?limit=1`, `${path}?limit=1&continue=old`, path]);
  });

  it('knows where kinds live', async () => {
    const { cluster, urls } = await clusterAt((request, response) => {
      const pods = request.url.includes('pods') ? { kind: 'PodList', apiVersion: 'v1' } : {};
      const runtimes = request.url.includes('clusterserving') ? { kind: 'ClusterServingRuntimeList' } : {};
      sendJson(response, { ...list([]), ...pods, ...runtimes });
    });
    await cluster.list(RUNTIMES, { chunkSize: 0 }, (object) => object);
    await cluster.list(CLUSTER_RUNTIMES, { namespace: 'ignored', chunkSize: 7 }, (object) => object);
    await cluster.list(PODS, { namespace: 'a', chunkSize: 0 }, (object) => object);
    assert.deepEqual(urls(), [
      'GET /apis/serving.kserve.io/v1alpha1/servingruntimes',
      'GET /apis/serving.kserve.io/v1alpha1/clusterservingruntimes?limit=7',
      'GET /api/v1/namespaces/a/pods',
    ]);
  });

  it('gives objects of built-in kinds their kind', async () => {
    const { cluster } = await clusterAt((_request, response) =>
      sendJson(response, { kind: 'PodList', apiVersion: 'v1', items: [{ metadata: { name: 'a', namespace: 'n' } }] }),
    );
    assert.deepEqual(await cluster.list(PODS, {}, (object) => object), {
      items: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'n' } }],
    });
  });

  it('takes null for no items, as Go writes it', async () => {
    const { cluster } = await clusterAt((_request, response) => sendJson(response, list(null)));
    assert.deepEqual(await cluster.list(RUNTIMES, {}, (object) => object), { items: [] });
  });

  const wrong: readonly [unknown, string][] = [
    [{}, 'JSON without kind and apiVersion in place of a list of servingruntimes.serving.kserve.io'],
    [{ kind: 'PodList', apiVersion: 'v1', items: [] }, 'PodList of v1 in place of a list of servingruntimes.serving.kserve.io'],
    [list(undefined), 'ServingRuntimeList of serving.kserve.io/v1alpha1 in place of a list of servingruntimes.serving.kserve.io'],
    [
      list([], { kind: 'ServingRuntime' }),
      'ServingRuntime of serving.kserve.io/v1alpha1 in place of a list of servingruntimes.serving.kserve.io',
    ],
    [list(['a']), 'a list of servingruntimes.serving.kserve.io with an item that is no object'],
    [list([{ kind: 'ServingRuntime' }]), 'a list of servingruntimes.serving.kserve.io with an item that is no object'],
    [{ kind: 'Status', apiVersion: 'v1', status: 'Success' }, 'Status of v1 in place of a list of servingruntimes.serving.kserve.io'],
  ];
  for (const [value, what] of wrong) {
    it(`never takes ${JSON.stringify(value).slice(0, 70)} for an empty list`, async () => {
      const { cluster, server } = await clusterAt((_request, response) => sendJson(response, value));
      assert.deepEqual(await failureOf(cluster.list(RUNTIMES, {}, (object) => object)), {
        reason: 'UnexpectedResponse',
        message: `the server's response is not what was asked for: ${what}`,
        hint: `Is ${server.url.href} the API server, or a login page in front of it? It comes from cluster "here" of context "test".`,
      });
    });
  }

  it('tells whose credentials were refused', async () => {
    const credentials = { origin: 'token of user "ana"', get: async () => ({ authorization: new Secret('Bearer abcdef') }) };
    const { cluster } = await clusterAt(
      (_request, response) =>
        sendJson(response, { kind: 'Status', status: 'Failure', message: 'Unauthorized', reason: 'Unauthorized', code: 401 }, 401),
      { credentials },
    );
    assert.deepEqual(await failureOf(cluster.list(RUNTIMES, {}, (object) => object)), {
      reason: 'Unauthorized',
      message: 'Unauthorized',
      hint: 'The server did not accept the token of user "ana". Has it expired? Log in again, or choose another --context or --user.',
    });
  });

  it('tells which flag gave credentials that were refused', async () => {
    const credentials = { origin: 'token from --token', get: async () => ({ authorization: new Secret('Bearer abcdef') }) };
    const { cluster } = await clusterAt((_request, response) => response.writeHead(401).end(), { credentials });
    const { hint } = await failureOf(cluster.list(RUNTIMES, {}, (object) => object));
    assert.equal(hint, 'The server did not accept the token from --token. Has it expired?');
  });

  it('tells when plain http keeps credentials back', async () => {
    const credentials = { origin: 'no credentials: over http none are sent', get: async () => ({}) };
    const { cluster } = await clusterAt((_request, response) => response.writeHead(401).end(), { credentials });
    assert.equal(
      (await failureOf(cluster.list(RUNTIMES, {}, (object) => object))).hint,
      'The request had no credentials: over http none are sent.',
    );
  });

  it('tells when no credentials are configured', async () => {
    const message = 'servingruntimes.serving.kserve.io is forbidden: User "system:anonymous" cannot list resource';
    const { cluster } = await clusterAt((_request, response) =>
      sendJson(response, { kind: 'Status', status: 'Failure', message, reason: 'Forbidden', code: 403 }, 403),
    );
    assert.deepEqual(await failureOf(cluster.list(RUNTIMES, {}, (object) => object)), {
      reason: 'Forbidden',
      message,
      hint: 'The request had no credentials: none are configured for user "ana".',
    });
  });
});

describe('clusterOver: a confused server', () => {
  afterEach(closeAll);
  const item = (name: unknown, namespace?: unknown) => ({ metadata: { name, ...(namespace !== undefined && { namespace }) } });
  const pods = (...items: readonly object[]) => ({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items });
  const nodes = (...items: readonly object[]) => ({ ...pods(...items), kind: 'NodeList' });
  const NODES = { group: '', version: 'v1', plural: 'nodes', kind: 'Node', namespaced: false } as const;

  for (const [what, type, namespace, answer, fault] of [
    ['of another namespace', PODS, 'a', pods(item('x', 'b')), 'a list of pods in the namespace "a" with an item of the namespace "b"'],
    ['without a namespace', PODS, 'a', pods(item('x')), 'a list of pods in the namespace "a" with an item without a namespace'],
    ['without a namespace, in all', PODS, undefined, pods(item('x', '')), 'a list of pods with an item without a namespace'],
    ['with a number', PODS, undefined, pods(item('x', 1)), 'a list of pods with an item whose namespace is no text'],
    ['twice', PODS, 'a', pods(item('x', 'a'), item('x', 'a')), 'a list of pods in the namespace "a" with the item "x" twice'],
    ['of a namespace, at the cluster scope', NODES, undefined, nodes(item('x', 'a')), 'a list of nodes with an item of the namespace "a"'],
  ] as const)
    it(`lists an item ${what}`, async () => {
      const { cluster } = await clusterAt((_request, response) => sendJson(response, answer));
      const { message } = await failureOf(cluster.list(type, { namespace }, ({ metadata }) => metadata.name));
      assert.equal(message, `the server's response is not what was asked for: ${fault}`);
    });

  it('lists the same name in several namespaces, rightly', async () => {
    const { cluster } = await clusterAt((_request, response) => sendJson(response, pods(item('x', 'a'), item('x', 'b'))));
    assert.deepEqual(await cluster.list(PODS, {}, ({ metadata }) => metadata.name), { items: ['x', 'x'] });
  });

  it('lists an item on two pages: what came before is told beside the fault', async () => {
    const { cluster } = await clusterAt((request, response) =>
      sendJson(response, { ...pods(item('x', 'a')), metadata: request.url.includes('continue') ? {} : { continue: 'next' } }),
    );
    const { items, failure } = await cluster.list(PODS, { namespace: 'a' }, ({ metadata }) => metadata.name);
    assert.deepEqual(items, ['x']);
    assert.match(failure?.message ?? '', /with the item "x" twice$/);
  });

  for (const [what, object, fault] of [
    ['another object', item('y', 'a'), 'pods "y" in place of "x"'],
    ['an object whose name is no text', item({ toString: 7 }, 'a'), 'pods "" in place of "x"'],
    ['an object of another namespace', item('x', 'b'), 'an item of the namespace "b" in place of pods "x"'],
  ] as const)
    it(`gives ${what}`, async () => {
      const { cluster } = await clusterAt((_request, response) => sendJson(response, { kind: 'Pod', apiVersion: 'v1', ...object }));
      const expected = `the server's response is not what was asked for: ${fault}`;
      const sent = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', namespace: 'a' } };
      for (const asked of [
        cluster.get(PODS, 'x', { namespace: 'a' }),
        cluster.create(PODS, sent, { namespace: 'a', dryRun: true }),
        cluster.apply(PODS, 'x', sent, { namespace: 'a', dryRun: true }),
      ])
        assert.equal((await failureOf(asked)).message, expected);
    });
});

describe('clusterOver: get, create, serverVersion', () => {
  afterEach(closeAll);
  const runtime = {
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'ServingRuntime',
    metadata: { name: 'a b', namespace: 'n' },
    spec: { future: [1] },
  };

  it('gets an object with all its fields', async () => {
    const { cluster, urls } = await clusterAt((_request, response) => sendJson(response, runtime));
    assert.deepEqual(await cluster.get(RUNTIMES, 'a b', { namespace: 'n' }), runtime);
    assert.deepEqual(urls(), ['GET /apis/serving.kserve.io/v1alpha1/namespaces/n/servingruntimes/a%20b']);
  });

  it('does not take another kind for it', async () => {
    const { cluster } = await clusterAt((_request, response) => sendJson(response, { ...runtime, kind: 'Pod' }));
    const { reason, message } = await failureOf(cluster.get(RUNTIMES, 'a', {}));
    assert.deepEqual(
      [reason, message],
      [
        'UnexpectedResponse',
        "the server's response is not what was asked for: Pod of serving.kserve.io/v1alpha1 in place of ServingRuntime of serving.kserve.io/v1alpha1",
      ],
    );
  });

  for (const [name, problem] of [
    ['', 'may not be empty'],
    ['.', "may not be '.'"],
    ['..', "may not be '..'"],
    ['a/b', "may not contain '/'"],
    ['a%2e', "may not contain '%'"],
  ] as const) {
    it(`sends nothing for the name ${JSON.stringify(name)}`, async () => {
      const { cluster, urls } = await clusterAt((_request, response) => sendJson(response, runtime));
      await assert.rejects(
        cluster.get(RUNTIMES, name, {}),
        (error) => error instanceof UsageError && error.message === `invalid resource name "${name}": [${problem}]`,
      );
      assert.deepEqual(urls(), []);
    });
  }

  it('names the object in a failure without words', async () => {
    const { cluster } = await clusterAt((_request, response) => response.writeHead(404).end());
    const { message } = await failureOf(cluster.get(RUNTIMES, 'a', {}));
    assert.equal(message, 'the server could not find the requested resource (get servingruntimes.serving.kserve.io a)');
  });

  it('creates, for real or not', async () => {
    const { cluster, urls, server } = await clusterAt((_request, response) => sendJson(response, runtime, 201));
    await cluster.create(RUNTIMES, runtime, { namespace: 'n' });
    await cluster.create(RUNTIMES, runtime, { namespace: 'n', dryRun: true });
    const path = 'POST /apis/serving.kserve.io/v1alpha1/namespaces/n/servingruntimes';
    assert.deepEqual(urls(), [path, `${path}?dryRun=All`]);
    assert.deepEqual(JSON.parse(server.requests[0]?.body ?? ''), runtime);
  });

  it('asks a review as somebody else, and once more if it was lost', async () => {
    let isFirst = true;
    const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', metadata: {}, status: { allowed: true } };
    const { cluster, server } = await clusterAt(
      (_request, response) => {
        if (isFirst) response.destroy();
        else sendJson(response, review, 201);
        isFirst = false;
      },
      { impersonation: { user: 'me', groups: ['g'], extra: {} } },
    );
    assert.deepEqual(await cluster.create(REVIEWS, {}, { impersonateUser: 'system:serviceaccount:a:b' }), review);
    assert.deepEqual(
      server.requests.map(({ lines }) => lines.filter((line) => line.startsWith('Impersonate'))),
      [['Impersonate-User: system:serviceaccount:a:b'], ['Impersonate-User: system:serviceaccount:a:b']],
    );
  });

  it('does not create twice', async () => {
    const { cluster, urls } = await clusterAt((_request, response) => response.destroy());
    assert.equal((await failureOf(cluster.create(RUNTIMES, runtime, {}))).reason, 'ConnectionLost');
    assert.equal(urls().length, 1);
  });

  it('asks for the version', async () => {
    const { cluster, urls } = await clusterAt((_request, response) =>
      sendJson(response, { major: '1', gitVersion: 'v1.37.2', platform: 'linux/amd64' }),
    );
    assert.deepEqual(await cluster.serverVersion(), { gitVersion: 'v1.37.2', platform: 'linux/amd64' });
    assert.deepEqual(urls(), ['GET /version']);
  });

  it('takes no other JSON for a version', async () => {
    const { cluster } = await clusterAt((_request, response) => sendJson(response, {}));
    assert.equal(
      (await failureOf(cluster.serverVersion())).message,
      "the server's response is not what was asked for: no gitVersion at /version",
    );
  });

  it('discovers', async () => {
    const { cluster, urls } = await clusterAt((_request, response) => sendJson(response, { kind: 'APIGroupDiscoveryList', items: [] }));
    assert.deepEqual(await cluster.discover({}), { groups: [] });
    assert.deepEqual(urls(), ['GET /apis']);
  });
});

describe('clusterOver: what repeats a secret', () => {
  afterEach(closeAll);
  const credentials = { origin: 'token', get: async () => ({ authorization: new Secret('Bearer s3cret-token') }) };

  it('is masked in the reason of a review', async () => {
    const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', metadata: {} };
    const status = { allowed: false, reason: 'no: Bearer s3cret-token' };
    const { cluster } = await clusterAt((_request, response) => sendJson(response, { ...review, status }), { credentials });
    const created = await cluster.create(REVIEWS, review, {});
    assert.deepEqual(created.status, { allowed: false, reason: 'no: Bearer <masked>' });
  });

  it('is masked in the version', async () => {
    const version = { gitVersion: 'v1 s3cret-token', platform: 's3cret-token' };
    const { cluster } = await clusterAt((_request, response) => sendJson(response, version), { credentials });
    assert.deepEqual(await cluster.serverVersion(), { gitVersion: 'v1 <masked>', platform: '<masked>' });
  });
});

describe('clusterOver: a list that is none', () => {
  afterEach(closeAll);
  const list = { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: [{ metadata: { name: 'a' } }] };
  const cases: Readonly<Record<string, object>> = {
    'of another kind': { kind: 'NodeList', items: [] },
    'with a number to continue': { metadata: { continue: 7 } },
    'with an object to continue': { metadata: { continue: {} } },
    'with more to come and no way there': { metadata: { remainingItemCount: 400 } },
    'with text for metadata': { metadata: 'x' },
    'of a Status': { items: [{ kind: 'Status', apiVersion: 'v1', metadata: { name: 'a' } }] },
    'of another version': { items: [{ kind: 'Pod', apiVersion: 'v2', metadata: { name: 'a' } }] },
    'without a name': { items: [{ metadata: {} }] },
  };
  for (const [name, parts] of Object.entries(cases)) {
    it(`${name} is refused`, async () => {
      const { cluster } = await clusterAt((_request, response) => sendJson(response, { ...list, ...parts }));
      assert.equal((await failureOf(cluster.list(PODS, {}, (pod) => pod))).reason, 'UnexpectedResponse');
    });
  }
});
