import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCli } from '../../../support/run-cli.ts';
import { readVectors, toExpected, toManifest, type Vector } from './vectors.ts';

const MAIN = fileURLToPath(new URL('../../../../src/main.ts', import.meta.url));

const exitCode = ({ expected }: Vector) => (expected.failure === undefined ? 0 : 1);

describe('runtimes match --offline, against the answers of KServe v0.20.0', function () {
  this.timeout(60_000);

  it('agrees with all of them', async () => {
    const vectors = readVectors();
    assert.equal(vectors.length, 600);
    for (const vector of vectors) {
      const { code, stdout } = await runCli({ argv: 'runtimes match -f - --offline -o json', stdin: toManifest(vector) });
      assert.deepEqual(toExpected(stdout), vector.expected, vector.id);
      assert.equal(code, exitCode(vector), vector.id);
    }
  });

  it('agrees as a program that is started', () => {
    const folder = mkdtempSync(join(tmpdir(), 'vectors-'));
    try {
      for (const vector of readVectors().slice(0, 6)) {
        const file = join(folder, `${vector.id}.json`);
        writeFileSync(file, toManifest(vector));
        const { status, stdout } = spawnSync(process.execPath, [MAIN, 'runtimes', 'match', '-f', file, '--offline', '-o', 'json'], {
          encoding: 'utf8',
        });
        assert.deepEqual(toExpected(stdout), vector.expected, vector.id);
        assert.equal(status, exitCode(vector), vector.id);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
