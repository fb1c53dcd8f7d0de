import assert from 'node:assert/strict';
import { existsSync, statSync, utimesSync } from 'node:fs';
import { type Clock, whileLocked } from '../../../src/cluster/kubeconfig/refresh-lock.ts';
import { createPlace, type Place } from './config-host.ts';

describe('the lock of a refresh', () => {
  let place: Place;
  let file: string;
  let lock: string;
  beforeEach(() => {
    place = createPlace();
    file = place.path('config');
    lock = place.write('config.refresh-lock', '');
  });
  afterEach(() => place.remove());

  /** Goes on as soon as somebody waits; `meanwhile` is what others do. */
  function clockOf(meanwhile: (elapsed: number) => void): Clock & { readonly elapsed: () => number } {
    let elapsed = 0;
    return {
      elapsed: () => elapsed,
      wait: async (milliseconds) => {
        elapsed += milliseconds;
        meanwhile(elapsed);
      },
    };
  }
  const refresh = async () => existsSync(lock);
  const { signal } = new AbortController();

  it('is taken from a holder that has not touched it for ten seconds, and given back', async () => {
    const clock = clockOf(() => undefined);
    assert.equal(await whileLocked(file, signal, refresh, clock), true);
    assert.equal(existsSync(lock), false);
    assert.ok(clock.elapsed() > 10_000 && clock.elapsed() < 11_000, String(clock.elapsed()));
  });

  it('is left to a holder that lives; after a minute both refresh', async () => {
    const clock = clockOf((elapsed) => utimesSync(lock, elapsed, elapsed));
    const { ino } = statSync(lock);
    assert.equal(await whileLocked(file, signal, refresh, clock), true);
    assert.equal(statSync(lock).ino, ino);
    assert.equal(clock.elapsed(), 60_000);
  });
});
