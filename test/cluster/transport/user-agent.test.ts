import assert from 'node:assert/strict';
import { userAgent } from '../../../src/cluster/transport/user-agent.ts';

describe('userAgent', () => {
  for (const [platform, arch, expected] of [
    ['linux', 'x64', 'linux/amd64'],
    ['darwin', 'arm64', 'darwin/arm64'],
    ['win32', 'x64', 'windows/amd64'],
    ['linux', 'ia32', 'linux/386'],
    ['linux', 's390x', 'linux/s390x'],
  ] as const) {
    it(`names ${platform} ${arch} as Go does`, () => {
      assert.equal(userAgent({ platform, build: { version: '1.2.3', node: 'v24.0.0', arch } }), `kubectl-kserve/1.2.3 (${expected})`);
    });
  }
});
