import assert from 'node:assert/strict';
import type { KubeObject } from '../../../../src/domain/kubernetes/resource.ts';
import { type ControlPlane, startControlPlane } from '../../../../tools/control-plane/control-plane.ts';
import { binding, grant, role, type Scope } from '../../../../tools/rbac-objects.ts';
import { commandsOn } from '../../../support/commands-on.ts';
import { installKinds } from '../../../support/custom-kind.ts';
import { describeReal } from '../../../support/describe-real.ts';
import { untilAuthorizerSaw } from '../../../support/rbac-barrier.ts';
import { runCli } from '../../../support/run-cli.ts';

const KSERVE = 'serving.kserve.io';
const BOT = 'system:serviceaccount:a:bot';
const START_MS = 5 * 60_000;

/** Kinds of another project, with names that KServe has too; discovery lists the group before KServe's. */
const OME = [
  { group: 'ome.io', version: 'v1beta1', kind: 'InferenceService', shortNames: ['isvc'] },
  { group: 'ome.io', version: 'v1beta1', kind: 'ServingRuntime' },
  { group: 'ome.io', version: 'v1beta1', kind: 'ClusterServingRuntime', cluster: true },
  { group: 'ome.io', version: 'v1beta1', kind: 'BaseModel', shortNames: ['bm'] },
  { group: 'zoo.example.com', version: 'v1', kind: 'BaseModel', shortNames: ['bm'] },
];

describeReal('rbac check on a server with more than KServe', () => {
  let plane: ControlPlane;
  const { clusterOf, run, inState } = commandsOn(() => plane);

  before(async function () {
    this.timeout(START_MS);
    const started = await startControlPlane();
    assert.ok(started.kind === 'ready');
    plane = started;
    await plane.admin.apply(...['a', 'b'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })));
    await installKinds(plane.admin, OME);
  });

  after(() => plane?.stop());

  describe('whose kind a bare word means', () => {
    const omes = ['inferenceservices', 'servingruntimes', 'clusterservingruntimes'].map((plural) => `${plural}.ome.io`);

    it("asks about KServe's kinds where another group has kinds of the same names", async () => {
      await inState(grant('ome', 'ana', 'cluster', ['list'], ...omes), async () => {
        const words = [
          'clusterservingruntimes',
          'ClusterServingRuntime',
          'servingruntime',
          'inferenceservices',
          'isvc',
          'InferenceService',
        ];
        for (const word of words) {
          const { code, stdout, stderr } = await run(`rbac check list ${word} -n a`);
          assert.deepEqual([code, stdout], [1, 'no\n'], `${word}: ${stderr}`);
          assert.match(stderr, /^note: asked about \w+\.serving\.kserve\.io; the name is also that of \w+\.ome\.io$/m, word);
        }
        for (const name of omes) assert.equal((await run(`rbac check list ${name} -n a`)).code, 0, name);
      });
    });

    it('takes the group of any other word as kubectl does, and says which', async () => {
      await inState(grant('bm', 'ana', 'cluster', ['list'], 'basemodels.ome.io', 'events'), async () => {
        for (const word of ['basemodels', 'bm', 'BaseModel', 'events']) {
          const [kubectl, ours] = await Promise.all([
            plane.kubectl('ana', ['auth', 'can-i', 'list', word, '-n', 'a']),
            run(`rbac check list ${word} -n a`),
          ]);
          assert.equal(ours.code, kubectl.code, word);
          assert.match(ours.stderr, /^note: asked about (basemodels\.ome\.io|events of the core group); the name is also that of /m, word);
        }
      });
    });
  });

  describe('what an account may do beyond a task', () => {
    const DEPLOY = [
      { verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'], apiGroups: [KSERVE], resources: ['inferenceservices'] },
      { verbs: ['get', 'create'], apiGroups: [''], resources: ['secrets', 'serviceaccounts'] },
      { verbs: ['list'], apiGroups: [''], resources: ['events'] },
    ];
    const bound = (scope: Scope, rules: Parameters<typeof role>[2]): readonly KubeObject[] => [
      role('exact', 'cluster', rules),
      binding('exact', scope, { kind: 'ClusterRole', name: 'exact' }, BOT),
    ];
    const check = 'rbac check --for deploy --sa a:bot -n a --report-excess';

    it('finds nothing where a RoleBinding gives exactly the task, and says what was not looked at', async () => {
      await inState(bound({ namespace: 'a' }, DEPLOY), async () => {
        const { code, stdout } = await run(check, 'admin');
        assert.equal(code, 0, stdout);
        assert.match(stdout, /^Nothing that was looked at is allowed beyond the task\.\nNot looked at: kinds of other API groups/m);
      });
    });

    it('finds the rest of the cluster where a ClusterRoleBinding gives exactly the task', async () => {
      await inState(bound('cluster', DEPLOY), async () => {
        const { code, stdout } = await run(check, 'admin');
        assert.equal(code, 1, stdout);
        assert.match(
          stdout,
          /can get, list, watch, create, update, patch, delete inferenceservices\.serving\.kserve\.io also in all other namespaces, by ClusterRoleBinding "exact", /,
        );
        assert.match(stdout, /can get, create secrets also in all other namespaces, by ClusterRoleBinding "exact"/);
        assert.doesNotMatch(stdout, /Nothing/);
      });
    });

    it("finds rights on KServe's other kinds, and on a whole kind beside one object", async () => {
      const other = { verbs: ['create', 'delete'], apiGroups: [KSERVE], resources: ['servingruntimes', 'clusterservingruntimes'] };
      await inState(bound({ namespace: 'a' }, [...DEPLOY, other]), async () => {
        const { code, stdout } = await run(check, 'admin');
        assert.equal(code, 1, stdout);
        assert.match(stdout, /can create, delete servingruntimes\.serving\.kserve\.io in the namespace "a", by RoleBinding "exact"/);
        assert.doesNotMatch(stdout, /clusterservingruntimes/, 'a RoleBinding gives no right on it');
      });
      const call = { verbs: ['get', 'post'], apiGroups: [KSERVE], resources: ['inferenceservices'] };
      await inState(bound({ namespace: 'a' }, [call]), async () => {
        const { stdout } = await run('rbac check --for call isvc/iris --sa a:bot --report-excess', 'admin');
        assert.match(stdout, /can get, post inferenceservices\.serving\.kserve\.io in the namespace "a"/);
      });
    });

    it('asks for every verb behind wildcards', async () => {
      const any = { verbs: ['create', 'delete', 'patch'], apiGroups: ['*'], resources: ['*'] };
      const group = { verbs: ['*'], apiGroups: [KSERVE], resources: ['*'] };
      await inState(bound('cluster', [...DEPLOY, any]), async () => {
        const { code, stdout } = await run(check, 'admin');
        assert.equal(code, 1, stdout);
        assert.match(stdout, /can create, patch, delete any kind of any API group in all namespaces and at the cluster scope, by/);
        assert.doesNotMatch(stdout, /can get any kind/);
        assert.doesNotMatch(stdout, /llminferenceservices|clusterservingruntimes/, 'what the wildcard holds is not listed');
      });
      await inState(bound({ namespace: 'a' }, [group]), async () => {
        const { stdout } = await run(check, 'admin');
        assert.match(stdout, /can do anything with any kind of serving\.kserve\.io in the namespace "a", by RoleBinding "exact"/);
        const { excess } = JSON.parse((await run(`${check} -o json`, 'admin')).stdout) as { excess: readonly object[] };
        assert.deepEqual(
          excess.map((one) => ({ ...one, reason: undefined, grantedBy: undefined })),
          [
            {
              ...{ verb: '*', group: KSERVE, resource: '*', namespace: 'a', wildcard: 'resources', verdict: 'allowed', allowed: true },
              ...{ method: 'SubjectAccessReview', installed: 'yes', reason: undefined, grantedBy: undefined },
            },
          ],
        );
      });
    });
  });

  describe('a role that is limited to names', () => {
    const rule = (resource: string) => ({ verbs: ['get', 'list'], apiGroups: [KSERVE], resources: [resource], resourceNames: ['x', 'z'] });
    const bound = (to: string): readonly KubeObject[] => [
      role('named', { namespace: 'a' }, [rule('servingruntimes')]),
      binding('named', { namespace: 'a' }, { kind: 'Role', name: 'named' }, to),
      role('named', 'cluster', [rule('clusterservingruntimes')]),
      binding('named', 'cluster', { kind: 'ClusterRole', name: 'named' }, to),
    ];

    for (const [who, to, as] of [
      ['', 'ana', 'ana'],
      ['--for-user ana', 'ana', 'admin'],
      ['--sa a:bot', BOT, 'admin'],
    ] as const) {
      it(`gets a grant of the name that was asked about, and no more: ${who || 'yourself'}`, async () => {
        await inState(bound(to), async () => {
          for (const kind of ['servingruntimes', 'clusterservingruntimes']) {
            const check = `rbac check get,list ${kind}/y ${who} -n a -o json`;
            const { code, stdout } = await run(check, as);
            assert.equal(code, 1);
            const { grant: least, grantCommands, explanations } = JSON.parse(stdout);
            const rules = least.items.flatMap((object: { rules?: readonly object[] }) => object.rules ?? []);
            assert.deepEqual(rules, [{ apiGroups: [KSERVE], resources: [kind], resourceNames: ['y'], verbs: ['get', 'list'] }]);
            assert.ok(explanations.includes(`A rule allows get of ${kind} for the names x, z only.`), explanations.join('\n'));
            await plane.paste(grantCommands.join('\n'));
            await untilAuthorizerSaw(plane.admin, 'a');
            assert.equal((await run(check, as)).code, 0);
            assert.equal((await run(`rbac check get ${kind} ${who} -n a`, as)).code, 1, 'not the whole kind');
            await plane.admin.delete(...least.items);
          }
        });
      });

      it(`is named where no name was asked about: ${who || 'yourself'}`, async () => {
        await inState(bound(to), async () => {
          for (const kind of ['servingruntimes', 'clusterservingruntimes']) {
            const { code, stderr } = await run(`rbac check get ${kind} ${who} -n a`, as);
            assert.equal(code, 1);
            assert.match(stderr, new RegExp(`^A rule allows get of ${kind} for the names x, z only\\.$`, 'm'));
            const list = await run(`rbac check list ${kind} ${who} -n a`, as);
            assert.match(
              list.stderr,
              new RegExp(`^A rule allows list of ${kind} for the names x, z only: ask with --field-selector=metadata.name=x\\.$`, 'm'),
            );
          }
        });
      });
    }
  });

  describe('words of kubectl', () => {
    it('are refused with the question that they are, which the server understands', async () => {
      const words = [
        'exec pods',
        'logs pods/web',
        'port-forward pods/web',
        'scale deployments.apps',
        'cordon nodes',
        'apply isvc',
        'edit isvc/x',
      ];
      for (const word of words) {
        const { code, stderr } = await run(`rbac check ${word} -n a`, 'admin');
        assert.equal(code, 2, word);
        const suggested = /^error: \S+ is .* on \S+: (rbac check .*)$/m.exec(stderr)?.[1];
        assert.ok(suggested !== undefined, stderr);
        const asked = await run(suggested, 'admin');
        assert.equal(asked.code, 0, asked.stderr);
      }
      const { stderr } = await run('rbac check exec pods', 'admin');
      assert.match(stderr, /^error: exec is create on pods\/exec: rbac check create pods --subresource=exec$/m);
    });

    it('lead to a name that counts for what is created under an object', async () => {
      const rule = { verbs: ['create'], apiGroups: [''], resources: ['pods/exec'], resourceNames: ['web'] };
      const objects = [
        role('exec', { namespace: 'a' }, [rule]),
        binding('exec', { namespace: 'a' }, { kind: 'Role', name: 'exec' }, 'ana'),
      ];
      await inState(objects, async () => {
        assert.equal((await run('rbac check create pods/web --subresource=exec -n a')).code, 0);
        const other = await run('rbac check create pods/db --subresource=exec -n a');
        assert.equal(other.code, 1);
        assert.match(other.stderr, /--resource=pods\/exec --resource-name=db/);
        const real = await plane.client(plane.users.ana).request('POST', '/api/v1/namespaces/a/pods/web/exec?command=id');
        assert.notEqual(real.status, 403, 'the real request is authorized, and fails for another reason');
        assert.equal((await plane.client(plane.users.ana).request('POST', '/api/v1/namespaces/a/pods/db/exec?command=id')).status, 403);
      });
    });
  });

  it('marks words of rules that nothing matches, and fits a terminal', async () => {
    const rules = [
      { verbs: ['get', 'list', 'watch', 'create'], apiGroups: [KSERVE], resources: ['lllminferenceserviceconfigs', 'servingruntimes'] },
      { verbs: ['get'], apiGroups: ['serving.kubeflow.org'], resources: ['inferenceservices'] },
    ];
    const objects = [role('dead', { namespace: 'a' }, rules), binding('dead', { namespace: 'a' }, { kind: 'Role', name: 'dead' }, 'ana')];
    await inState(objects, async () => {
      const { stdout, stderr } = await run('rbac check --list -n a');
      assert.match(stdout, /lllminferenceserviceconfigs\.serving\.kserve\.io \(no such kind\)/);
      assert.match(stdout, /inferenceservices\.serving\.kubeflow\.org \(group not served\)/);
      assert.match(
        stderr,
        /^Warning: a rule names lllminferenceserviceconfigs\.\S+, which has no effect .*: did you mean llminferenceserviceconfigs\?$/m,
      );
      const cluster = await clusterOf('ana');
      const shown = await runCli({ argv: 'rbac check --list -n a', cluster, isTTY: true, columns: 100 });
      for (const line of shown.stdout.split('\n')) assert.ok(line.length <= 100, line);
    });
  });
});
