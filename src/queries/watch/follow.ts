import type { Wait } from '../../async/deadline.ts';
import type { Cluster, WatchEvent } from '../../cluster/cluster.ts';
import type { ResourceType } from '../../domain/kubernetes/resource.ts';
import { ClusterError } from '../../errors.ts';
import { backoff } from './backoff.ts';
import { createConnection, endIfSilent, heard, type WatchConnection } from './connection.ts';
import { isDefinite, isForgotten } from './failures.ts';
import { isBefore } from './resource-version.ts';
import type { Change, Seen } from './seen.ts';

/** What is followed. */
export interface Followed {
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly labelSelector: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly chunkSize: number;
  /** Of the list that `seen` has been made from; undefined: it is listed first. */
  readonly resourceVersion: string | undefined;
  readonly seen: Seen;
}

type WatchedCluster = Pick<Cluster, 'list' | 'watch'>;

export interface Follower {
  readonly cluster: () => WatchedCluster;
  /** Reads anew how to reach the cluster and as whom: `cluster` is another one then. Asked for when the credentials of `used` are refused. */
  readonly renew: (used: WatchedCluster) => Promise<void>;
  /** What happened since; no more is read until it resolves. */
  readonly onChanges: (changes: readonly Change[]) => Promise<void>;
  /** The server fails and is asked again; undefined: it goes on. */
  readonly onTrouble: (failure: ClusterError | undefined) => void;
  readonly wait: Wait;
  readonly signal: AbortSignal;
}

/** What might be over by itself, such as a refusal by a server that is just starting, is believed when it has been said so often. */
const BELIEVED_AFTER = 3;

/** One that never began is given up after so many attempts, a minute or two: kubectl gives it up after the first. */
const FIRST_ATTEMPTS = 8;

/**
 * Tells what happens to the objects of a kind, through lost connections and restarts of the server, each change once. Resolves with the failure that
 * ends it: `RequestTimedOut` is the limit that the user set.
 */
export async function follow(followed: Followed, follower: Follower): Promise<ClusterError> {
  const state: State = {
    version: followed.resourceVersion,
    failed: 0,
    definite: 0,
    hasBegun: false,
    isTroubled: false,
    refused: undefined,
  };
  for (;;) {
    const failure = await attempt(state, followed, follower);
    if (failure !== undefined && ends(failure, state)) return failure;
    await follower.wait(backoff(state.failed), follower.signal);
    state.failed++;
  }
}

interface State {
  /** To go on from; undefined: only a new list can tell. */
  version: string | undefined;
  /** Attempts since something came. */
  failed: number;
  /** Failures since something came that would be final if nothing had. */
  definite: number;
  hasBegun: boolean;
  isTroubled: boolean;
  /** Whose credentials were not accepted. */
  refused: WatchedCluster | undefined;
}

function ends(failure: ClusterError, state: State): boolean {
  if (failure.reason === 'RequestTimedOut') return true;
  if (!isDefinite(failure)) return !state.hasBegun && state.failed + 1 >= FIRST_ATTEMPTS;
  state.definite++;
  return !state.hasBegun || state.definite >= BELIEVED_AFTER;
}

/** One list if need be, and one watch to its end. Undefined if the server just ended it. */
async function attempt(state: State, followed: Followed, follower: Follower): Promise<ClusterError | undefined> {
  const connection = createConnection(follower.signal);
  try {
    follower.signal.throwIfAborted();
    await begin(connection, state, followed, follower);
    return undefined;
  } catch (error) {
    follower.signal.throwIfAborted();
    if (!(error instanceof ClusterError)) throw error;
    learn(error, connection, state, follower);
    return error;
  } finally {
    connection.end();
  }
}

async function begin(connection: WatchConnection, state: State, followed: Followed, follower: Follower): Promise<void> {
  if (state.refused !== undefined) await follower.renew(state.refused);
  if (state.version === undefined) await listAnew(state, followed, follower);
  endIfSilent(connection, state, follower.wait);
  const events = await openWatch(state, followed, follower, connection.signal);
  connection.isOpen = true;
  settle(state, follower);
  await takeAll(heard(events, connection), state, followed, follower);
}

/** What a failure means for the next attempt. */
function learn(failure: ClusterError, { isOpen }: WatchConnection, state: State, follower: Follower): void {
  state.refused = failure.reason === 'Unauthorized' ? follower.cluster() : undefined;
  // What the server itself says in mid-stream: that it has lost the thread.
  if (isForgotten(failure) || (isOpen && failure.fromStatus)) state.version = undefined;
  if (!isOpen) trouble(failure, state, follower);
}

/** That a connection breaks is part of a long watch: it is trouble if there is no other. */
function trouble(failure: ClusterError, state: State, { onTrouble }: Follower): void {
  if (isForgotten(failure) || isDefinite(failure)) return;
  state.isTroubled = true;
  onTrouble(failure);
}

function settle(state: State, { onTrouble }: Follower): void {
  state.hasBegun = true;
  if (state.isTroubled) onTrouble(undefined);
  state.isTroubled = false;
}

async function listAnew(state: State, followed: Followed, { cluster, onChanges }: Follower): Promise<void> {
  const { type, namespace, labelSelector, fieldSelector, chunkSize, seen } = followed;
  const options = { namespace, labelSelector, fieldSelector, chunkSize, versioned: true };
  const { items, failure, resourceVersion } = await cluster().list(type, options, seen.listed);
  if (failure !== undefined) throw failure;
  state.version = resourceVersion;
  const changes = seen.replace(items);
  if (changes.length === 0) return;
  state.failed = 0;
  await onChanges(changes);
}

function openWatch(
  { version = '' }: State,
  followed: Followed,
  { cluster }: Follower,
  ended: AbortSignal,
): Promise<AsyncIterable<WatchEvent>> {
  const { type, namespace, labelSelector, fieldSelector } = followed;
  return cluster().watch(type, { namespace, labelSelector, fieldSelector, resourceVersion: version }, ended);
}

async function takeAll(events: AsyncIterable<WatchEvent>, state: State, { seen }: Followed, { onChanges }: Follower): Promise<void> {
  for await (const event of events) {
    if (isBefore(event.resourceVersion, state.version)) {
      // The server has been put back, as from a backup of etcd: what it has now only a list can tell.
      state.version = undefined;
      return;
    }
    state.version = event.resourceVersion;
    state.failed = 0;
    state.definite = 0;
    const change = event.type === 'BOOKMARK' ? undefined : seen.take(event);
    if (change !== undefined) await onChanges([change]);
  }
}
