import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';
import { ClusterError } from '../../../src/errors.ts';
import { fakeCluster } from '../../support/fake-cluster.ts';
import { runCli } from '../../support/run-cli.ts';

const CLIENT = 'Plugin Version: v0.0.0-test\nNode.js: v24.0.0 (linux/x64)\n';

function controller(image: string, namespace = 'kserve'): readonly KubeObject[] {
  return controllerOf([{ name: 'manager', image }], namespace);
}

function controllerOf(containers: readonly object[], namespace = 'kserve'): readonly KubeObject[] {
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'kserve-controller-manager', namespace },
      spec: { template: { spec: { containers } } },
    },
  ];
}

describe('version', () => {
  it('--client asks no cluster', async () => {
    assert.deepEqual(await runCli({ argv: 'version --client' }), { code: 0, stdout: CLIENT, stderr: '' });
  });

  it('is what --version shows in place of a command', async () => {
    assert.deepEqual(await runCli({ argv: '--version' }), { code: 0, stdout: CLIENT, stderr: '' });
    assert.deepEqual(await runCli({ argv: '--version --context=other' }), { code: 0, stdout: CLIENT, stderr: '' });
    assert.match((await runCli({ argv: '--version=false' })).stdout, /^kubectl kserve shows/);
  });

  it('--client -o json and yaml are data', async () => {
    const { stdout } = await runCli({ argv: 'version --client -o json' });
    assert.deepEqual(JSON.parse(stdout), {
      apiVersion: 'kubectl-kserve/v1alpha1',
      kind: 'VersionReport',
      plugin: { version: 'v0.0.0-test', node: 'v24.0.0', platform: 'linux/x64' },
      exitCode: 0,
    });
    assert.equal(
      (await runCli({ argv: 'version --client -oyaml' })).stdout,
      'apiVersion: kubectl-kserve/v1alpha1\nexitCode: 0\nkind: VersionReport\nplugin:\n  node: v24.0.0\n  platform: linux/x64\n  version: v0.0.0-test\n',
    );
  });

  it('shows the exact version of KServe if its controller may be read', async () => {
    const cluster = fakeCluster({ objects: controller('kserve/kserve-controller:v0.20.0') });
    assert.deepEqual(await runCli({ argv: 'version', cluster }), {
      code: 0,
      stdout: `${CLIENT}Server Version: v1.37.2\nKServe Version: v0.20.0\n`,
      stderr: '',
    });
    const report = JSON.parse((await runCli({ argv: 'version -ojson', cluster })).stdout);
    assert.deepEqual(
      [report.server, report.kserve],
      [
        { gitVersion: 'v1.37.2', platform: 'linux/amd64' },
        { kind: 'exact', version: '0.20.0' },
      ],
    );
  });

  it('finds the controller of other distributions', async () => {
    const cluster = fakeCluster({ objects: controller('quay.io/x/kserve-controller:0.15.2@sha256:abc', 'opendatahub') });
    assert.match((await runCli({ argv: 'version', cluster })).stdout, /^KServe Version: v0\.15\.2$/m);
  });

  it('shows a floor, and in a line each what it cannot see and why, to those who may not', async () => {
    const cluster = fakeCluster({ objects: controller('kserve/kserve-controller:v0.20.0'), user: { name: 'ana', groups: [] } });
    const { code, stdout, stderr } = await runCli({ argv: 'version', cluster });
    assert.equal(code, 0);
    assert.match(stdout, /\nServer Version: v1\.37\.2\nKServe Version: v0\.\d+ or newer\n$/);
    assert.equal(
      stderr,
      'note: the exact version of KServe is not known: no Deployment kserve-controller-manager could be read in the namespaces kserve, kubeflow, opendatahub, redhat-ods-applications: deployments.apps "kserve-controller-manager" is forbidden: User "ana" cannot get resource "deployments" in API group "apps" in the namespace "kserve"\n' +
        'note: which presets of LLMInferenceService there are is not known: llminferenceserviceconfigs.serving.kserve.io is forbidden: User "ana" cannot list resource "llminferenceserviceconfigs" in API group "serving.kserve.io" in the namespace "kserve"\n',
    );
  });

  it('shows a floor if the controller has no release for a tag', async () => {
    const cluster = fakeCluster({ objects: controller('kserve/kserve-controller:latest') });
    const { stdout, stderr } = await runCli({ argv: 'version', cluster });
    assert.match(stdout, /KServe Version: v0\.\d+ or newer\n$/);
    assert.equal(
      stderr,
      'note: the exact version of KServe is not known: the image of kserve-controller-manager has no release for a tag: kserve/kserve-controller:latest\n',
    );
  });

  const PROXY = { name: 'kube-rbac-proxy', image: 'gcr.io/kubebuilder/kube-rbac-proxy:v0.18.0' };

  it('takes the version of the controller, whatever runs beside it', async () => {
    const manager = { name: 'manager', image: 'kserve/kserve-controller:v0.20.0' };
    for (const containers of [
      [PROXY, manager],
      [manager, PROXY],
    ])
      assert.match(
        (await runCli({ argv: 'version', cluster: fakeCluster({ objects: controllerOf(containers) }) })).stdout,
        /^KServe Version: v0\.20\.0$/m,
      );
  });

  for (const [containers, why] of [
    [
      [PROXY, { name: 'manager', image: `kserve/kserve-controller@sha256:${'ab'.repeat(32)}` }],
      `the image of kserve-controller-manager has no release for a tag: kserve/kserve-controller@sha256:${'ab'.repeat(32)}`,
    ],
    [[PROXY], 'the Deployment kserve-controller-manager has no container manager with an image'],
    [[PROXY, { name: 'manager' }], 'the Deployment kserve-controller-manager has no container manager with an image'],
  ] as const)
    it(`never takes the version of a proxy for that of KServe: ${why}`, async () => {
      const { stdout, stderr } = await runCli({ argv: 'version', cluster: fakeCluster({ objects: controllerOf(containers) }) });
      assert.match(stdout, /KServe Version: v0\.\d+ or newer\n$/);
      assert.equal(stderr, `note: the exact version of KServe is not known: ${why}\n`);
    });

  it('shows a floor where there is no controller, and where it looked', async () => {
    const { code, stderr } = await runCli({ argv: 'version', cluster: fakeCluster() });
    assert.equal(code, 0);
    assert.equal(
      stderr,
      'note: the exact version of KServe is not known: there is no Deployment kserve-controller-manager in the namespaces kserve, kubeflow, opendatahub, redhat-ods-applications\n',
    );
  });

  const refused = (path: string) => ({
    on: { path },
    error: new ClusterError('Forbidden', `forbidden: User "ana" cannot get path "${path}"`, { code: 403, fromStatus: true }),
  });

  it('has a line for each part that may not be read', async () => {
    const cluster = fakeCluster({ failures: [refused('/version'), refused('/apis')] });
    assert.deepEqual(await runCli({ argv: 'version', cluster }), {
      code: 3,
      stdout: CLIENT,
      stderr: `error: forbidden: User "ana" cannot get path "/version"
note: the version of the API server is not known
error: forbidden: User "ana" cannot get path "/apis"
note: the version of KServe is not known
`,
    });
    const alone = await runCli({ argv: 'version -o json', cluster: fakeCluster({ failures: [refused('/apis')] }) });
    const { server, kserve, errors, exitCode } = JSON.parse(alone.stdout);
    assert.deepEqual([alone.code, exitCode, server.gitVersion, kserve], [4, 4, 'v1.37.2', undefined]);
    assert.deepEqual(errors, [{ part: 'kserve', reason: 'Forbidden', message: 'forbidden: User "ana" cannot get path "/apis"' }]);
  });

  it('reads the controller where discovery is refused', async () => {
    const objects = controller('kserve/kserve-controller:v0.20.0');
    const { code, stdout, stderr } = await runCli({ argv: 'version', cluster: fakeCluster({ objects, failures: [refused('/apis')] }) });
    assert.deepEqual(
      [code, stdout.split('\n').at(-2), stderr],
      [
        0,
        'KServe Version: v0.20.0',
        'note: which presets of LLMInferenceService there are is not known: forbidden: User "ana" cannot get path "/apis"\n',
      ],
    );
  });

  it('says that KServe is not installed', async () => {
    const { code, stdout } = await runCli({ argv: 'version', cluster: fakeCluster({ types: [] }) });
    assert.deepEqual([code, stdout], [0, `${CLIENT}Server Version: v1.37.2\nKServe Version: not installed\n`]);
  });

  it('does not take a group that cannot be described for none', async () => {
    for (const versions of [[{ version: 'v1alpha1', stale: true, resources: [] }], []]) {
      const cluster: Cluster = { ...fakeCluster(), discover: async () => ({ groups: [{ name: 'serving.kserve.io', versions }] }) };
      const { code, stdout, stderr } = await runCli({ argv: 'version', cluster });
      assert.equal(code, 4, stderr);
      assert.doesNotMatch(stdout, /KServe/);
      assert.match(stderr, /^error: the server names serving\.kserve\.io, but no kinds of it$/m);
    }
  });

  it('shows what it knows when the server cannot be reached, and exits 3', async () => {
    const connect = () => Promise.reject(new ClusterError('ConfigInvalid', 'auth info "x" does not exist'));
    assert.deepEqual(await runCli({ argv: 'version', connect }), {
      code: 3,
      stdout: CLIENT,
      stderr: 'error: auth info "x" does not exist\nnote: the version of the API server and the version of KServe are not known\n',
    });
  });

  it('tells one cause once', async () => {
    const error = new ClusterError('Unreachable', 'dial tcp 10.0.0.1:443: i/o timeout');
    const cluster = fakeCluster({ failures: [{ on: {}, error }] });
    assert.deepEqual(await runCli({ argv: 'version', cluster }), {
      code: 3,
      stdout: CLIENT,
      stderr:
        'Unable to connect to the server: dial tcp 10.0.0.1:443: i/o timeout\nnote: the version of the API server and the version of KServe are not known\n',
    });
  });

  it('prints reports that fit their schema', async () => {
    const schema = readFileSync(new URL('../../../docs/schema/version-report.schema.json', import.meta.url), 'utf8');
    const validate = new Ajv2020({ allErrors: true }).compile(JSON.parse(schema));
    const clusters = [
      fakeCluster({ objects: controller('kserve/kserve-controller:v0.20.0') }),
      fakeCluster(),
      fakeCluster({ types: [] }),
      fakeCluster({ failures: [refused('/version'), refused('/apis')] }),
    ];
    for (const cluster of clusters) {
      const { stdout } = await runCli({ argv: 'version -o json', cluster });
      assert.ok(validate(JSON.parse(stdout)), JSON.stringify(validate.errors));
    }
    assert.ok(validate(JSON.parse((await runCli({ argv: 'version --client -o json' })).stdout)));
  });
});
