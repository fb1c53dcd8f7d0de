import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../../../src/cluster/connect.ts';
import type { ScriptedFault } from '../../../../tools/api-server/faults.ts';
import { startApiServer } from '../../../../tools/api-server/server.ts';
import { type CliResult, runCli } from '../../../support/run-cli.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const ROLES = `${RBAC}/namespaces/default/roles`;

describe('rbac check over the wire', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'rbac-check-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs the command as an administrator, and gives what the server was asked to create as well. */
  async function check(words: string, faults: readonly ScriptedFault[] = []): Promise<CliResult & { readonly writes: readonly string[] }> {
    const server = await startApiServer({ faults });
    const file = join(folder, 'config');
    writeFileSync(file, server.kubeconfig('admin'));
    try {
      const result = await runCli({ argv: `rbac check ${words}`, connect, env: { KUBECONFIG: file, HOME: folder } });
      const writes = server.requests.filter(({ method, path }) => method === 'POST' && path.startsWith(RBAC)).map(({ url }) => url);
      return { ...result, writes };
    } finally {
      await server.close();
    }
  }

  it('tries a grant by a dry run', async () => {
    const { code, stderr, writes } = await check('get pods --for-user bob');
    assert.equal(code, 1);
    assert.match(stderr, /^admin may create this grant:$/m);
    assert.deepEqual(writes.toSorted(), [`${RBAC}/namespaces/default/rolebindings?dryRun=All`, `${ROLES}?dryRun=All`]);
  });

  const review = (spec: object, status: object): ScriptedFault => ({
    on: { path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews' },
    fault: {
      kind: 'answer',
      status: 201,
      contentType: 'application/json',
      body: { kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', metadata: {}, spec, status },
    },
  });
  const PODS = { resourceAttributes: { verb: 'get', resource: 'pods', namespace: 'default' } };

  for (const [what, spec, status, answer] of [
    ['of its own question', PODS, { allowed: true }, 'yes'],
    ['of its own question, without a condition', PODS, { allowed: true, conditionalDecision: null }, 'yes'],
    ['of another verb', { resourceAttributes: { ...PODS.resourceAttributes, verb: 'list' } }, { allowed: true }, 'unknown'],
    ['of another namespace', { resourceAttributes: { ...PODS.resourceAttributes, namespace: 'a' } }, { allowed: true }, 'unknown'],
    ['of a URL', { nonResourceAttributes: { verb: 'get', path: '/' } }, { allowed: true }, 'unknown'],
    ['that depends on a condition', PODS, { allowed: true, conditionalDecision: { type: 'x' } }, 'unknown'],
  ] as const)
    it(`believes a yes ${what}: ${answer}`, async () => {
      const { code, stdout } = await check('get pods', [review(spec, status)]);
      assert.deepEqual([code, stdout], [answer === 'yes' ? 0 : 3, `${answer}\n`]);
    });

  for (const status of [301, 302, 303, 307, 308])
    it(`creates nothing where a dry run is redirected (${status})`, async () => {
      const redirect: ScriptedFault = {
        on: { verb: 'create', path: ROLES },
        fault: { kind: 'answer', status, contentType: 'text/plain', body: '', headers: { Location: ROLES } },
      };
      const { code, stderr, writes } = await check('get pods --for-user bob', [redirect]);
      assert.equal(code, 1);
      assert.doesNotMatch(stderr, /admin may create this grant/);
      assert.deepEqual(
        writes.filter((url) => !url.endsWith('?dryRun=All')),
        [],
      );
    });
});
