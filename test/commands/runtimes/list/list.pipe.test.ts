import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { KubeObject } from '../../../../src/domain/kubernetes/resource.ts';
import { type ApiServer, startApiServer } from '../../../../tools/api-server/server.ts';

const MAIN = fileURLToPath(new URL('../../../../src/main.ts', import.meta.url));
const COUNT = 12_000;

function runtimes(): KubeObject[] {
  return Array.from({ length: COUNT }, (_, index) => ({
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'ClusterServingRuntime',
    metadata: { name: `runtime-${String(index).padStart(5, '0')}` },
    spec: {
      supportedModelFormats: [{ name: 'sklearn', version: '1', autoSelect: true }],
      containers: [{ name: 'kserve-container', image: 'registry.example.com/serving/sklearn:1.5' }],
    },
  }));
}

describe('runtimes list into a pipe', function () {
  this.timeout(60_000);
  let server: ApiServer;
  let folder = '';
  before(async () => {
    server = await startApiServer({ objects: runtimes() });
    folder = mkdtempSync(join(tmpdir(), 'runtimes-list-'));
    writeFileSync(join(folder, 'config'), server.kubeconfig('admin'));
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(...words: readonly string[]): { child: ChildProcess; ended: Promise<{ code: number | null; stderr: string }> } {
    const env = { KUBECONFIG: join(folder, 'config'), HOME: folder };
    const child = spawn(process.execPath, [MAIN, 'runtimes', 'list', '--scope=cluster', ...words], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    return { child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, stderr }))) };
  }

  for (const format of ['-o=json', '-o=wide']) {
    it(`ends without a word when the reader has enough, as head -1 ${format}`, async () => {
      const { child, ended } = start(format);
      child.stdout?.once('data', () => child.stdout?.destroy());
      assert.deepEqual(await ended, { code: 0, stderr: '' });
    });
  }

  it('writes all of many megabytes to a reader that is slow', async () => {
    const { child, ended } = start('-o=json');
    const chunks: Buffer[] = [];
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      for (let turns = 0; turns < 20; turns += 1) await turn();
    }
    const text = Buffer.concat(chunks).toString('utf8');
    assert.ok(text.length > 5 * 1024 * 1024);
    assert.equal(JSON.parse(text).items.length, COUNT);
    assert.deepEqual(await ended, { code: 0, stderr: '' });
  });
});
