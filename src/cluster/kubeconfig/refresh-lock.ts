import { closeSync, openSync, rmSync, type Stats, statSync, utimesSync } from 'node:fs';
import { type Wait, wait } from '../../async/deadline.ts';

const POLL_MILLISECONDS = 50;
const BEAT_MILLISECONDS = 1_000;

/** A holder that has not touched its lock for so long is gone: killed, or its machine is. */
const STALE_MILLISECONDS = 10_000;

/** After this two refreshes at once are the lesser evil. */
const LONGEST_WAIT_MILLISECONDS = 60_000;

/** Tests bring a clock of their own. */
export interface Clock {
  /** Milliseconds. */
  readonly elapsed: () => number;
  readonly wait: Wait;
}

const CLOCK: Clock = { elapsed: () => performance.now(), wait };

/**
 * Runs `refresh` while no other process refreshes tokens of the same kubeconfig: most providers take a refresh token once. Not under kubectl's own
 * `FILE.lock`, which it holds for the moment of writing and at which it fails at once. Goes on without a lock where none can be made.
 */
export async function whileLocked<T>(file: string, signal: AbortSignal, refresh: () => Promise<T>, clock = CLOCK): Promise<T> {
  const lock = `${file}.refresh-lock`;
  const isOurs = await acquire(lock, signal, clock);
  const beat = isOurs ? setInterval(() => touch(lock), BEAT_MILLISECONDS) : undefined;
  try {
    return await refresh();
  } finally {
    clearInterval(beat);
    if (isOurs) rmSync(lock, { force: true });
  }
}

/** False if there can be no lock, or it is not to be had. */
async function acquire(lock: string, signal: AbortSignal, clock: Clock): Promise<boolean> {
  const start = clock.elapsed();
  let seen = { stamp: '', since: start };
  while (clock.elapsed() - start < LONGEST_WAIT_MILLISECONDS) {
    const outcome = take(lock);
    if (outcome !== 'taken') return outcome === 'ours';
    const now = clock.elapsed();
    const stamp = stampOf(lock);
    if (stamp !== seen.stamp) seen = { stamp, since: now };
    else if (now - seen.since > STALE_MILLISECONDS) rmSync(lock, { force: true });
    await clock.wait(POLL_MILLISECONDS, signal);
  }
  return false;
}

function take(lock: string): 'ours' | 'taken' | 'impossible' {
  try {
    closeSync(openSync(lock, 'wx', 0o600));
    return 'ours';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST' ? 'taken' : 'impossible';
  }
}

/** Changes as long as the holder lives; seen with our own clock, as that of a file server may differ. */
function stampOf(lock: string): string {
  const stats: Stats | undefined = statSync(lock, { throwIfNoEntry: false });
  return `${stats?.ino} ${stats?.mtimeMs}`;
}

function touch(lock: string): void {
  try {
    const now = new Date();
    utimesSync(lock, now, now);
  } catch {
    // Somebody took us for gone: the refresh goes on all the same.
  }
}
