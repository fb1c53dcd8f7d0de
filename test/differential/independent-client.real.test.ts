import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import { connect } from '../../src/cluster/connect.ts';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { describeReal } from '../support/describe-real.ts';
import { runCli } from '../support/run-cli.ts';
import { type Entries, kubeconfig } from './case.ts';
import { startProxy } from './proxy-recorder.ts';
import { base64 } from './world.ts';

const API = { group: 'serving.kserve.io', version: 'v1alpha1' };
const PATIENCE_MS = 60_000;

/** What both clients know of: client-node takes no `tokenFile`, drops `as-groups` and refuses plain http. */
describeReal('the independent client and ours list the same objects', (plane) => {
  let folder = '';
  let names: readonly string[] = [];

  before(async function () {
    this.timeout(PATIENCE_MS);
    folder = await mkdtemp(join(tmpdir(), 'independent-'));
    const namespace = await plane().createNamespace('independent');
    const spec = { containers: [{ name: 'kserve-container', image: 'example.com/server:1', env: [{ name: 'ÜNICODE', value: '世界' }] }] };
    const apiVersion = `${API.group}/${API.version}`;
    names = [`${namespace}-one`, `${namespace}-two`];
    await plane().admin.apply(
      { apiVersion, kind: 'ServingRuntime', metadata: { name: names[0], namespace }, spec },
      { apiVersion, kind: 'ClusterServingRuntime', metadata: { name: names[1] }, spec },
    );
  });

  after(() => rm(folder, { recursive: true }));

  /** Writes a kubeconfig and compares what both clients read with it. */
  async function compare(entries: Entries): Promise<void> {
    const cluster = { server: plane().url, 'certificate-authority-data': base64(plane().authority), ...entries.cluster };
    const file = join(folder, 'config');
    await writeFile(file, JSON.stringify(kubeconfig({ ...entries, cluster }).json));
    const [ours, independent] = [await listWithOurs(file), await listIndependently(file)];
    assert.deepEqual(ours, independent);
    assert.deepEqual(
      names.filter((name) => !ours.some(({ metadata }) => metadata.name === name)),
      [],
    );
  }

  const admin = () => ({ token: plane().users.admin.token });
  const certificate = () => plane().addUser('independent-admin', ['system:masters']);

  it('with a token', () => compare({ user: admin() })).timeout(PATIENCE_MS);

  it('with a client certificate of data', async () => {
    const { certificate: pem = '', key = '' } = await certificate();
    await compare({ user: { 'client-certificate-data': base64(pem), 'client-key-data': base64(key) } });
  }).timeout(PATIENCE_MS);

  it('with a client certificate of files', async () => {
    const { certificate: pem = '', key = '' } = await certificate();
    await writeFile(join(folder, 'me.crt'), pem);
    await writeFile(join(folder, 'me.key'), key);
    await compare({ user: { 'client-certificate': join(folder, 'me.crt'), 'client-key': join(folder, 'me.key') } });
  }).timeout(PATIENCE_MS);

  it('with a CA of a file', async () => {
    await writeFile(join(folder, 'ca.crt'), plane().authority);
    await compare({ cluster: { 'certificate-authority-data': undefined, 'certificate-authority': join(folder, 'ca.crt') }, user: admin() });
  }).timeout(PATIENCE_MS);

  it('without verification', () =>
    compare({ cluster: { 'certificate-authority-data': undefined, 'insecure-skip-tls-verify': true }, user: admin() })).timeout(
    PATIENCE_MS,
  );

  it('with a token from a credential plugin', async () => {
    const status = { token: plane().users.admin.token };
    await compare({ user: { exec: await plugin(folder, status) } });
  }).timeout(PATIENCE_MS);

  it('with a client certificate from a credential plugin', async () => {
    const { certificate: clientCertificateData, key: clientKeyData } = await certificate();
    await compare({ user: { exec: await plugin(folder, { clientCertificateData, clientKeyData }) } });
  }).timeout(PATIENCE_MS);

  it('through a proxy', async () => {
    const proxy = await startProxy({ label: 'proxy', leadsTo: Number(new URL(plane().url).port) });
    await compare({ cluster: { 'proxy-url': proxy.url }, user: admin() }).finally(proxy.close);
  }).timeout(PATIENCE_MS);

  it('with another user’s context chosen', () =>
    compare({
      user: { token: 'wrong' },
      top: {
        users: [
          { name: 'u', user: { token: 'wrong' } },
          { name: 'v', user: admin() },
        ],
        contexts: [{ name: 'y', context: { cluster: 'c', user: 'v' } }],
        'current-context': 'y',
      },
    })).timeout(PATIENCE_MS);
});

async function plugin(folder: string, status: object): Promise<object> {
  const apiVersion = 'client.authentication.k8s.io/v1';
  const command = join(folder, 'plugin');
  await writeFile(join(folder, 'reply.json'), JSON.stringify({ apiVersion, kind: 'ExecCredential', status }));
  await writeFile(command, `#!/bin/sh\ncat ${join(folder, 'reply.json')}\n`, { mode: 0o755 });
  return { apiVersion, command, interactiveMode: 'Never' };
}

async function listWithOurs(file: string): Promise<KubeObject[]> {
  const { code, stdout, stderr } = await runCli({ argv: ['runtimes', 'list', '-A', '-o', 'json', '--kubeconfig', file], connect });
  assert.deepEqual([code, stderr], [0, '']);
  return inOrder(JSON.parse(stdout).items);
}

async function listIndependently(file: string): Promise<KubeObject[]> {
  const config = new KubeConfig();
  config.loadFromFile(file);
  const api = config.makeApiClient(CustomObjectsApi);
  const lists = await Promise.all(
    ['servingruntimes', 'clusterservingruntimes'].map((plural) => api.listClusterCustomObject({ ...API, plural })),
  );
  return inOrder(lists.flatMap(({ items }) => items));
}

/** Without what kubectl and ours leave out of lists. */
function inOrder(items: readonly KubeObject[]): KubeObject[] {
  const plain = items.map(({ metadata: { managedFields: _, ...metadata }, ...rest }) => ({ ...rest, metadata }) as KubeObject);
  const key = ({ kind, metadata }: KubeObject) => `${kind} ${metadata.namespace ?? ''} ${metadata.name}`;
  return plain.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
