import assert from 'node:assert/strict';
import { formatGoDuration, parseGoDuration } from '../../src/text/go-duration.ts';

describe('Go durations', () => {
  for (const [text, milliseconds] of [
    ['0', 0],
    ['-0', 0],
    ['-1m30s', -90_000],
    ['1h1m1s1ms', 3_661_001],
    [`${'9'.repeat(50_000)}`, undefined],
    [`${'9'.repeat(800)}s`, undefined],
    ['2562048h', undefined],
    ['2562047h', 9_223_369_200_000],
    ['', undefined],
    ['-', undefined],
    ['1', undefined],
    ['1s ', undefined],
  ] as const) {
    it(`reads ${JSON.stringify(text.slice(0, 20))}`, () => assert.equal(parseGoDuration(text), milliseconds));
  }

  for (const [milliseconds, text] of [
    [0, '0s'],
    [90_000, '1m30s'],
    [5_400_000, '1h30m0s'],
    [3_600_000, '1h0m0s'],
    [1500, '1.5s'],
    [20, '20ms'],
    [0.003, '3\u00b5s'],
    [0.000005, '5ns'],
    [60_000.5, '1m0.0005s'],
  ] as const) {
    it(`writes ${text}`, () => assert.equal(formatGoDuration(milliseconds), text));
  }
});
