import type { Host } from '../../host.ts';
import { lookUp } from '../../text/look-up.ts';

const GO_PLATFORMS: Readonly<Record<string, string>> = { win32: 'windows' };
const GO_ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

/** As kubectl names itself in the API server's logs: `kubectl-kserve/0.1.0 (linux/amd64)`. */
export function userAgent({ build, platform }: Pick<Host, 'build' | 'platform'>): string {
  return `kubectl-kserve/${build.version} (${GO_PLATFORMS[platform] ?? platform}/${lookUp(GO_ARCHITECTURES, build.arch) ?? build.arch})`;
}
