import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

describe('npm run demo', () => {
  it('shows a refusal, the hint, and the rows after it, with the exit codes that it expects', async function () {
    this.timeout(60_000);
    const demo = fileURLToPath(new URL('../../scripts/demo.ts', import.meta.url));
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [demo]);
    assert.equal(stderr, '');
    const codes = [...stdout.matchAll(/^\(exit code (\d+)\)$/gm)].map(([, code]) => Number(code));
    assert.deepEqual(codes, [0, 0, 4, 4, 1, 0, 1, 1, 4]);
    assert.equal(stdout.match(/^lightgbm-server /gm)?.length, 4);
  });
});
