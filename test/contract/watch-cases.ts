import assert from 'node:assert/strict';
import type { Cluster, WatchEvent, WatchOptions } from '../../src/cluster/cluster.ts';
import { forbidden, rejectsWith } from './expect.ts';
import type { ContractServer } from './servers.ts';
import { SERVING_RUNTIME, UNSERVED, USERS } from './world.ts';

const GROUP = 'serving.kserve.io';

export function watchCases(server: () => ContractServer): void {
  const path = () => `/apis/${GROUP}/v1alpha1/namespaces/${server().b}/servingruntimes`;
  const create = (name: string, labels: object = {}) =>
    server().change('POST', path(), { apiVersion: `${GROUP}/v1alpha1`, kind: 'ServingRuntime', metadata: { name, labels }, spec: SPEC });
  const label = (name: string, labels: object) => server().change('PATCH', `${path()}/${name}`, { metadata: { labels } });
  const remove = (name: string) => server().change('DELETE', `${path()}/${name}`);
  const version = async (cluster: Cluster, options: Omit<WatchOptions, 'resourceVersion'>): Promise<string> => {
    const { resourceVersion } = await cluster.list(SERVING_RUNTIME, { ...options, versioned: true }, () => undefined);
    return resourceVersion ?? assert.fail('no version');
  };

  it('tells what happens after a list, in order', async () => {
    const { as, b: namespace } = server();
    const admin = await as('admin');
    await create('before');
    const watch = await open(admin, { namespace, resourceVersion: await version(admin, { namespace }) });
    await create('n');
    await label('n', { x: 'y' });
    await remove('n');
    await remove('before');
    const told = await watch.first(4);
    assert.deepEqual(told.map(shown), ['ADDED n', 'MODIFIED n x=y', 'DELETED n x=y', 'DELETED before']);
    const versions = told.map(({ resourceVersion }) => Number(resourceVersion));
    assert.deepEqual(
      versions,
      [...new Set(versions)].sort((a, b) => a - b),
    );
    const [first] = told;
    assert.ok(first !== undefined && first.type !== 'BOOKMARK');
    const { apiVersion, kind, spec, metadata } = first.object;
    assert.deepEqual([apiVersion, kind, spec, metadata.namespace], [`${GROUP}/v1alpha1`, 'ServingRuntime', SPEC, namespace]);
  });

  it('goes on from the version of any event', async () => {
    const { as, b: namespace } = server();
    const admin = await as('admin');
    const start = await version(admin, { namespace });
    for (const name of ['one', 'two', 'three']) await create(name);
    const all = await (await open(admin, { namespace, resourceVersion: start })).first(3);
    assert.deepEqual(all.map(shown), ['ADDED one', 'ADDED two', 'ADDED three']);
    const rest = await (await open(admin, { namespace, resourceVersion: all[0]?.resourceVersion ?? '' })).first(2);
    assert.deepEqual(rest.map(shown), ['ADDED two', 'ADDED three']);
    for (const name of ['one', 'two', 'three']) await remove(name);
  });

  it('takes what comes into a selection for new, and what leaves it for gone', async () => {
    const { as, b: namespace } = server();
    const admin = await as('admin');
    const place = { namespace, labelSelector: 'tier in (a)' };
    const watch = await open(admin, { ...place, resourceVersion: await version(admin, place) });
    await create('s', { tier: 'b' });
    await label('s', { tier: 'a' });
    await label('s', { more: 'x' });
    await label('s', { tier: 'b' });
    await label('s', { tier: 'a', more: null });
    await remove('s');
    const seen = (await watch.first(5)).map(shown);
    // What leaves is shown as it was.
    assert.deepEqual(seen, ['ADDED s tier=a', 'MODIFIED s more=x,tier=a', 'DELETED s more=x,tier=a', 'ADDED s tier=a', 'DELETED s tier=a']);
  });

  it('tells of one object, where a field selects it', async () => {
    const { as, b: namespace } = server();
    const admin = await as('admin');
    const place = { namespace, fieldSelector: 'metadata.name=f' };
    const watch = await open(admin, { ...place, resourceVersion: await version(admin, place) });
    await create('e');
    await create('f');
    await remove('e');
    await remove('f');
    assert.deepEqual((await watch.first(2)).map(shown), ['ADDED f', 'DELETED f']);
  });

  it('tells of all namespaces', async () => {
    const { as } = server();
    const admin = await as('admin');
    const watch = await open(admin, { resourceVersion: await version(admin, {}), labelSelector: 'everywhere' });
    await create('g', { everywhere: 'yes' });
    assert.deepEqual((await watch.first(1)).map(shown), ['ADDED g everywhere=yes']);
    await remove('g');
  });

  it('has forgotten what is too old', async () => {
    const { as, b: namespace } = server();
    const admin = await as('admin');
    await server().forget();
    const watch = await open(admin, { namespace, resourceVersion: '1' });
    await assert.rejects(watch.first(1), {
      reason: 'Expired',
      code: 410,
      message: /^too old resource version: 1 \(\d+\)$/,
      fromStatus: true,
    });
  });

  it('refuses without the right to watch, though lists are allowed', async () => {
    const { as, a: namespace } = server();
    const ana = await as('ana');
    const resourceVersion = await version(ana, { namespace });
    const message = `User "${USERS.ana.name}" cannot watch resource "servingruntimes" in API group "${GROUP}" in the namespace "${namespace}"`;
    await rejectsWith(open(ana, { namespace, resourceVersion }), forbidden(message, GROUP, 'servingruntimes'));
  });

  it('does not find a kind that is not served, nor who has bad credentials', async () => {
    const { as, a: namespace } = server();
    const ended = new AbortController().signal;
    await rejectsWith((await as('admin')).watch(UNSERVED, { resourceVersion: '1' }, ended), {
      reason: 'NotFound',
      message: `the server could not find the requested resource (get frobs.${GROUP})`,
      code: 404,
      details: { group: GROUP, kind: 'frobs' },
      fromStatus: false,
    });
    await rejectsWith((await as('unknown')).watch(SERVING_RUNTIME, { namespace, resourceVersion: '1' }, ended), {
      reason: 'Unauthorized',
      message: 'Unauthorized',
      code: 401,
      details: undefined,
      fromStatus: true,
    });
  });

  it('refuses a version that is none', async () => {
    const message = 'resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax';
    const error = { reason: 'Unknown' as const, message, code: 500, details: undefined, fromStatus: true };
    await rejectsWith(open(await server().as('admin'), { namespace: server().b, resourceVersion: 'x' }), error);
  });
}

const SPEC = { supportedModelFormats: [{ name: 'sklearn', version: '1' }], containers: [{ name: 'kserve-container', image: 'x' }] };

/** A watch of which the first events are read, and which ends then. */
async function open(cluster: Cluster, options: WatchOptions) {
  const ended = new AbortController();
  const events = await cluster.watch(SERVING_RUNTIME, options, ended.signal);
  const first = async (count: number): Promise<readonly WatchEvent[]> => {
    const told: WatchEvent[] = [];
    for await (const event of events) {
      if (event.type !== 'BOOKMARK') told.push(event);
      if (told.length === count) return told;
    }
    throw new Error(`the watch ended after ${told.length} events`);
  };
  return { first };
}

function shown(event: WatchEvent): string {
  if (event.type === 'BOOKMARK') return event.type;
  const labels = Object.entries(event.object.metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return [event.type, event.object.metadata.name, labels.sort().join()].filter(Boolean).join(' ');
}
