import assert from 'node:assert/strict';
import type { KubeObject } from '../../../../src/domain/kubernetes/resource.ts';
import { type ControlPlane, startControlPlane } from '../../../../tools/control-plane/control-plane.ts';
import { binding, role } from '../../../../tools/rbac-objects.ts';
import { commandsOn } from '../../../support/commands-on.ts';
import { describeReal } from '../../../support/describe-real.ts';
import { assertGolden } from '../../../support/golden.ts';
import { untilAuthorizerSaw } from '../../../support/rbac-barrier.ts';
import { assertReport } from '../../../support/report-schema.ts';
import { type CliResult, runCli } from '../../../support/run-cli.ts';
import { ABOUT, ANA, BOT, CASES, type Case, CSR, KSERVE } from './cases.ts';

// A real server has more kinds than the embedded one, and kinds of KServe that the tests install no CRDs for.
const NOT_THE_SAME_THERE = ['administer', 'call-any', 'debug', 'deploy-llm', 'group-star'];
/** The server tells a certificate's user its fingerprint, which is another in each run. */
function withoutCredentialId(json: string): string {
  return json.replace(/ {8}"extra": \{[^{}]*"authentication.kubernetes.io\/credential-id"[^{}]*\},\n/, '');
}

const START_MS = 5 * 60_000;

// The state of a case is made of the whole server's objects, so it has a server of its own; describeReal says whether there can be one.
describeReal('rbac check in each state that a server can be in', () => {
  let plane: ControlPlane;
  const { clusterOf, run, inState } = commandsOn(() => plane);

  before(async function () {
    this.timeout(START_MS);
    const started = await startControlPlane();
    assert.ok(started.kind === 'ready');
    plane = started;
    await plane.admin.apply(...['a', 'b', 'test'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })));
    await plane.admin.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'bot', namespace: 'a' } });
  });

  after(() => plane?.stop());

  function define({ name, argv, objects = [], server, code }: Case, askedBy: 'ana' | 'admin'): void {
    it(`${name}: ${argv}`, async () => {
      const user = server?.user === undefined ? plane.users[askedBy] : plane.users.ana;
      await inState(objects, async () => {
        const result = await run(argv, user);
        assert.equal(result.code, code, result.stderr);
        assertGolden(`rbac-check/${name}`, argv, { ...result, stdout: withoutCredentialId(result.stdout) });
        assertReport(result.stdout, argv);
      });
    });
  }

  // What only a scripted answer can bring about is left to the embedded server; who asks is not a script.
  const isReal = ({ name, server = {} }: Case): boolean =>
    !NOT_THE_SAME_THERE.includes(name) &&
    Object.keys(server).every((key) => key === 'user') &&
    [undefined, ANA].includes(server.user as typeof ANA);
  for (const one of CASES.filter(isReal).filter(({ server }) => server === undefined)) define(one, 'ana');
  for (const one of ABOUT.filter(isReal)) define(one, 'admin');

  it('names the cause of an empty-looking catalogue, and its grant lifts it', async () => {
    const runtime = (kind: string, name: string, namespace?: string): KubeObject => ({
      apiVersion: `${KSERVE}/v1alpha1`,
      kind,
      metadata: { name, ...(namespace !== undefined && { namespace }) },
      spec: {
        supportedModelFormats: [{ name: 'sklearn', version: '1' }],
        containers: [{ name: 'kserve-container', image: 'example.com/sklearn' }],
      },
    });
    const account = await plane.addServiceAccount('a', 'default-editor');
    const view = role('kserve-view', 'cluster', [
      { verbs: ['get', 'list', 'watch'], apiGroups: [KSERVE], resources: ['servingruntimes', 'clusterservingruntimes'] },
    ]);
    const bound = binding('kserve-view', { namespace: 'a' }, { kind: 'ClusterRole', name: 'kserve-view' }, account.name);
    const reader = 'clusterservingruntime-reader';
    const granted = [
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: reader } },
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', metadata: { name: `${reader}-a.default-editor` } },
    ];
    await inState([runtime('ClusterServingRuntime', 'kserve-sklearnserver'), view, bound], async () => {
      const list = 'runtimes list -n a -o name';
      const before = await run(list, account);
      assert.deepEqual([before.code, before.stdout], [4, '']);
      const itself = await run('rbac check list servingruntimes --sa a:default-editor -n a -o json', account);
      assert.deepEqual([itself.code, JSON.parse(itself.stdout).questions[0].method], [0, 'SelfSubjectAccessReview'], itself.stderr);
      const check = 'rbac check --for runtimes --sa a:default-editor -n a';
      const found = await run(check, plane.users.admin);
      assertGolden('rbac-check/founding-case', check, found);
      await plane.paste(
        found.stdout
          .split('\n')
          .filter((line) => line.startsWith('  kubectl '))
          .join('\n'),
      );
      await untilAuthorizerSaw(plane.admin, 'a');
      const after = await run(list, account);
      assert.deepEqual([after.code, after.stdout], [0, 'clusterservingruntime.serving.kserve.io/kserve-sklearnserver\n'], after.stderr);
      assert.equal((await run(check, plane.users.admin)).code, 0);
    });
    await plane.admin.delete(...granted);
  });

  it('pastes what it prints for users, groups and accounts of any name', async () => {
    const names = [
      'ana@example.com',
      "o'neil",
      'cn=ana,ou=ml',
      'x'.repeat(300),
      'oidc:team a',
      '$(id)',
      'ü',
      'a,b',
      'a"b',
      '*',
      'a\\b',
      'a\nb\u200bc',
      'a\0b',
    ];
    const subjects = [
      ...names.flatMap((name) => [
        ['--for-user', name],
        ['--for-group', name],
      ]),
      ['--sa', 'a:my.bot'],
    ];
    for (const subject of subjects) {
      const argv = ['rbac', 'check', 'list', 'clusterservingruntimes', ...subject, '-o', 'json'];
      const ask = async (): Promise<CliResult> => runCli({ argv, cluster: await clusterOf(plane.users.admin) });
      const denied = await ask();
      assert.equal(denied.code, 1, denied.stderr);
      const { grant, grantCommands } = JSON.parse(denied.stdout) as { grant: { items: KubeObject[] }; grantCommands: string[] };
      await plane.paste(grantCommands.join('\n'));
      await untilAuthorizerSaw(plane.admin, 'a');
      assert.equal((await ask()).code, 0, grantCommands.join('\n'));
      await plane.admin.delete(...grant.items);
      await untilAuthorizerSaw(plane.admin, 'a');
    }
  }).timeout(START_MS);

  it('applies the grant of a task, which holds several verbs for several kinds', async () => {
    const check = 'rbac check --for deploy --sa a:bot -n a,b';
    const { stdout } = await run(`${check} -o json`, plane.users.admin);
    const { grant, grantCommands } = JSON.parse(stdout) as { grant: { items: KubeObject[] }; grantCommands: string[] };
    await plane.paste(grantCommands.join('\n'));
    await untilAuthorizerSaw(plane.admin, 'a');
    assert.equal((await run(check, plane.users.admin)).code, 0);
    assert.equal((await run(`${check} --report-excess`, plane.users.admin)).code, 0, 'nothing beyond the task');
    await plane.admin.delete(...grant.items);
  });

  it('says when the account that asks may create the grant, and is right', async () => {
    const subject = await plane.addUser('granter');
    const rbac = 'rbac.authorization.k8s.io';
    const write = role('granter', 'cluster', [
      { verbs: ['create'], apiGroups: [rbac], resources: ['clusterroles', 'clusterrolebindings'] },
      { verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'] },
    ]);
    const hold = role('holder', 'cluster', [{ verbs: ['list'], apiGroups: [KSERVE], resources: ['clusterservingruntimes'] }]);
    const bind = (name: string): KubeObject => binding(name, 'cluster', { kind: 'ClusterRole', name }, subject.name);
    const check = 'rbac check list clusterservingruntimes --sa a:bot -o json';
    const claims = async (): Promise<unknown> => JSON.parse((await run(check, subject)).stdout).grantableByCaller;
    await inState([write, bind('granter')], async () => assert.equal(await claims(), false, 'may write roles, but holds nothing to grant'));
    await inState([write, hold, bind('granter'), bind('holder')], async () => assert.equal(await claims(), true));
  });

  it(`is not moved by ${BOT} having a role for ${CSR} by a RoleBinding: kubectl is`, async () => {
    const view = role('csr', 'cluster', [{ verbs: ['list'], apiGroups: [KSERVE], resources: ['clusterservingruntimes'] }]);
    await inState([view, binding('csr', { namespace: 'a' }, { kind: 'ClusterRole', name: 'csr' }, 'ana')], async () => {
      const kubectl = await plane.kubectl('ana', ['auth', 'can-i', 'list', 'clusterservingruntimes', '-n', 'a']);
      assert.equal(kubectl.stdout.trim(), 'yes');
      assert.equal((await run('rbac check list clusterservingruntimes -n a', plane.users.ana)).stdout, 'no\n');
      assert.match((await plane.kubectl('ana', ['get', 'clusterservingruntimes'])).stderr, /Forbidden/);
    });
  });
});
