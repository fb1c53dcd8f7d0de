import assert from 'node:assert/strict';
import { load } from 'js-yaml';
import { connect } from '../../../../src/cluster/connect.ts';
import { parseLabelSelector } from '../../../../src/domain/kubernetes/label-selector.ts';
import type { KubeObject } from '../../../../src/domain/kubernetes/resource.ts';
import { type ControlPlane, startControlPlane } from '../../../../tools/control-plane/control-plane.ts';
import type { User, UserName } from '../../../../tools/control-plane/users.ts';
import { fixtureObjects } from '../../../../tools/fixtures.ts';
import { grant } from '../../../../tools/rbac-objects.ts';
import { describeReal } from '../../../support/describe-real.ts';
import { type CliResult, runCli } from '../../../support/run-cli.ts';

const BOTH = 'servingruntimes,clusterservingruntimes';

/** Runs the command as a user, through the real connection. */
function list(plane: ControlPlane, user: User | UserName, words: string): Promise<CliResult> {
  const env = { KUBECONFIG: plane.kubeconfig(user), HOME: plane.folder };
  return runCli({ argv: `runtimes list ${words}`, connect, env });
}

function clusterRuntimes(): KubeObject[] {
  return fixtureObjects('runtimes').filter(({ kind }) => kind === 'ClusterServingRuntime');
}

function namespacedRuntimes(namespace: string): KubeObject[] {
  const objects = fixtureObjects('runtimes').filter(({ kind }) => kind === 'ServingRuntime');
  const named = (object: KubeObject, more: object) => ({ ...object, metadata: { ...object.metadata, namespace, ...more } });
  const odd = { annotations: { note: '<b> & "q" \u2028 é 😀', lines: 'a: b\n# c\n', number: '1e3', answer: 'yes', time: '12:30' } };
  return objects.map((object, index) => named(object, index === 0 ? odd : {}));
}

interface Document {
  readonly items: readonly KubeObject[];
  readonly errors?: readonly { readonly resource: string; readonly reason: string }[];
}

function namesOf({ items }: Document): readonly (string | undefined)[] {
  return items.map(({ metadata }) => metadata.name);
}

/** The commands of a hint, as a person would copy them. */
function suggested(stderr: string): readonly string[] {
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('  kubectl '))
    .map((line) => line.trim());
}

/** `kubectl create role x -n y …` → the command that undoes it. */
function undo(command: string): string {
  const [, , kind, name] = command.split(' ');
  const namespace = / -n (\S+)/.exec(command)?.[1];
  return `kubectl delete ${kind} ${name}${namespace === undefined ? '' : ` -n ${namespace}`}`;
}

/** All that a user may do in a namespace by RBAC, each right once, in the order of text. */
async function rights(plane: ControlPlane, user: User, namespace: string): Promise<readonly string[]> {
  const client = plane.client(user);
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } };
  const answer = await client.request('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { body });
  assert.equal(answer.status, 201);
  const { resourceRules, nonResourceRules } = answer.body.status as { resourceRules: object[]; nonResourceRules: object[] };
  return [...resourceRules, ...nonResourceRules].map((rule) => JSON.stringify(rule, Object.keys(rule).sort())).sort();
}

function rule(resource: string): string {
  return JSON.stringify({ apiGroups: ['serving.kserve.io'], resources: [resource], verbs: ['get', 'list', 'watch'] });
}

describeReal('runtimes list', (plane) => {
  let namespace = '';
  let elsewhere = '';

  before(async () => {
    namespace = await plane().createNamespace('list');
    elsewhere = await plane().createNamespace('list-elsewhere');
    await plane().admin.apply(...namespacedRuntimes(namespace), ...clusterRuntimes());
  });

  after(async () => {
    await plane().admin.delete(...clusterRuntimes());
  });

  for (const place of ['', '-A']) {
    it(`returns the objects of kubectl get ${place}, byte for byte in JSON`, async () => {
      const words = place === '' ? ['-n', namespace] : [place];
      const kubectl = await plane().kubectl('admin', ['get', BOTH, ...words, '-o', 'json']);
      const ours = await list(plane(), 'admin', `${words.join(' ')} -o json`);
      assert.deepEqual({ code: ours.code, stderr: ours.stderr }, { code: 0, stderr: '' });
      assert.equal(ours.stdout, kubectl.stdout);
      assert.ok(namesOf(JSON.parse(ours.stdout)).length >= 8);
    });

    it(`returns the objects of kubectl get ${place} in YAML`, async () => {
      const words = place === '' ? ['-n', namespace] : [place];
      const kubectl = await plane().kubectl('admin', ['get', BOTH, ...words, '-o', 'yaml']);
      const ours = await list(plane(), 'admin', `${words.join(' ')} -o yaml`);
      assert.deepEqual(load(ours.stdout), load(kubectl.stdout));
    });

    it(`names what kubectl get ${place} names`, async () => {
      const words = place === '' ? ['-n', namespace] : [place];
      const kubectl = await plane().kubectl('admin', ['get', BOTH, ...words, '-o', 'name']);
      assert.equal((await list(plane(), 'admin', `${words.join(' ')} -o name`)).stdout, kubectl.stdout);
    });
  }

  it('gives the same by pages', async () => {
    const [whole, paged] = await Promise.all([
      list(plane(), 'admin', `-n ${namespace} -o json`),
      list(plane(), 'admin', `-n ${namespace} -o json --chunk-size=2`),
    ]);
    assert.deepEqual(paged, whole);
  });

  it('writes objects that kubectl can apply', async () => {
    const { stdout } = await list(plane(), 'admin', `-n ${namespace} -o yaml`);
    const applied = await plane().kubectl('admin', ['apply', '--dry-run=server', '-f', '-'], { input: stdout });
    assert.equal(applied.code, 0, applied.stderr);
  });

  it('shows a user with a Role the runtimes of the namespace, and what is missing', async () => {
    const user = await plane().addUser('role-only');
    await plane().admin.apply(...grant('list-sr', user.name, { namespace }, ['list'], 'servingruntimes.serving.kserve.io'));
    const table = await list(plane(), user, `-n ${namespace}`);
    assert.equal(table.code, 4);
    assert.deepEqual(
      table.stdout.split('\n').map((line) => line.split(' ')[0]),
      ['NAME', 'my-sklearn', 'vllm', ''],
    );
    assert.match(table.stderr, /^error: clusterservingruntimes\.serving\.kserve\.io is forbidden: User "role-only" cannot list /);
    for (const format of ['json', 'yaml']) {
      const { code, stdout } = await list(plane(), user, `-n ${namespace} -o ${format}`);
      const document = load(stdout) as Document;
      assert.equal(code, 4);
      assert.deepEqual(namesOf(document), ['my-sklearn', 'vllm']);
      assert.deepEqual(
        document.errors?.map(({ resource, reason }) => [resource, reason]),
        [['clusterservingruntimes.serving.kserve.io', 'Forbidden']],
      );
    }
    const everywhere = await list(plane(), user, '-A');
    assert.equal(everywhere.code, 3);
    assert.match(everywhere.stderr, /runtimes list -n NAMESPACE/);
  });

  it('refuses a user with nothing in every format, and never with an empty answer alone', async () => {
    for (const format of ['', '-o wide', '-o name', '-o json', '-o yaml']) {
      const { code, stdout, stderr } = await list(plane(), 'nobody', `-n ${namespace} ${format}`);
      assert.equal(code, 3);
      assert.equal(stderr.match(/^error: /gm)?.length, 2);
      if (/json|yaml/.test(format)) assert.equal((load(stdout) as Document).errors?.length, 2);
      else assert.equal(stdout, '');
    }
  });

  it('says that a namespace does not exist', async () => {
    const { code, stdout, stderr } = await list(plane(), 'admin', '-n no-such-namespace --scope=namespace');
    assert.deepEqual(
      { code, stdout, stderr },
      {
        code: 1,
        stdout: '',
        stderr: 'No runtimes found in no-such-namespace namespace.\nerror: namespaces "no-such-namespace" not found\n',
      },
    );
  });

  for (const name of ['oidc:ana', 'ana@example.com', 'x'.repeat(300), `o'hara "q" $(id) \`id\` & <b>`, '--help', 'Ana Ünal']) {
    it(`gives hints that grant just this, to ${name.slice(0, 40)}`, async () => {
      await assertHintsGrant(plane(), await plane().addUser(name), namespace, elsewhere);
    });
  }

  it('gives hints that grant just this, to a ServiceAccount', async () => {
    await assertHintsGrant(plane(), await plane().addServiceAccount(elsewhere, 'robot'), namespace, elsewhere);
  });

  it('gives hints for all namespaces that grant just this', async () => {
    const user = await plane().addUser('everywhere');
    const refused = await list(plane(), user, '-A');
    const commands = suggested(refused.stderr);
    for (const command of commands) await plane().paste(command);
    try {
      assert.equal((await list(plane(), user, '-A')).code, 0);
    } finally {
      for (const command of commands) await plane().paste(undo(command));
    }
  });

  for (const selector of [
    'a=b',
    'a in (b,c),!d',
    'a>1',
    'a<-2',
    'a>x',
    'a=b=c',
    'a b',
    'a=',
    'a in ()',
    'a in (,b)',
    ',a',
    'a,',
    'A.com/b',
    '=b',
    '!',
    'a===b',
    'a!b',
    'a in (b) c',
  ]) {
    it(`agrees with the server about the selector "${selector}"`, async () => {
      const path = `/apis/serving.kserve.io/v1alpha1/servingruntimes?labelSelector=${encodeURIComponent(selector)}`;
      const { status } = await plane().admin.request('GET', path);
      assert.ok(status === 200 || status === 400);
      if (status === 200) parseLabelSelector(selector);
      else assert.throws(() => parseLabelSelector(selector), { name: 'UsageError' });
    });
  }
});

/** Before: refused. Then the printed lines are run as administrator. After: allowed, and nothing else is. */
async function assertHintsGrant(plane: ControlPlane, user: User, namespace: string, elsewhere: string): Promise<void> {
  const refused = await list(plane, user, `-n ${namespace}`);
  assert.equal(refused.code, 3, refused.stderr);
  const [before, beforeElsewhere] = await Promise.all([rights(plane, user, namespace), rights(plane, user, elsewhere)]);
  const commands = suggested(refused.stderr);
  assert.equal(commands.length, 4);
  for (const command of commands) await plane.paste(command);
  try {
    const allowed = await list(plane, user, `-n ${namespace}`);
    assert.deepEqual({ code: allowed.code, stderr: allowed.stderr }, { code: 0, stderr: '' });
    assert.deepEqual(await rights(plane, user, namespace), [...before, rule('servingruntimes'), rule('clusterservingruntimes')].sort());
    assert.deepEqual(await rights(plane, user, elsewhere), [...beforeElsewhere, rule('clusterservingruntimes')].sort());
  } finally {
    for (const command of commands) await plane.paste(undo(command));
  }
}

describeReal('runtimes list without KServe', () => {
  it('says that it is not installed, and to a user also that it is not permitted', async function () {
    this.timeout(120_000);
    const bare = await startControlPlane({ crds: 'none' });
    if (bare.kind !== 'ready') throw new Error(bare.reason);
    const [admin, nobody] = [await list(bare, 'admin', ''), await list(bare, 'nobody', '-o json')];
    await bare.stop();
    assert.deepEqual(admin, {
      code: 3,
      stdout: '',
      stderr: 'error: KServe is not installed in this cluster (no API group serving.kserve.io)\n',
    });
    assert.deepEqual({ code: nobody.code, stdout: nobody.stdout }, { code: 3, stdout: '' });
    assert.match(nobody.stderr, /^error: KServe is not installed .*\nnote: listing servingruntimes\S+ is not permitted either/);
  });
});
