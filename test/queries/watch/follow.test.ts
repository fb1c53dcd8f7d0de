import assert from 'node:assert/strict';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';
import { ClusterError, type FailureReason } from '../../../src/errors.ts';
import { type Follower, follow } from '../../../src/queries/watch/follow.ts';
import { createSeen, type Seen } from '../../../src/queries/watch/seen.ts';
import { typeOf } from '../../../tools/api-server/types.ts';
import { fakeClock, until } from '../../support/fake-clock.ts';
import { type FakeCluster, fakeCluster, type ScriptedFailure } from '../../support/fake-cluster.ts';
import { RUNTIMES } from '../../support/kinds.ts';

function runtime(name: string, labels: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'serving.kserve.io/v1alpha1', kind: 'ServingRuntime', metadata: { name, namespace: 'a', labels }, spec: {} };
}

function failure(reason: FailureReason, code?: number): ClusterError {
  return new ClusterError(reason, `it is ${reason}`, { code, fromStatus: code !== undefined });
}

/** Follows the runtimes of a fake cluster from what is there when it starts. */
async function following(cluster: FakeCluster, isWanted: (object: KubeObject) => boolean = () => true, more: Partial<Follower> = {}) {
  const clock = fakeClock();
  const told: string[] = [];
  const troubles: (string | undefined)[] = [];
  const interrupted = new AbortController();
  const seen: Seen = createSeen(RUNTIMES, isWanted);
  const { items, resourceVersion } = await cluster.list(RUNTIMES, { namespace: 'a', versioned: true }, (object) => object);
  for (const object of items.filter(isWanted)) seen.add(object);
  const followed = { type: RUNTIMES, namespace: 'a', labelSelector: undefined, chunkSize: 500, resourceVersion, seen };
  const ended = follow(followed, {
    cluster: () => cluster,
    renew: async () => undefined,
    onChanges: async (changes) => {
      for (const { type, object, isUnknown } of changes) told.push(`${type} ${object.metadata.name}${isUnknown ? ' unknown' : ''}`);
    },
    onTrouble: (trouble) => troubles.push(trouble?.message),
    wait: clock.wait,
    signal: interrupted.signal,
    ...more,
  });
  ended.catch(() => undefined);
  const open = () => until(() => cluster.watches().length === 1);
  const heard = (count: number) => until(() => told.length >= count);
  return { clock, told, troubles, interrupted, seen, ended, open, heard };
}

function put(cluster: FakeCluster, object: KubeObject): void {
  const { store, types } = cluster.api;
  const type = typeOf(object, types);
  const old = store.get(type, 'a', object.metadata.name ?? '');
  if (old === undefined) store.add(type, object);
  else store.replace(type, old, object);
}

function remove(cluster: FakeCluster, name: string): void {
  const { store, types } = cluster.api;
  const type = typeOf(runtime(name), types);
  const old = store.get(type, 'a', name) ?? assert.fail(name);
  store.delete(type, old);
}

const verbs = (cluster: FakeCluster) => cluster.requests.map(({ query }) => (query.get('watch') === 'true' ? 'watch' : 'list'));
const LOST = new ClusterError('ConnectionLost', 'unexpected EOF');
const LONGEST_BACKOFF = 30_000;

describe('following a kind', () => {
  it('goes on after a lost connection from the last event, and tells each change once', async () => {
    const cluster = fakeCluster({ objects: [runtime('x')] });
    const { told, clock, open, heard } = await following(cluster);
    await open();
    put(cluster, runtime('y'));
    await heard(1);
    const last = String(cluster.api.store.resourceVersion);
    cluster.watches()[0]?.end(LOST);
    await until(() => cluster.watches().length === 0);
    put(cluster, runtime('z'));
    remove(cluster, 'x');
    await clock.advance(LONGEST_BACKOFF);
    await heard(3);
    assert.deepEqual(told, ['ADDED y', 'ADDED z', 'DELETED x']);
    assert.deepEqual(verbs(cluster), ['list', 'watch', 'watch']);
    assert.equal(cluster.requests.at(-1)?.query.get('resourceVersion'), last);
  });

  it('goes on from the last bookmark when nothing else has happened', async () => {
    const cluster = fakeCluster({ objects: [runtime('x')] });
    const { clock, told, open } = await following(cluster);
    await open();
    cluster.api.store.compact();
    cluster.watches()[0]?.bookmark();
    await clock.advance(0);
    cluster.watches()[0]?.end();
    await clock.advance(LONGEST_BACKOFF);
    await open();
    assert.equal(cluster.requests.at(-1)?.query.get('resourceVersion'), String(cluster.api.store.resourceVersion));
    assert.deepEqual(verbs(cluster), ['list', 'watch', 'watch']);
    assert.deepEqual(told, []);
  });

  for (const [title, forget] of [
    ['an event', (cluster: FakeCluster) => cluster.api.store.compact()],
    ['a status', () => undefined],
  ] as const)
    it(`lists anew when the version is forgotten, as ${title} tells, and finds what it missed`, async () => {
      const on = { verb: 'watch', times: 1 };
      const failures: ScriptedFailure[] = [];
      const cluster = fakeCluster({ objects: ['gone', 'changed', 'same'].map((name) => runtime(name)), failures });
      const { told, clock, open, heard, seen } = await following(cluster);
      await open();
      cluster.watches()[0]?.end(LOST);
      await until(() => cluster.watches().length === 0);
      remove(cluster, 'gone');
      put(cluster, runtime('changed', { a: 'b' }));
      put(cluster, runtime('new'));
      put(cluster, runtime('passing'));
      remove(cluster, 'passing');
      forget(cluster);
      if (title === 'a status') failures.push({ on, error: failure('Gone', 410) });
      await clock.advance(2 * LONGEST_BACKOFF);
      await heard(3);
      await open();
      assert.deepEqual(told, ['DELETED gone unknown', 'MODIFIED changed', 'ADDED new']);
      assert.deepEqual(verbs(cluster), ['list', 'watch', 'watch', 'list', 'watch']);
      assert.equal(seen.size(), 3);
      put(cluster, runtime('later'));
      await heard(4);
      assert.equal(told.at(-1), 'ADDED later');
    });

  it('lists anew when versions go back, as after a restored backup, or are of the future', async () => {
    const cluster = fakeCluster({ objects: [runtime('x')] });
    const { told, clock, open } = await following(cluster);
    await open();
    cluster.watches()[0]?.send({
      type: 'BOOKMARK',
      object: { kind: RUNTIMES.kind, apiVersion: 'serving.kserve.io/v1alpha1', metadata: { resourceVersion: '1' } },
    });
    await clock.advance(LONGEST_BACKOFF);
    await open();
    assert.deepEqual(verbs(cluster), ['list', 'watch', 'list', 'watch']);
    cluster.watches()[0]?.send({
      type: 'ERROR',
      object: { kind: 'Status', status: 'Failure', message: 'Too large resource version: 9, current: 5', reason: 'Timeout', code: 504 },
    });
    await clock.advance(2 * LONGEST_BACKOFF);
    assert.deepEqual(verbs(cluster), ['list', 'watch', 'list', 'watch', 'list', 'watch']);
    assert.deepEqual(told, []);
  });

  it('takes what comes to be wanted for new, and what no longer is for gone', async () => {
    const cluster = fakeCluster({ objects: [runtime('x', { is: 'wanted' }), runtime('y')] });
    const { told, open, heard, seen } = await following(cluster, ({ metadata }) => metadata.labels?.is === 'wanted');
    await open();
    put(cluster, runtime('y', { is: 'wanted' }));
    put(cluster, runtime('x', { is: 'not' }));
    put(cluster, runtime('x', { is: 'still not' }));
    remove(cluster, 'x');
    put(cluster, runtime('y', { is: 'wanted', more: 'z' }));
    await heard(3);
    assert.deepEqual(told, ['ADDED y', 'DELETED x', 'MODIFIED y']);
    assert.equal(seen.size(), 1);
  });

  it('ends at once with a refusal of what was never allowed', async () => {
    const cluster = fakeCluster({ failures: [{ on: { verb: 'watch' }, error: failure('Forbidden', 403) }] });
    const { ended, troubles } = await following(cluster);
    assert.equal((await ended).reason, 'Forbidden');
    assert.deepEqual(verbs(cluster), ['list', 'watch']);
    assert.deepEqual(troubles, []);
  });

  it('believes a refusal of what was allowed when it has been said three times: a starting server refuses much', async () => {
    for (const [times, requests] of [
      [2, 4],
      [9, 4],
    ] as const) {
      const failures: ScriptedFailure[] = [];
      const cluster = fakeCluster({ failures });
      const { ended, clock, open } = await following(cluster);
      await open();
      failures.push({ on: { verb: 'watch', times }, error: failure('Forbidden', 403) });
      cluster.watches()[0]?.end();
      await clock.advance(4 * LONGEST_BACKOFF);
      assert.deepEqual(verbs(cluster).length - 1, requests, `${times}`);
      if (times === 2) await open();
      else assert.equal((await ended).reason, 'Forbidden');
    }
  });

  it('asks a server that is down for as long as it takes, ever less often, and says so once', async () => {
    const failures: ScriptedFailure[] = [];
    const cluster = fakeCluster({ failures });
    const { clock, troubles, open } = await following(cluster);
    await open();
    failures.push({ on: { verb: 'watch', times: 100 }, error: failure('ConnectionRefused') });
    const before = clock.waits.length;
    cluster.watches()[0]?.end(LOST);
    await clock.advance(101 * LONGEST_BACKOFF);
    await open();
    const pauses = clock.waits
      .slice(before)
      .filter((milliseconds) => milliseconds !== 30_000)
      .slice(0, 101);
    for (const [index, milliseconds] of pauses.entries()) {
      const least = Math.min(15_000, 800 * 2 ** index);
      assert.ok(milliseconds >= least && milliseconds < 2 * least, `${index}: ${milliseconds}`);
    }
    assert.deepEqual([troubles.length, troubles[0], troubles.at(-1)], [101, 'it is ConnectionRefused', undefined]);
  });

  it('gives up a server that fails from the start', async () => {
    const cluster = fakeCluster({ failures: [{ on: { verb: 'watch', times: 100 }, error: failure('InternalError', 500) }] });
    const { clock, ended, troubles } = await following(cluster);
    await clock.advance(10 * LONGEST_BACKOFF);
    assert.deepEqual([(await ended).reason, verbs(cluster).filter((verb) => verb === 'watch').length], ['InternalError', 8]);
    assert.equal(troubles.length, 8);
  });

  it('reads credentials anew when they are refused', async () => {
    const failures: ScriptedFailure[] = [];
    const old = fakeCluster({ failures });
    const anew = fakeCluster();
    let current: Cluster = old;
    const renewed: unknown[] = [];
    const { clock, open } = await following(old, undefined, {
      cluster: () => current,
      renew: async (used) => {
        renewed.push(used);
        current = anew;
      },
    });
    await open();
    failures.push({ on: { verb: 'watch' }, error: failure('Unauthorized', 401) });
    old.watches()[0]?.end();
    await clock.advance(2 * LONGEST_BACKOFF);
    await until(() => anew.watches().length === 1);
    assert.deepEqual(renewed, [old]);
  });

  it('gives up on a server that sends nonsense three times in a row', async () => {
    const cluster = fakeCluster({ objects: [runtime('x')] });
    const { clock, ended, open, told } = await following(cluster);
    for (let time = 1; time <= 3; time++) {
      await open();
      cluster.watches()[0]?.send({ type: 'NONSENSE', object: {} });
      await until(() => cluster.watches().length === 0 || time === 3);
      await clock.advance(LONGEST_BACKOFF);
    }
    assert.equal((await ended).reason, 'UnexpectedResponse');
    assert.deepEqual(told, []);
  });

  it('ends when the time is up that the user gave it', async () => {
    const cluster = fakeCluster();
    const { ended, open } = await following(cluster);
    await open();
    cluster.watches()[0]?.end(new ClusterError('RequestTimedOut', 'context deadline exceeded'));
    assert.equal((await ended).reason, 'RequestTimedOut');
  });

  it('stops when it is interrupted, and leaves nothing behind', async () => {
    const cluster = fakeCluster();
    const { ended, open, interrupted, clock } = await following(cluster);
    await open();
    interrupted.abort('SIGINT');
    await assert.rejects(ended, (reason) => reason === 'SIGINT');
    await until(() => cluster.watches().length === 0);
    assert.equal(clock.waiting(), 0);
  });

  it('is an hour at rest with one connection while bookmarks come', async () => {
    const cluster = fakeCluster({ objects: [runtime('x')] });
    const { clock, open, told, seen } = await following(cluster);
    await open();
    for (let minute = 1; minute <= 60; minute++) {
      await clock.advance(60_000);
      cluster.api.store.compact();
      cluster.watches()[0]?.bookmark();
    }
    await clock.advance(0);
    assert.deepEqual([verbs(cluster), told, seen.size(), clock.waiting()], [['list', 'watch'], [], 1, 1]);
    put(cluster, runtime('y'));
    await until(() => told.length === 1);
  });

  it('takes a connection for dead on which nothing comes for five minutes, and loses nothing', async () => {
    const cluster = fakeCluster({ objects: [runtime('x')] });
    const { clock, open, told, troubles, seen } = await following(cluster);
    await open();
    await clock.advance(299_000);
    assert.deepEqual(verbs(cluster), ['list', 'watch']);
    await clock.advance(60 * 60_000);
    const watches = verbs(cluster).filter((verb) => verb === 'watch').length;
    assert.ok(watches >= 11 && watches <= 13, `${watches}`);
    assert.deepEqual([told, troubles, seen.size(), cluster.watches().length, clock.waiting()], [[], [], 1, 1, 1]);
  });

  it('loses and doubles no row of 10,000 events through ten restarts', async () => {
    const cluster = fakeCluster();
    const { clock, told, open, seen, heard } = await following(cluster);
    const expected: string[] = [];
    for (let restart = 0; restart < 10; restart++) {
      await open();
      for (let index = 0; index < 1000; index++) {
        const name = `r${index % 100}`;
        if (index === 500 && restart % 2 === 0) {
          // In mid-stream: what is on its way then is lost, and told again.
          cluster.watches()[0]?.end(LOST);
        }
        const isThere = cluster.api.store.get(typeOf(runtime(name), cluster.api.types), 'a', name) !== undefined;
        if (!isThere) put(cluster, runtime(name));
        else if (index % 3 === 0) remove(cluster, name);
        else put(cluster, runtime(name, { index: `${restart}-${index}` }));
        expected.push(`${!isThere ? 'ADDED' : index % 3 === 0 ? 'DELETED' : 'MODIFIED'} ${name}`);
      }
      await clock.advance(LONGEST_BACKOFF);
      await heard(expected.length);
      cluster.watches()[0]?.end(restart % 3 === 0 ? LOST : undefined);
      await clock.advance(LONGEST_BACKOFF);
    }
    await open();
    assert.equal(told.length, 10_000);
    assert.deepEqual(told, expected);
    const there = cluster.api.store.all({ group: RUNTIMES.group, plural: RUNTIMES.plural }).length;
    assert.deepEqual([seen.size(), clock.waiting()], [there, 1]);
  });
});
