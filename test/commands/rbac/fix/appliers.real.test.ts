// The scenarios of those who apply a fix, and of the texts that the server itself writes.
import assert from 'node:assert/strict';
import type { KubeObject } from '../../../../src/domain/kubernetes/resource.ts';
import type { User } from '../../../../tools/control-plane/users.ts';
import { binding, role, type Scope } from '../../../../tools/rbac-objects.ts';
import { clusterOf } from '../../../support/client-cluster.ts';
import { describeReal } from '../../../support/describe-real.ts';
import { untilAuthorizerSaw } from '../../../support/rbac-barrier.ts';
import { type CliResult, runCli } from '../../../support/run-cli.ts';

const KSERVE = 'serving.kserve.io';
const RBAC = 'rbac.authorization.k8s.io';
const sr = (verbs: readonly string[], more: object = {}) => ({
  verbs: [...verbs],
  apiGroups: [KSERVE],
  resources: ['servingruntimes'],
  ...more,
});

interface Alternative {
  readonly kind: string;
  readonly cause?: string;
  readonly applicable: string;
  readonly why?: string;
  readonly missing?: readonly object[];
  readonly objects: readonly KubeObject[];
  readonly alsoGrants: readonly object[];
}

interface Report {
  readonly alternatives: readonly Alternative[];
  readonly chosen: number;
  readonly couldApply?: readonly { readonly name: string }[];
}

describeReal('scenarios of who applies a fix', (plane) => {
  let place: string;

  function granted(name: string, scope: Scope, rules: Parameters<typeof role>[2], to: string): readonly KubeObject[] {
    return [role(name, scope, rules), binding(name, scope, { kind: scope === 'cluster' ? 'ClusterRole' : 'Role', name }, to)];
  }

  /** May write roles and bindings of the namespace, read all of RBAC and ask about others; holds `rules`. */
  async function applier(
    name: string,
    rules: Parameters<typeof role>[2],
  ): Promise<{ readonly user: User; readonly objects: readonly KubeObject[] }> {
    const user = await plane().addUser(name);
    const objects = [
      ...granted(
        `${name}-writes`,
        { namespace: place },
        [{ verbs: ['get', 'create', 'patch'], apiGroups: [RBAC], resources: ['roles', 'rolebindings'] }],
        name,
      ),
      ...granted(`${name}-holds`, { namespace: place }, rules, name),
      ...granted(
        `${name}-asks`,
        'cluster',
        [
          { verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'] },
          { verbs: ['list'], apiGroups: [RBAC], resources: ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'] },
        ],
        name,
      ),
    ];
    await plane().admin.apply(...objects);
    await untilAuthorizerSaw(plane().admin, place);
    return { user, objects };
  }

  function run(argv: string, user: User | 'admin', stdin?: string): Promise<CliResult> {
    const cluster = clusterOf(user === 'admin' ? plane().admin : plane().client(user));
    return runCli({ argv, cluster, ...(stdin !== undefined && { stdin }) });
  }

  async function fix(words: string, user: User | 'admin'): Promise<{ readonly report: Report; readonly yaml: CliResult }> {
    const [json, yaml] = [await run(`rbac fix ${words} -o json`, user), await run(`rbac fix ${words}`, user)];
    assert.deepEqual([json.code, yaml.code], [0, 0], json.stderr);
    return { report: JSON.parse(json.stdout), yaml };
  }

  before(async () => {
    place = await plane().createNamespace('applier');
  });

  it('30, 31: says what the applier lacks, and who could apply it', async () => {
    const world = [
      ...granted('may-escalate', 'cluster', [{ verbs: ['escalate'], apiGroups: [RBAC], resources: ['clusterroles'] }], 'erna'),
    ];
    await plane().admin.apply(...world);
    for (const [name, held] of [
      ['has-get', sr(['get'])],
      ['has-names', sr(['get', 'list'], { resourceNames: ['x'] })],
    ] as const) {
      const { user, objects } = await applier(name, [held]);
      const { report, yaml } = await fix(`list servingruntimes --for-user zoe -n ${place}`, user);
      const chosen = report.alternatives[report.chosen - 1];
      assert.equal(chosen?.applicable, 'no', name);
      assert.deepEqual(chosen.missing, [sr(['list'])]);
      assert.match(yaml.stderr, /You lack:\n {2}list servingruntimes\.serving\.kserve\.io\n/);
      assert.ok(
        report.couldApply?.some((one) => one.name === 'erna'),
        JSON.stringify(report.couldApply),
      );
      assert.match(yaml.stdout, /^kind: List$/m);
      const refused = await plane().kubectl(user, ['apply', '-f', '-'], { input: yaml.stdout });
      assert.notEqual(refused.code, 0);
      // 49: the refusal, pasted.
      const pasted = await run('rbac explain - -o json', 'admin', refused.stderr);
      assert.equal(pasted.code, 1, pasted.stderr);
      assert.ok(pasted.stdout.includes('"escalation"') && pasted.stdout.includes('"list"'), pasted.stdout);
      await plane().admin.delete(...objects);
    }
    await plane().admin.delete(...world);
  });

  it('32: is applied by kubectl, waited for, and applied again by a script that fails on any code', async () => {
    const words = `list servingruntimes --for-user zoe -n ${place}`;
    const { report, yaml } = await fix(words, 'admin');
    assert.deepEqual(report.alternatives[report.chosen - 1]?.alsoGrants, []);
    const applied = await plane().kubectl('admin', ['apply', '-f', '-'], { input: yaml.stdout });
    assert.equal(applied.code, 0, applied.stderr);
    assert.equal((await run(`rbac check ${words} --wait=10s`, 'admin')).code, 0);
    const again = await run(`rbac fix ${words}`, 'admin');
    assert.equal(again.code, 0);
    const nothing = await plane().kubectl('admin', ['apply', '-f', '-'], { input: again.stdout });
    assert.equal(nothing.code, 0, nothing.stderr);
    assert.equal((await run(`rbac fix ${words} -o commands`, 'admin')).stdout, '');
    await plane().admin.delete(...(report.alternatives[report.chosen - 1]?.objects ?? []));
  });

  it('50: leaves a role alone that gives more than the applier holds, and prints the next alternative', async () => {
    const shared = granted(
      'shared',
      { namespace: place },
      [sr(['get', 'list']), { verbs: ['delete'], apiGroups: [''], resources: ['configmaps'] }],
      'zoe',
    );
    await plane().admin.apply(...shared);
    const { user, objects } = await applier('has-watch', [sr(['watch', 'update'])]);
    const words = `watch servingruntimes --for-user zoe -n ${place}`;
    const { report, yaml } = await fix(words, user);
    const repair = report.alternatives.find(({ cause }) => cause === 'missing-verb');
    assert.equal(repair?.applicable, 'no');
    assert.match(repair.why ?? '', /attempting to grant RBAC permissions not currently held/);
    // 51: a binding to a role that is not there yet cannot be tried without `bind`.
    const chosen = report.alternatives[report.chosen - 1];
    assert.deepEqual([chosen?.kind, chosen?.applicable], ['new-role', 'untested']);
    assert.match(chosen?.why ?? '', /you hold all that is in it/);
    let applied = await plane().kubectl(user, ['apply', '-f', '-'], { input: yaml.stdout });
    if (applied.code !== 0) {
      await untilAuthorizerSaw(plane().admin, place);
      applied = await plane().kubectl(user, ['apply', '-f', '-'], { input: yaml.stdout });
    }
    assert.equal(applied.code, 0, applied.stderr);
    assert.equal((await run(`rbac check ${words} --wait=10s`, 'admin')).code, 0);
    // The applier may run it again.
    const again = await run(`rbac fix ${words}`, user);
    assert.equal(again.code, 0, again.stderr);
    const unchanged = await plane().kubectl(user, ['apply', '-f', '-'], { input: again.stdout });
    assert.equal(unchanged.code, 0, unchanged.stderr);
    assert.match(unchanged.stdout, /^rolebinding\.\S+ unchanged\n$/);
    await plane().admin.delete(...objects, ...shared, ...(chosen?.objects ?? []));
  });

  it('does not put a role in the place of one that the applier cannot see in a list', async () => {
    const taken = role('servingruntime-list', { namespace: place }, [{ verbs: ['delete'], apiGroups: [''], resources: ['configmaps'] }]);
    await plane().admin.apply(taken);
    const user = await plane().addUser('sees-no-list');
    const objects = [
      ...granted(
        'sees-no-list',
        { namespace: place },
        [{ verbs: ['get', 'create', 'patch', 'escalate', 'bind'], apiGroups: [RBAC], resources: ['roles', 'rolebindings'] }],
        user.name,
      ),
    ];
    await plane().admin.apply(...objects);
    await untilAuthorizerSaw(plane().admin, place);
    const { report } = await fix(`list servingruntimes -n ${place}`, user);
    assert.equal(report.alternatives[report.chosen - 1]?.applicable, 'no');
    assert.match(report.alternatives[report.chosen - 1]?.why ?? '', /Role "servingruntime-list" exists already/);
    await plane().admin.delete(...objects, taken);
  });

  it('48: reads the name of a user out of the text of the server', async () => {
    const name = 'a<b>&"c"';
    const user = await plane().addUser(name);
    const refused = await plane().kubectl(user, ['get', 'servingruntimes', '-n', place]);
    assert.match(refused.stderr, /a\\u003cb|a&lt;b|a<b/);
    const { code, stdout, stderr } = await run('rbac explain - -o json', 'admin', refused.stderr);
    assert.equal(code, 1, stderr);
    const { subject, question } = JSON.parse(stdout);
    assert.deepEqual([subject.name, question.verb, question.resource, question.namespace], [name, 'list', 'servingruntimes', place]);
  });

  it('36: tells what is no refusal by RBAC', async () => {
    const strict = await plane().createNamespace('strict');
    const gone = await plane().createNamespace('gone');
    await plane().admin.apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: strict, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
    await plane().admin.delete({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: gone } });
    const pod = (namespace: string) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'x', namespace },
        spec: { containers: [{ name: 'x', image: 'example.com/x' }] },
      });
    for (const [namespace, word] of [
      [strict, 'pod-security'],
      [gone, 'namespace-terminating'],
    ] as const) {
      const refused = await plane().kubectl('admin', ['create', '-f', '-'], { input: pod(namespace) });
      assert.notEqual(refused.code, 0);
      const { code, stdout } = await run('rbac explain -', 'admin', refused.stderr);
      assert.equal(code, 1, refused.stderr);
      assert.ok(stdout.startsWith(`not RBAC: ${word}`), stdout);
    }
  });
});
