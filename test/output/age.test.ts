import assert from 'node:assert/strict';
import { ageOf } from '../../src/output/age.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

describe('an age', () => {
  const now = new Date('2026-11-01T12:00:00Z');

  for (const [seconds, text] of [
    [-3 * DAY, '<invalid>'],
    [-2, '<invalid>'],
    [-1.9, '0s'],
    [-1, '0s'],
    [-0.5, '0s'],
    [0, '0s'],
    [0.999, '0s'],
    [1, '1s'],
    [119.9, '119s'],
    [120, '2m'],
    [121, '2m1s'],
    [9 * MINUTE + 59, '9m59s'],
    [10 * MINUTE, '10m'],
    [10 * MINUTE + 59, '10m'],
    [3 * HOUR - 1, '179m'],
    [3 * HOUR, '3h'],
    [3 * HOUR + MINUTE, '3h1m'],
    [8 * HOUR - 1, '7h59m'],
    [8 * HOUR, '8h'],
    [2 * DAY - 1, '47h'],
    [2 * DAY, '2d'],
    [2 * DAY + HOUR, '2d1h'],
    [8 * DAY - 1, '7d23h'],
    [8 * DAY, '8d'],
    [2 * YEAR - 1, '729d'],
    [2 * YEAR, '2y'],
    [2 * YEAR + DAY, '2y1d'],
    [8 * YEAR - 1, '7y364d'],
    [8 * YEAR, '8y'],
    [31 * YEAR + 200 * DAY, '31y'],
  ] as const) {
    it(`writes ${seconds} s as ${text}`, () => {
      assert.equal(ageOf(new Date(now.getTime() - seconds * 1000).toISOString(), now), text);
    });
  }
});

describe('ageOf', () => {
  const now = new Date('2026-11-01T12:00:00Z');

  it('counts from the timestamp', () => {
    assert.equal(ageOf('2026-10-29T10:00:00Z', now), '3d2h');
    assert.equal(ageOf('2026-11-01T14:00:00+02:00', now), '0s');
  });

  it('is unknown without a time', () => {
    assert.equal(ageOf(undefined, now), '<unknown>');
    assert.equal(ageOf('soon', now), '<unknown>');
  });
});
