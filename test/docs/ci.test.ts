// Runs what docs/ci.md tells people to run: the scripts of its snippets, in the shell and the folder that they are for.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { load } from 'js-yaml';
import { buildProgram } from '../../scripts/bundle/build.ts';
import { ENTRY, writeBundle } from '../../scripts/bundle/write-bundle.ts';
import { CATALOGUE } from '../../src/cli/commands.ts';
import { parseCommandLine } from '../../src/cli/parse/parse.ts';
import { type ApiServer, startApiServer } from '../../tools/api-server/server.ts';
import { assertAnnotations, assertJunit, assertSarif } from '../support/ci-reports.ts';
import { CI_PAGE, CI_SNIPPETS, scriptsOf, snippetWith } from '../support/ci-snippets.ts';
import { recordedFailures } from '../support/recorded-failures.ts';

const USER = { name: 'ci', groups: ['system:masters'] };
const SERVED = ['Namespace', 'InferenceService', 'Pod', 'Deployment', 'ReplicaSet', 'Event'];

const manifest = (format: string) => `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: iris, namespace: team-a}
spec:
  predictor:
    model: {modelFormat: {name: ${format}}, storageUri: "s3://models/iris"}
`;
const RUNTIME = `apiVersion: serving.kserve.io/v1alpha1
kind: ClusterServingRuntime
metadata: {name: sklearn-server}
spec:
  supportedModelFormats: [{name: sklearn, version: "1", autoSelect: true}]
  protocolVersions: [v1]
  containers: [{name: kserve-container, image: example.com/sklearn}]
`;

/** KServe itself, so far as doctor looks at it. */
const CONTROLLER = `apiVersion: apps/v1
kind: Deployment
metadata: {name: kserve-controller-manager, namespace: kserve}
spec: {replicas: 1, template: {spec: {containers: [{name: manager, image: "kserve/kserve-controller:v0.20.0"}]}}}
status: {availableReplicas: 1}
`;
const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata: {name: inferenceservice-config, namespace: kserve}
data: {deploy: '{"defaultDeploymentMode":"Standard"}'}
`;

interface Ran {
  readonly code: number;
  readonly stdout: string;
}

describe('docs/ci.md', function () {
  this.timeout(60_000);
  let folder = '';
  let server: ApiServer;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ci-'));
    for (const name of ['bin', 'k8s', 'runtimes']) mkdirSync(join(folder, name));
    await writeBundle(join(folder, 'bundle'), (await buildProgram()).packs);
    const program = join(folder, 'bundle', ENTRY);
    const kubectl = `#!/bin/sh\ncase "$1" in kserve) shift; exec "${process.execPath}" "${program}" "$@";; apply) exit 0;; esac\nexit 9\n`;
    writeFileSync(join(folder, 'bin/kubectl'), kubectl, { mode: 0o755 });
    writeFileSync(join(folder, 'runtimes/sklearn.yaml'), RUNTIME);
    const healthy = recordedFailures().failures.find(({ name }) => name === '01-healthy')?.objects ?? [];
    const objects = JSON.parse(JSON.stringify(healthy).replaceAll('c01', 'team-a')) as typeof healthy;
    const known = objects.filter(({ kind = '' }) => SERVED.includes(kind));
    server = await startApiServer({
      users: [USER],
      objects: [...known, ...[RUNTIME, CONTROLLER, CONFIG].map((text) => load(text) as (typeof known)[number])],
    });
    writeFileSync(join(folder, 'kubeconfig'), server.kubeconfig(USER.name, { namespace: 'team-a' }), { mode: 0o600 });
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** As the runner of a job does: the first command that fails ends it. */
  async function run(script: string | readonly string[]): Promise<Ran> {
    const words = typeof script === 'string' ? ['bash', '-e', '-c', script] : script;
    const [program = '', ...args] = words;
    const child = spawn(program, args, {
      cwd: folder,
      env: { PATH: [join(folder, 'bin'), process.env.PATH].join(delimiter), HOME: folder, KUBECONFIG: join(folder, 'kubeconfig') },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
    const stdout = (await child.stdout.setEncoding('utf8').toArray()).join('');
    return { code: await ended, stdout };
  }

  const given = (format: string) => writeFileSync(join(folder, 'k8s/iris.yaml'), manifest(format));
  const written = (name: string) => readFileSync(join(folder, name), 'utf8');

  it('has snippets that are YAML, each with something to run', () => {
    assert.ok(CI_SNIPPETS.length >= 5);
    for (const snippet of CI_SNIPPETS) assert.ok(scriptsOf(snippet).length > 0, snippet);
  });

  const lines = [...CI_PAGE.matchAll(/kubectl kserve ((?:doctor|runtimes|rbac)[^\n|>`]*)/g)].map(([, words = '']) =>
    words
      .replaceAll('"', '')
      .replaceAll(/\$\(params\.(\w+)\)/g, '$1')
      .trim(),
  );
  for (const words of new Set(lines)) {
    it(`has a command line that is understood: ${words}`, () => {
      const invocation = parseCommandLine(words.split(/\s+/), CATALOGUE);
      assert.equal(invocation.kind, 'run', JSON.stringify(invocation));
    });
  }

  it('gates manifests in GitHub Actions: doctor', async () => {
    const [doctor = ''] = scriptsOf(snippetWith('--offline -o github'));
    given('sklearn');
    const good = await run(doctor);
    assert.equal(good.code, 0, good.stdout);
    assert.equal(assertAnnotations(good.stdout).error, undefined);
    given('nobody-serves-this');
    writeFileSync(join(folder, 'k8s/bad.yaml'), manifest('sklearn').replace('name: iris', 'name: Iris'));
    const bad = await run(doctor);
    rmSync(join(folder, 'k8s/bad.yaml'));
    assert.equal(bad.code, 1);
    assert.match(bad.stdout, /^::error file=k8s\/bad\.yaml,line=3,/m);
  });

  it('gates manifests in GitHub Actions: runtimes match', async () => {
    const [, match = ''] = scriptsOf(snippetWith('--offline -o github'));
    given('sklearn');
    assert.deepEqual(await run(match), { code: 0, stdout: '' });
    given('nobody-serves-this');
    const { code, stdout } = await run(match);
    assert.deepEqual([code, assertAnnotations(stdout)], [1, { error: 1 }]);
    assert.match(stdout, /^::error file=k8s\/iris\.yaml,line=1,/);
  });

  it('writes SARIF, whatever was found', async () => {
    const [doctor = ''] = scriptsOf(snippetWith('upload-sarif'));
    given('sklearn');
    assert.equal((await run(doctor)).code, 0);
    assertSarif(written('doctor.sarif'));
    writeFileSync(join(folder, 'k8s/iris.yaml'), manifest('sklearn').replace('name: iris', 'name: Iris'));
    assert.equal((await run(doctor)).code, 1);
    assert.ok(assertSarif(written('doctor.sarif')).results.length > 0);
  });

  it('gates in GitLab, before and after apply', async () => {
    const [match = '', apply = '', doctor = ''] = scriptsOf(snippetWith('junit: doctor.xml'));
    given('sklearn');
    for (const script of [match, apply, doctor]) assert.equal((await run(script)).code, 0, String(script));
    for (const name of ['match.xml', 'doctor.xml']) {
      const { failures, errors, tests } = assertJunit(written(name));
      assert.deepEqual([failures, errors, tests > 0], [0, 0, true]);
    }
    given('nobody-serves-this');
    assert.equal((await run(match)).code, 1);
    assert.equal(assertJunit(written('match.xml')).failures, 1);
  });

  it('runs in Tekton, which puts parameters into the arguments', async () => {
    const [words = []] = scriptsOf(snippetWith('tekton.dev'));
    const values = new Map([
      ['service', 'iris'],
      ['namespace', 'team-a'],
    ]);
    const filled = [...words].map((word) => word.replaceAll(/\$\(params\.(\w+)\)/g, (_, name) => values.get(name) ?? ''));
    const { code, stdout } = await run(filled);
    assert.deepEqual([code, /"iris" {3}team-a {3}ready/.test(stdout)], [0, true]);
  });

  it('lets a Pod start once its account has its rights', async () => {
    const [words = []] = scriptsOf(snippetWith('initContainers'));
    assert.equal((await run(words)).code, 0);
  });

  it('reports at night, and fails where not all could be read', async () => {
    const [command = []] = scriptsOf(snippetWith('CronJob'));
    const { code, stdout } = await run(command);
    // The embedded API server has no webhook configurations.
    assert.deepEqual([code, /"iris" {3}team-a {3}ready/.test(stdout)], [4, true]);
  });
});
