import assert from 'node:assert/strict';
import { type ControlPlane, startControlPlane } from '../../../../tools/control-plane/control-plane.ts';
import { binding, grant, role } from '../../../../tools/rbac-objects.ts';
import { commandsOn } from '../../../support/commands-on.ts';
import { installKinds } from '../../../support/custom-kind.ts';
import { describeReal } from '../../../support/describe-real.ts';
import { untilAuthorizerSaw } from '../../../support/rbac-barrier.ts';
import type { CliResult } from '../../../support/run-cli.ts';

const START_MS = 5 * 60_000;
const KSERVE = 'serving.kserve.io';
const RBAC = 'rbac.authorization.k8s.io';
const READER = 'clusterservingruntime-reader';
const A = { namespace: 'a' };

describeReal('hints of runtimes list', () => {
  let plane: ControlPlane;
  const { run, inState } = commandsOn(() => plane);

  before(async function () {
    this.timeout(START_MS);
    const started = await startControlPlane({ crds: 'none' });
    assert.ok(started.kind === 'ready');
    plane = started;
    await plane.admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } });
    await installKinds(plane.admin, [
      { group: KSERVE, version: 'v1beta1', kind: 'InferenceService' },
      { group: KSERVE, version: 'v1alpha1', kind: 'ServingRuntime' },
    ]);
  });

  after(() => plane?.stop());

  const list = (as: 'ana' | 'admin', words = '') => run(`runtimes list -n a ${words}`, as);

  /** The commands of the hint about cluster-scoped runtimes. */
  function commandsOf({ stderr }: CliResult): readonly string[] {
    return stderr.split('\n').filter((line) => /^ {2}kubectl create cluster/.test(line));
  }

  // The order matters: more is served from one to the next.

  it("names OpenShift AI's Templates where they take the place of cluster-scoped runtimes, absent or empty", async () => {
    assert.doesNotMatch((await list('admin')).stderr, /Template/);
    await installKinds(plane.admin, [{ group: 'template.openshift.io', version: 'v1', kind: 'Template' }]);
    const absent = await list('admin');
    assert.match(
      absent.stderr,
      /^hint: On OpenShift AI the runtimes to choose from are Templates, .*kubectl get templates\.template\.openshift\.io -n /m,
    );
    await installKinds(plane.admin, [{ group: KSERVE, version: 'v1alpha1', kind: 'ClusterServingRuntime', cluster: true }]);
    const empty = await list('admin');
    assert.equal(empty.code, 0);
    assert.match(empty.stderr, /^No runtimes found in a namespace or at the cluster scope\.\nhint: On OpenShift AI /);
    assert.doesNotMatch(empty.stderr, /kserve-cluster-resources/);
    assert.doesNotMatch((await list('admin', '--scope=namespace')).stderr, /Template/);
  });

  it('says that a binding names a role that does not exist, as rbac check does', async () => {
    await inState([binding('stale', 'cluster', { kind: 'ClusterRole', name: 'gone' }, 'ana')], async () => {
      const text = 'A binding names ClusterRole "gone", which does not exist: create it, or bind another one.';
      const { stderr } = await list('ana');
      assert.equal(stderr.split(text).length - 1, 2, stderr);
      const { errors } = JSON.parse((await list('ana', '-o json')).stdout);
      for (const { hint } of errors) assert.ok(hint.startsWith(text), hint);
      assert.ok((await run('rbac check list servingruntimes -n a')).stderr.includes(text));
    });
  });

  describe('where a role of the name that it suggests exists already', () => {
    const sees = grant('sees', 'ana', 'cluster', ['get'], `clusterroles.${RBAC}`);
    const pods = role(READER, 'cluster', [{ verbs: ['*'], apiGroups: [''], resources: ['pods'] }]);
    const same = role(READER, 'cluster', [{ verbs: ['watch', 'get', 'list'], apiGroups: [KSERVE], resources: ['clusterservingruntimes'] }]);

    it('suggests another name if it holds something else, and the grant works and gives no more', async () => {
      await inState([...sees, pods], async () => {
        const refused = await list('ana');
        const commands = commandsOf(refused);
        assert.match(commands[0] ?? '', new RegExp(`create clusterrole ${READER}\\.[0-9a-f]{10} `));
        await plane.paste(commands.join('\n'));
        await untilAuthorizerSaw(plane.admin, 'a');
        assert.equal((await list('ana', '--scope=cluster')).code, 0);
        const canI = await plane.kubectl('ana', ['auth', 'can-i', 'delete', 'pods']);
        assert.equal(canI.stdout.trim(), 'no');
        const [name = ''] = /clusterservingruntime-reader\.[0-9a-f]+/.exec(commands[0] ?? '') ?? [];
        const apiVersion = `${RBAC}/v1`;
        await plane.admin.delete({ apiVersion, kind: 'ClusterRole', metadata: { name } });
        await plane.admin.delete({ apiVersion, kind: 'ClusterRoleBinding', metadata: { name: `${name}-ana` } });
      });
    });

    it('suggests only the binding if it is that very role', async () => {
      await inState([...sees, same], async () => {
        const commands = commandsOf(await list('ana'));
        assert.deepEqual(commands, [`  kubectl create clusterrolebinding ${READER}-ana --clusterrole=${READER} --user=ana`]);
      });
    });

    it('looks in the namespace for its roles, and keeps the usual name where roles may not be read', async () => {
      await inState([pods], async () => assert.match(commandsOf(await list('ana'))[0] ?? '', new RegExp(`create clusterrole ${READER} `)));
      const local = role('servingruntime-reader', A, [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }]);
      await inState([...grant('sees', 'ana', A, ['get'], `roles.${RBAC}`), local], async () => {
        assert.match((await list('ana')).stderr, /create role servingruntime-reader\.[0-9a-f]{10} -n a /);
      });
    });
  });
});
