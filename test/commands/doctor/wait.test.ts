import assert from 'node:assert/strict';
import { type FakeCluster, fakeCluster } from '../../support/fake-cluster.ts';
import { recordedFailures } from '../../support/recorded-failures.ts';
import { runCli } from '../../support/run-cli.ts';

const { failures } = recordedFailures();
const NOW = new Date('2026-11-29T23:00:00Z');
const SERVED = new Set(['Namespace', 'InferenceService', 'Pod', 'Deployment', 'Event']);

function recorded(start: string) {
  const failure = failures.find(({ name }) => name.startsWith(start));
  assert.ok(failure);
  return { ...failure, objects: failure.objects.filter(({ kind }) => SERVED.has(kind ?? '')) };
}

describe('doctor --wait', () => {
  const doctor = (cluster: FakeCluster, { namespace }: { readonly namespace: string }, wait: string) =>
    runCli({ argv: `doctor isvc/iris -n ${namespace} --wait=${wait}`, cluster, now: NOW });

  it('returns at once where all is healthy', async () => {
    const { objects, expected } = recorded('01');
    const { code, stderr } = await doctor(fakeCluster({ objects }), expected, '1h');
    assert.deepEqual([code, stderr], [0, '']);
  });

  it('returns at once with what waiting will not mend', async () => {
    const { objects, expected } = recorded('26');
    const { code, stdout } = await doctor(fakeCluster({ objects }), expected, '1h');
    assert.equal(code, 1);
    assert.match(stdout, /image-pull/);
  });

  it('says what it waits for, and exits with 124 when the time is over', async () => {
    const { objects, expected } = recorded('33');
    const { code, stdout, stderr } = await doctor(fakeCluster({ objects }), expected, '10ms');
    assert.equal(code, 124);
    assert.match(stderr, /^waiting: 0 of 1 ready: Pod .* is fetching the model\nerror: timed out waiting for all to be healthy\n$/);
    assert.match(stdout, /loading/);
  });

  it('refuses a duration that is none, and files', async () => {
    for (const words of ['--wait=soon', '--wait=1s -f x']) assert.equal((await runCli({ argv: `doctor ${words}` })).code, 2);
  });
});
