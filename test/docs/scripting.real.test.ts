import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ControlPlane, startControlPlane } from '../../tools/control-plane/control-plane.ts';
import { fixtureObjects } from '../../tools/fixtures.ts';
import { BUILD_MS } from '../support/kubectl-or-skip.ts';
import { type Outcome, run } from '../support/packages/run.ts';
import { skipOrFail } from '../support/skip.ts';

const PAGE = readFileSync(new URL('../../docs/scripting.md', import.meta.url), 'utf8');
const PLUGIN = fileURLToPath(new URL('../../plugin/', import.meta.url));
const REFUSAL = /clusterservingruntimes\.serving\.kserve\.io is forbidden: User "system:serviceaccount:team-a:catalogue" cannot list/;

function snippets(language: string): readonly string[] {
  return [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text = '']) => text);
}

interface Expected {
  /** Words that only this snippet has. */
  readonly has: string;
  readonly as: 'admin' | 'catalogue';
  readonly code: number;
  readonly stdout: RegExp;
  readonly stderr: RegExp;
}

/** In the order in which they run: the account lacks a right first, and is given it later. */
const EXPECTED: readonly Expected[] = [
  { has: 'team-a can be read', as: 'admin', code: 0, stdout: /^team-a can be read\n$/, stderr: /^$/ },
  { has: 'could not tell: exit code', as: 'admin', code: 0, stdout: /^the catalogue lacks a permission\n$/, stderr: /./ },
  { has: '-o name | sort', as: 'catalogue', code: 4, stdout: /^servingruntime\.serving\.kserve\.io\/own\n$/, stderr: REFUSAL },
  { has: '-o name --partial-ok | sort', as: 'catalogue', code: 0, stdout: /^servingruntime\.serving\.kserve\.io\/own\n$/, stderr: REFUSAL },
  { has: "-o jsonpath='{range", as: 'catalogue', code: 0, stdout: /^ServingRuntime\/own\n$/, stderr: REFUSAL },
  {
    has: '--all-contexts',
    as: 'catalogue',
    code: 0,
    stdout: /^servingruntime\.serving\.kserve\.io\/own is in admin\n[\s\S]*\/own is in system:serviceaccount:team-a:catalogue$/m,
    stderr: REFUSAL,
  },
  { has: '> grant.json', as: 'admin', code: 0, stdout: /^$/, stderr: /^$/ },
  { has: 'rbac fix', as: 'admin', code: 0, stdout: /clusterrolebinding\S* created\n[\s\S]*^yes\n$/m, stderr: /./ },
  { has: 'team-a:reader', as: 'admin', code: 0, stdout: /^$/, stderr: /^$/ },
];

describe('docs/scripting.md', () => {
  let plane: ControlPlane;
  let folder: string;

  before(async function () {
    this.timeout(BUILD_MS);
    // A server of its own: the page names its namespace.
    const started = await startControlPlane({ crds: 'upstream' });
    if (started.kind === 'unavailable') return skipOrFail(this, started.reason);
    plane = started;
    folder = mkdtempSync(join(tmpdir(), 'scripting-'));
    const [own, ...rest] = fixtureObjects('runtimes').slice(0, 3);
    assert.ok(own !== undefined);
    await plane.admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } });
    await plane.admin.apply(...rest, { ...own, kind: 'ServingRuntime', metadata: { name: 'own', namespace: 'team-a' } }, ...grants());
    await plane.addServiceAccount('team-a', 'reader');
  });
  after(async () => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
    await plane?.stop();
  });

  const bash = async (script: string, as: Expected['as']): Promise<Outcome> => {
    const user = as === 'admin' ? 'admin' : await plane.addServiceAccount('team-a', as);
    const env = {
      PATH: [PLUGIN, dirname(plane.kubectlPath), '/usr/bin', '/bin'].join(delimiter),
      HOME: folder,
      KUBECONFIG: plane.kubeconfig(user, { namespace: 'default' }),
    };
    return run('bash', ['-c', script], { env, cwd: folder });
  };

  it('has no snippet that is not run', () => {
    const found = snippets('bash').map((snippet) => EXPECTED.filter(({ has }) => snippet.includes(has)).length);
    assert.deepEqual(found, Array(EXPECTED.length).fill(1));
  });

  for (const { has, as, code, stdout, stderr } of EXPECTED) {
    it(`does what it says: ${has}`, async function () {
      this.timeout(60_000);
      const snippet = snippets('bash').find((text) => text.includes(has)) ?? '';
      const ended = await bash(snippet, as);
      assert.equal(ended.code, code, `${ended.stdout}\n${ended.stderr}`);
      assert.match(ended.stdout, stdout);
      assert.match(ended.stderr, stderr);
    });
  }

  it('keeps a grant that kubectl applies', () => {
    const { kind, items } = JSON.parse(readFileSync(join(folder, 'grant.json'), 'utf8'));
    assert.equal(kind, 'List');
    assert.deepEqual(
      items.map((item: { kind: string }) => item.kind),
      ['ClusterRole', 'ClusterRoleBinding'],
    );
  });

  it('stops make at a finding, and lets it go on otherwise', async function () {
    this.timeout(120_000);
    const [makefile = ''] = snippets('make');
    writeFileSync(join(folder, 'Makefile'), makefile);
    mkdirSync(join(folder, 'k8s'));
    const manifest = (format: string) =>
      `apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: iris, namespace: team-a}\nspec: {predictor: {model: {modelFormat: {name: ${format}}, storageUri: 'gs://models/iris'}}}\n`;
    writeFileSync(join(folder, 'k8s/isvc.yaml'), `${manifest('sklearn')}  unknown: true\n`);
    const refused = await bash('make deploy', 'admin');
    assert.equal(refused.code, 2, refused.stdout + refused.stderr);
    writeFileSync(join(folder, 'k8s/isvc.yaml'), manifest('sklearn'));
    const deployed = await bash('make deploy', 'admin');
    assert.equal(deployed.code, 0, deployed.stdout + deployed.stderr);
    assert.match(deployed.stdout, /inferenceservice\.serving\.kserve\.io\/iris created/);
  });
});

/** The catalogue reads its own namespace, and the reader reads everything. */
function grants(): readonly object[] {
  const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1' };
  const apiGroup = 'rbac.authorization.k8s.io';
  const rule = (...resources: string[]) => ({ apiGroups: ['serving.kserve.io'], resources, verbs: ['get', 'list', 'watch'] });
  const subjects = (name: string) => [{ kind: 'ServiceAccount', name, namespace: 'team-a' }];
  const [namespace, name] = ['team-a', 'own-runtimes'];
  return [
    { ...rbac, kind: 'Role', metadata: { name, namespace }, rules: [rule('servingruntimes')] },
    {
      ...rbac,
      kind: 'RoleBinding',
      metadata: { name, namespace },
      roleRef: { apiGroup, kind: 'Role', name },
      subjects: subjects('catalogue'),
    },
    { ...rbac, kind: 'ClusterRole', metadata: { name: 'all-runtimes' }, rules: [rule('servingruntimes', 'clusterservingruntimes')] },
    {
      ...rbac,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'reader-of-runtimes' },
      roleRef: { apiGroup, kind: 'ClusterRole', name: 'all-runtimes' },
      subjects: subjects('reader'),
    },
  ];
}
