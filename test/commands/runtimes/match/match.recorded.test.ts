import assert from 'node:assert/strict';
import { recordedFailures } from '../../../support/recorded-failures.ts';
import { runCli } from '../../../support/run-cli.ts';

const { cluster, failures } = recordedFailures();
const SHARED = cluster.filter(({ kind }) => kind?.endsWith('ServingRuntime'));

interface Entry {
  readonly decision: string;
  readonly recorded?: { readonly difference?: object };
}

describe('runtimes match --offline, against what a running KServe wrote into the status', () => {
  it('selects as KServe did for every recorded service', async () => {
    let compared = 0;
    for (const { name, objects } of failures) {
      const stdin = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...objects, ...SHARED] });
      const { stdout } = await runCli({ argv: 'runtimes match -f - --offline -o json', stdin });
      const { matches } = JSON.parse(stdout) as { readonly matches: readonly Entry[] };
      for (const { recorded } of matches) {
        assert.equal(recorded?.difference, undefined, name);
        if (recorded !== undefined) compared++;
      }
    }
    assert.ok(compared >= 40, `only ${compared} said which runtime they have`);
  });
});
