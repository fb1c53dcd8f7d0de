import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { NO_EMULATOR } from '../../../scripts/package/starter.ts';
import { run } from '../../support/packages/run.ts';
import { skip } from '../../support/skip.ts';

const SCRIPT = fileURLToPath(new URL('../../../scripts/package.ts', import.meta.url));

describe('a build without an emulator', () => {
  it('ends at once where every program is to have its compiled code', async function () {
    if (process.platform !== 'linux' || process.arch !== 'x64') return skip(this, 'releases are built on linux/x64');
    const words = [SCRIPT, '--only', 'linux-amd64,linux-arm64', '--out', SCRIPT, '--require-compiled'];
    assert.deepEqual(await run(process.execPath, words), {
      code: 1,
      stdout: '',
      stderr: `error: linux-arm64 gets no compiled code: ${NO_EMULATOR}\n`,
    });
  });
});
