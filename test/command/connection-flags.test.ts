import assert from 'node:assert/strict';
import { connectionFlags, secretFlags } from '../../src/command/connection-flags.ts';
import { ClusterError } from '../../src/errors.ts';
import { fakeCluster } from '../support/fake-cluster.ts';
import { runCli } from '../support/run-cli.ts';

describe('the flags of a suggested command', () => {
  it('lead to the same cluster as the same user', () => {
    const options = { context: 'prod', kubeconfig: 'my file', as: 'boss', asGroup: ['a', 'b'], insecureSkipTlsVerify: true };
    assert.deepEqual(connectionFlags(options), [
      '--kubeconfig=my file',
      '--context=prod',
      '--as=boss',
      '--as-group=a',
      '--as-group=b',
      '--insecure-skip-tls-verify=true',
    ]);
    assert.deepEqual(connectionFlags({ namespace: 'a', requestTimeout: '1s', verbosity: 8 }), []);
  });

  it('never hold a secret', () => {
    const options = { token: 'T', username: 'u', password: 'P' };
    assert.deepEqual(connectionFlags(options), ['--username=u']);
    assert.deepEqual(secretFlags(options), ['--token', '--password']);
    for (const [url, shown] of [
      ['https://ana:S@h:1/a@b', 'https://h:1/a@b'],
      ['ana:S@h:1', 'h:1'],
      ['http://ana:S@x@h', 'http://h'],
      ['https://h:1/x', 'https://h:1/x'],
    ] as const) {
      assert.deepEqual(connectionFlags({ server: url, proxyUrl: url }), [`--server=${shown}`, `--proxy-url=${shown}`]);
    }
  });

  const objects = [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } }];
  const CHECK = ['rbac', 'check', 'list', 'servingruntimes', '-n', 'a', '--for-user', 'bob'];

  it('are in what the caller may run', async () => {
    const { stderr } = await runCli({ argv: [...CHECK, '--context', 'my prod', '--as', 'boss'], cluster: fakeCluster({ objects }) });
    assert.ok(
      stderr.includes(
        [
          'admin may create this grant:',
          "  kubectl create role servingruntime-list -n a --verb=list --resource=servingruntimes.serving.kserve.io --context='my prod' --as=boss",
          "  kubectl create rolebinding servingruntime-list-bob -n a --role=servingruntime-list --user=bob --context='my prod' --as=boss",
        ].join('\n'),
      ),
      stderr,
    );
    const { stderr: withToken } = await runCli({ argv: [...CHECK, '--token=SECRET'], cluster: fakeCluster({ objects }) });
    assert.match(withToken, /^admin may create this grant \(add your --token\):$/m);
    assert.doesNotMatch(withToken, /SECRET/);
  });

  it('are not in what an administrator runs, who has a context of that cluster', async () => {
    const user = { name: 'ana', groups: [] };
    const { stderr } = await runCli({
      argv: ['rbac', 'check', 'list', 'servingruntimes', '-n', 'a', '--context', 'prod'],
      cluster: fakeCluster({ user }),
    });
    assert.match(
      stderr,
      /^An administrator of the cluster of context "prod" can run:\n {2}kubectl create role servingruntime-list -n a [^\n]*io$/m,
    );
  });

  it('are in the next step after a refused list', async () => {
    const refused =
      'servingruntimes.serving.kserve.io is forbidden: User "ana" cannot list resource "servingruntimes" in API group "serving.kserve.io" at the cluster scope';
    const error = new ClusterError('Forbidden', refused, { code: 403, fromStatus: true });
    const cluster = fakeCluster({ failures: [{ on: { resource: 'servingruntimes' }, error }] });
    const { stderr } = await runCli({ argv: ['runtimes', 'list', '-A', '--context', 'my prod'], cluster });
    assert.match(stderr, /An administrator of the cluster of context "my prod" can run:$/m);
    assert.match(stderr, /: kubectl kserve runtimes list -n NAMESPACE --context='my prod'$/m);
  });
});
