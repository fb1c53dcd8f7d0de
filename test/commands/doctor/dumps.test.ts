import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { dump } from 'js-yaml';
import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';
import { recordedFailures } from '../../support/recorded-failures.ts';
import { runCli } from '../../support/run-cli.ts';

const { cluster, failures } = recordedFailures();

interface Report {
  readonly findings: readonly { readonly code: string }[];
  readonly unread: readonly { readonly kind: string; readonly reason: string }[];
  readonly summary: { readonly exitCode: number };
}

describe('doctor, of the folders of a dump', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dump-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  /** Typed clients leave the kind of what is in a list to the list. */
  const list = (kind: string, items: readonly KubeObject[]) => ({
    apiVersion: items[0]?.apiVersion,
    kind: `${kind}List`,
    items: items.map(({ apiVersion: _, kind: __, ...item }) => item),
  });
  const groupOf = ({ apiVersion = '' }: KubeObject) => (apiVersion.includes('/') ? apiVersion.split('/')[0] : 'core');

  /** `oc adm must-gather`: custom resources a file each, what Kubernetes has in lists. */
  const mustGather = (objects: readonly KubeObject[]) => {
    for (const object of [...objects, ...cluster]) {
      const { name, namespace } = object.metadata;
      const place = namespace === undefined ? 'cluster-scoped-resources' : `namespaces/${namespace}`;
      if (object.kind === 'Pod' || object.kind === 'Event') continue;
      write(`quay-io-gather-x/${place}/${groupOf(object)}/${object.kind?.toLowerCase()}s/${name}.yaml`, `---\n${dump(object)}`);
    }
    const namespace = objects.find(({ metadata }) => metadata.namespace !== undefined)?.metadata.namespace ?? '';
    for (const kind of ['Pod', 'Event']) {
      const own = objects.filter((object) => object.kind === kind);
      if (own.length > 0) write(`quay-io-gather-x/namespaces/${namespace}/core/${kind.toLowerCase()}s.yaml`, dump(list(kind, own)));
    }
    write(`quay-io-gather-x/namespaces/${namespace}/pods/iris/kserve-container/logs/current.log`, 'Traceback');
    write('quay-io-gather-x/event-filter.html', '<html>');
    write('quay-io-gather-x/host_service_logs/kubelet.log.gz', '\u001f\u008b');
    write('timestamp', '2026-11-29');
  };
  /** `kubectl cluster-info dump --output-directory`, and what it leaves out. */
  const clusterInfo = (objects: readonly KubeObject[]) => {
    const namespace = objects.find(({ metadata }) => metadata.namespace !== undefined)?.metadata.namespace ?? '';
    write(
      'nodes.json',
      JSON.stringify(
        list(
          'Node',
          cluster.filter(({ kind }) => kind === 'Node'),
        ),
      ),
    );
    for (const [kind, file] of [
      ['Pod', 'pods'],
      ['Deployment', 'deployments'],
      ['Event', 'events'],
      ['ReplicaSet', 'replicasets'],
    ] as const) {
      write(
        `${namespace}/${file}.json`,
        JSON.stringify(
          list(
            kind,
            objects.filter((object) => object.kind === kind),
          ),
        ),
      );
    }
    write(`${namespace}/iris-predictor-x/logs.txt`, '==== START logs for container kserve-container ====');
    const isvc = objects.filter(({ kind }) => kind?.endsWith('InferenceService'));
    write('isvc.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: isvc }));
  };
  const ask = async (words: string) => {
    const { code, stdout, stderr } = await runCli({ argv: `doctor ${words} -f ${folder} --offline -o json` });
    assert.notEqual(stdout, '', stderr);
    return { code, stderr, report: JSON.parse(stdout) as Report };
  };

  for (const { name, objects, expected } of failures.filter(({ expected: { code } }) => code !== 'ok')) {
    it(`finds ${expected.code} in a must-gather: ${name}`, async () => {
      mustGather(objects);
      assert.equal((await ask(`${expected.name} -n ${expected.namespace}`)).report.findings[0]?.code, expected.code);
    });
  }

  // What it does not hold are runtimes, claims, routes.
  const IN_CORE = /^(13|14|15|16|17|18|19|20|21|22|23|24|25|26|27|28|29|30|31|32|33|41|53|54|55|66|67|68|70|71)-/;
  for (const { name, objects, expected } of failures.filter((failure) => IN_CORE.test(failure.name))) {
    it(`finds ${expected.code} in a dump of kubectl cluster-info: ${name}`, async () => {
      clusterInfo(objects);
      assert.equal((await ask(`${expected.name} -n ${expected.namespace}`)).report.findings[0]?.code, expected.code);
    });
  }

  const failed = failures.find(({ name }) => name.startsWith('26-'))?.objects ?? [];

  it('goes on without what cannot be read, and says so', async () => {
    mustGather(failed);
    write('quay-io-gather-x/namespaces/c26/core/broken.yaml', 'a: [1');
    write('quay-io-gather-x/namespaces/c26/core/cut.json', '{"kind": "PodList", "items": [');
    const { report } = await ask('iris -n c26');
    assert.equal(report.findings[0]?.code, 'image-pull');
    const files = report.unread.filter(({ kind }) => kind === 'File');
    assert.equal(files.length, 2);
    assert.match(files[0]?.reason ?? '', /broken\.yaml/);
    const { stderr } = await runCli({ argv: `doctor -f ${folder} --offline` });
    assert.match(stderr, /note: 4 files that are neither YAML nor JSON were not read: .* and 1 more/);
    assert.match(stderr, /^error: .*broken\.yaml:1:6: .*$/m);
  });

  it('checks the manifests of a folder of which one file cannot be read', async () => {
    const csr = {
      apiVersion: 'serving.kserve.io/v1alpha1',
      kind: 'ClusterServingRuntime',
      metadata: { name: 'a' },
      spec: { containers: [] },
    };
    write('a.yaml', JSON.stringify(csr));
    write('b.yaml', 'a: [1');
    write('c.yaml', JSON.stringify({ ...csr, metadata: { name: 'C' } }));
    const found = await runCli({ argv: `doctor -f ${folder} --offline` });
    assert.equal(found.code, 2);
    assert.match(found.stdout, /c\.yaml:1:.*\n.*a lowercase RFC 1123 subdomain/);
    assert.match(found.stderr, /^error: .*b\.yaml:1:6: /m);
    assert.match((await runCli({ argv: `doctor -f ${folder} --offline -o github` })).stdout, /^::error.*b\.yaml/m);
  });

  it('refuses a file that is named and cannot be read, and a folder of which none can', async () => {
    write('b.yaml', 'a: [1');
    for (const path of [folder, `${folder}/b.yaml`]) {
      const { code, stderr } = await runCli({ argv: `doctor -f ${path} --offline` });
      assert.equal(code, 2);
      assert.match(stderr, /^error: .*b\.yaml:1:6: /);
    }
  });

  it('never takes what a dump lacks for absent', async () => {
    write('isvc.yaml', dump(failed.find(({ kind }) => kind === 'InferenceService')));
    const { code, report } = await ask('iris -n c26');
    assert.deepEqual(
      report.unread.map(({ kind, reason }) => `${kind}: ${reason}`),
      ['Pod: not in the files', 'Deployment: not in the files', 'Event: not in the files'],
    );
    assert.equal(code, 1);
    assert.equal(report.findings[0]?.code, 'not-ready');
  });
});

describe('doctor --explain', () => {
  const explain = (code: string) => runCli({ argv: `doctor --explain ${code}` });

  it('shows all codes', async () => {
    const { code, stdout } = await explain('list');
    assert.equal(code, 0);
    assert.match(stdout, /^image-pull +error +An image cannot be pulled$/m);
  });

  it('says which code was meant, and how to see all', async () => {
    assert.match((await explain('imagepull')).stderr, /Did you mean "image-pull"\? kubectl kserve doctor --explain list shows all codes\./);
    assert.match((await explain('zzzzzz')).stderr, /hint: kubectl kserve doctor --explain list shows all codes\./);
  });
});
