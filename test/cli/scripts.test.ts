import assert from 'node:assert/strict';
import { CATALOGUE } from '../../src/cli/commands.ts';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { ClusterError, ExitCode } from '../../src/errors.ts';
import { fixtureObjects } from '../../tools/fixtures.ts';
import { fakeCluster } from '../support/fake-cluster.ts';
import { runCli } from '../support/run-cli.ts';
import { MAY_LIST_NAMESPACED, NAMESPACE } from '../support/runtimes-list-cases.ts';

const OBJECTS: readonly KubeObject[] = [NAMESPACE, ...fixtureObjects('runtimes')];
const partial = () => fakeCluster({ objects: [...OBJECTS, ...MAY_LIST_NAMESPACED], user: { name: 'ana' } });
const unreachable = () =>
  fakeCluster({ failures: [{ on: {}, error: new ClusterError('Unreachable', 'dial tcp 10.0.0.1:443: i/o timeout') }] });

describe('--partial-ok', () => {
  it('takes what could be read for enough, and says as much as without', async () => {
    for (const words of ['', '-o json', '-o name']) {
      const strict = await runCli({ argv: `runtimes list -n team-a ${words}`, cluster: partial() });
      const lenient = await runCli({ argv: `runtimes list -n team-a --partial-ok ${words}`, cluster: partial() });
      assert.deepEqual([strict.code, lenient], [4, { ...strict, code: 0 }]);
      assert.notEqual(lenient.stderr, '');
    }
  });

  it('changes no other code', async () => {
    const code = async (argv: string, cluster = fakeCluster({ objects: OBJECTS })) =>
      (await runCli({ argv: `${argv} --partial-ok`, cluster })).code;
    assert.equal(await code('runtimes list -n team-a --model-format=nothing'), 1);
    assert.equal(await code('runtimes list -n team-a', unreachable()), 3);
    assert.equal(await code('runtimes list --bogus'), 2);
    assert.equal(await code('runtimes list -n team-a', fakeCluster({ objects: OBJECTS, user: { name: 'ana' } })), 3);
  });

  it('is taken by every command that says that it may end in 4, and by no other', () => {
    const takes = CATALOGUE.commands.filter(({ options }) => 'partial-ok' in options).map(({ path }) => path.join(' '));
    const mayEnd = CATALOGUE.commands.filter(({ exitCodes = [] }) => exitCodes.some(([code]) => code === ExitCode.partial));
    assert.deepEqual(
      takes,
      mayEnd.map(({ path }) => path.join(' ')),
    );
  });
});

describe('-q', () => {
  it('leaves stdout empty and stderr as it is; -qq leaves both empty; the code stays', async () => {
    for (const [argv, cluster] of [
      ['runtimes list -n team-a', partial],
      ['runtimes list -n team-a -o json', partial],
      ['runtimes list -n team-a -o jsonpath={.items[*].kind}', partial],
      ['runtimes list -n team-a --model-format=nothing', () => fakeCluster({ objects: OBJECTS })],
      ['runtimes list -n team-a', unreachable],
    ] as const) {
      const loud = await runCli({ argv, cluster: cluster() });
      assert.notEqual(loud.stderr, '');
      for (const flag of ['-q', '--quiet', '--quiet=true', '-q=false -q', '-qq --quiet=false -q'])
        assert.deepEqual(await runCli({ argv: `${argv} ${flag}`, cluster: cluster() }), { ...loud, stdout: '' }, flag);
      for (const flag of ['-qq', '-q -q', '-q --quiet'])
        assert.deepEqual(await runCli({ argv: `${argv} ${flag}`, cluster: cluster() }), { ...loud, stdout: '', stderr: '' }, flag);
    }
  });

  it('is never quiet about a command line that is wrong', async () => {
    for (const argv of ['runtimes list -qq --bogus', 'rbac check --list -qq', 'rbac check -qq --wait=soon']) {
      const { code, stderr } = await runCli({ argv });
      assert.equal(code, 2);
      assert.match(stderr, /^error: /);
    }
  });
});
