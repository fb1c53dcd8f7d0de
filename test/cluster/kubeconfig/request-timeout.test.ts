import assert from 'node:assert/strict';
import { parseRequestTimeout } from '../../../src/cluster/kubeconfig/request-timeout.ts';

describe('--request-timeout', () => {
  for (const [text, milliseconds] of [
    ['', undefined],
    ['0', undefined],
    ['0s', undefined],
    ['-5s', undefined],
    ['7', 7000],
    ['+7', 7000],
    ['007', 7000],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['1.s', 1000],
    ['+2ms', 2],
    ['3us', 0.003],
    ['3\u00b5s', 0.003],
    ['3\u03bcs', 0.003],
    ['1h1h', 7_200_000],
  ] as const) {
    it(`reads ${JSON.stringify(text)}`, () => assert.equal(parseRequestTimeout(text), milliseconds));
  }

  for (const text of ['1d', '5S', '-1', '1.5', 's', '.s', '1m30', ' 1s', '1 s', 'x', '--1s', '9'.repeat(800)]) {
    it(`refuses ${JSON.stringify(text)}`, () =>
      assert.throws(() => parseRequestTimeout(text), {
        message:
          'Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)',
      }));
  }
});
