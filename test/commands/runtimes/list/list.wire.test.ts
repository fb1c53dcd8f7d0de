import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../../../src/cluster/connect.ts';
import { htmlFault, type ScriptedFault } from '../../../../tools/api-server/faults.ts';
import { type ApiServerOptions, startApiServer } from '../../../../tools/api-server/server.ts';
import { fixtureObjects } from '../../../../tools/fixtures.ts';
import { type CliResult, runCli } from '../../../support/run-cli.ts';

describe('runtimes list over the wire', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'runtimes-list-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs the command through the real connection; the server's address is left out of what it wrote. */
  async function list(options: ApiServerOptions, words = '', user = 'admin', change = (text: string) => text): Promise<CliResult> {
    const server = await startApiServer({ objects: fixtureObjects('runtimes'), ...options });
    const file = join(folder, 'kubeconfig.yaml');
    writeFileSync(file, change(server.kubeconfig(user)));
    const env = { KUBECONFIG: file, HOME: folder };
    try {
      const result = await runCli({ argv: `runtimes list -n team-a ${words}`, connect, env, wait: async () => undefined });
      return { ...result, stderr: result.stderr.replaceAll(server.url, 'SERVER').replaceAll(server.url.slice('https://'.length), 'HOST') };
    } finally {
      await server.close();
    }
  }

  const everywhere = (fault: ScriptedFault['fault']): ApiServerOptions => ({ faults: [{ on: {}, fault }] });

  /** What must hold of any failure of the whole connection. */
  function assertFailed({ code, stdout, stderr }: CliResult, expected: RegExp): void {
    assert.deepEqual({ code, stdout }, { code: 3, stdout: '' });
    assert.match(stderr, expected);
    assert.doesNotMatch(stderr, /No runtimes found|^ {4}at |\.ts:\d+/m);
  }

  for (const format of ['', '-o json', '-o yaml', '-o name']) {
    it(`says once that the credentials are not accepted ${format}`, async () => {
      const result = await list({}, format, 'admin', (text) => text.replace(/token: .*/, 'token: stale'));
      assertFailed(result, /^error: You must be logged in to the server \(Unauthorized\)\nhint: .+\n$/);
    });

    it(`says once that a gateway answers ${format}`, async () => {
      const result = await list(everywhere(htmlFault(403, '<html>RBAC: access denied</html>')), format);
      assertFailed(result, /^error: HTTP 403, but not from Kubernetes: .+\nhint: A gateway, proxy or service mesh .+\n$/);
    });

    it(`says once that nothing comes within --request-timeout ${format}`, async () => {
      assertFailed(await list(everywhere({ kind: 'hang' }), `${format} --request-timeout=100ms`), /^[^\n]+\n(hint: [^\n]+\n)?$/);
    });
  }

  it('asks whether a server that knows no path is an API server', async () => {
    const { code, stdout, stderr } = await list(everywhere(htmlFault(404, '<html>nothing here</html>')));
    assert.deepEqual([code, stdout], [3, '']);
    assert.deepEqual(stderr.split('\n').slice(2), [
      'note: could not determine whether KServe is installed: the server could not find the requested resource',
      'hint: Is SERVER/ a Kubernetes API server? It comes from cluster "test" of context "admin".',
      '',
    ]);
  });

  for (const format of ['', '-o json']) {
    it(`says once who may not impersonate whom ${format}`, async () => {
      const users = [{ name: 'ana', groups: [] }];
      const hint = (more: string) =>
        `hint: "ana" may not impersonate "bob". Drop --as, or have the verb impersonate granted to "ana" on ${more}.`;
      const as = await list({ users }, `${format} --as bob`, 'ana');
      assert.deepEqual([as.code, as.stdout, as.stderr.split('\n').slice(1)], [3, '', [hint('users'), '']]);
      assert.match(as.stderr, /^error: \S+ is forbidden: User "ana" cannot impersonate-on:user-info:list resource /);
      const group = await list({ users }, `${format} --as bob --as-group g --as-uid 7 --as-user-extra a=b`, 'ana');
      assert.deepEqual(group.stderr.split('\n').slice(1), [hint('users, groups, uids, userextras'), '']);
      const account = await list({ users }, `${format} --as system:serviceaccount:a:bot`, 'ana');
      assert.match(
        account.stderr,
        /\nhint: "ana" may not impersonate "system:serviceaccount:a:bot"\. Drop --as, or .+ on serviceaccounts\.\n$/,
      );
      const entry = await list({ users }, format, 'ana', (text) => text.replace(/( +)token: /, '$1as: bob\n$1token: '));
      assert.match(entry.stderr, /\nhint: "ana" may not impersonate "bob"\. Drop "as" of user "ana" in the kubeconfig, or /);
    });
  }

  it('says once that the server closes the connection', async () => {
    assertFailed(await list(everywhere({ kind: 'reset' })), /^Unable to connect to the server: [^\n]+\n(hint: [^\n]+\n)?$/);
  });

  it('says once that the authority of the server is not trusted', async () => {
    const result = await list({}, '', 'admin', (text) => text.replace(/ +certificate-authority-data: .*\n/, ''));
    assertFailed(result, /^Unable to connect to the server: tls: failed to verify certificate: .+\nhint: .+\n$/);
  });

  it('says once that nobody listens', async () => {
    const result = await list({}, '', 'admin', (text) => text.replace(/https:\/\/127\.0\.0\.1:\d+/, 'https://127.0.0.1:1'));
    assertFailed(
      result,
      /^The connection to the server 127\.0\.0\.1:1 was refused - did you specify the right host or port\?\n(hint: .+\n)?$/,
    );
  });

  it('does not call a list complete whose second page broke off', async () => {
    const faults: ScriptedFault[] = [{ on: { resource: 'clusterservingruntimes', page: 2 }, fault: { kind: 'truncate', bytes: 40 } }];
    const { code, stdout, stderr } = await list({ faults }, '-o json --chunk-size=2');
    const { items, errors } = JSON.parse(stdout);
    assert.equal(code, 4);
    assert.equal(items.length, 3);
    assert.equal(errors.length, 1);
    assert.match(stderr, /some cluster-scoped runtimes could not be read/);
  });
});
