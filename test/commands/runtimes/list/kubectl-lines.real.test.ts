import assert from 'node:assert/strict';
import { besideKubectl, inTurns } from '../../../support/beside-kubectl.ts';
import { describeReal } from '../../../support/describe-real.ts';
import { oddRuntimes } from '../../../support/odd-runtimes.ts';
import { LINES, type Line } from './kubectl-lines.ts';

const MINUTES = 60_000;

describeReal('command lines of runtimes list, beside kubectl', (plane) => {
  let namespace = '';
  before(async () => {
    namespace = await plane().createNamespace('lines');
    await plane().admin.apply(...oddRuntimes(namespace));
  });
  after(async () => {
    await plane().admin.delete(...oddRuntimes(namespace).filter(({ kind }) => kind === 'ClusterServingRuntime'));
  });

  /** What differs; undefined if nothing does. */
  async function difference(line: Line): Promise<string | undefined> {
    const { kubectl, ours, code, says, isEmpty } = line;
    const place = ['-n', namespace];
    const both = await besideKubectl(plane(), {
      kubectl: [...kubectl.split(' '), ...place],
      ours: ['runtimes', 'list', ...ours.split(' '), ...place],
    });
    const expected = {
      code: code ?? both.kubectl.code,
      stdout: code === 2 ? '' : both.kubectl.stdout,
      says: says || code === undefined ? both.kubectl.stderr.trimEnd() : '',
    };
    const isSame =
      both.ours.code === expected.code &&
      both.ours.stdout === expected.stdout &&
      both.ours.stderr.startsWith(expected.says) &&
      (code === undefined ? both.kubectl.code === 0 && (isEmpty || both.ours.stderr === both.kubectl.stderr) : both.kubectl.code === 1);
    return isSame ? undefined : `${kubectl}\n${JSON.stringify(both, null, 2)}`;
  }

  it(`answers ${LINES.length} of them as kubectl does`, async function () {
    this.timeout(10 * MINUTES);
    assert.ok(LINES.length >= 60);
    const found = (await inTurns(LINES, difference)).filter((one) => one !== undefined);
    assert.equal(found.length, 0, `${found.length} differ:\n${found.join('\n')}`);
  });
});
