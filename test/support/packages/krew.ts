import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Packages } from './packages.ts';
import { type Outcome, run } from './run.ts';

export interface KrewOptions {
  /** Folder with krew and validate-krew-manifest. */
  readonly tools: string;
  /** Path of the real kubectl. */
  readonly kubectl: string;
  /** A folder of its own: krew keeps all in there. */
  readonly folder: string;
  /** In Go's words; this machine's if absent. */
  readonly os?: string;
  readonly arch?: string;
  readonly kubeconfig?: string;
}

/** A user's krew, with kubectl on PATH. */
export interface Krew {
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly krew: (...args: readonly string[]) => Promise<Outcome>;
  readonly kubectl: (...args: readonly string[]) => Promise<Outcome>;
  readonly validate: (...args: readonly string[]) => Promise<Outcome>;
}

/** Sets krew up as its own installation does: as `kubectl-krew` on PATH. */
export function setUpKrew({ tools, kubectl, folder, os, arch, kubeconfig }: KrewOptions): Krew {
  const root = join(folder, 'krew');
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(join(tools, 'krew'), join(bin, 'kubectl-krew'));
  const env = {
    PATH: [join(root, 'bin'), bin, dirname(kubectl), '/usr/bin', '/bin'].join(delimiter),
    HOME: folder,
    KREW_ROOT: root,
    KREW_NO_UPGRADE_CHECK: '1',
    KUBECONFIG: kubeconfig ?? join(folder, 'none'),
    GIT_CONFIG_GLOBAL: '/dev/null',
    ...(os !== undefined && { KREW_OS: os }),
    ...(arch !== undefined && { KREW_ARCH: arch }),
  };
  return {
    root,
    env,
    krew: (...args) => run(join(tools, 'krew'), args, { env }),
    kubectl: (...args) => run(kubectl, args, { env }),
    validate: (...args) => run(join(tools, 'validate-krew-manifest'), args, { env }),
  };
}

/** Serves the archives on this machine, as GitHub would, and gives a manifest that points there. */
export async function serveArchives({ dir }: Packages): Promise<{ readonly manifest: string; readonly stop: () => void }> {
  const server = createServer((request, response) => response.end(readFileSync(join(dir, basename(request.url ?? '')))));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const manifest = readFileSync(join(dir, 'plugins/kserve.yaml'), 'utf8').replace(/uri: \S*\//g, `uri: http://127.0.0.1:${port}/`);
  return { manifest, stop: () => server.close() };
}

/** A clone of this repository with a manifest where a release puts it: then it is a custom index. */
export async function makeIndex(folder: string, manifest: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await git(folder, 'clone', '--quiet', '--no-local', '--depth=1', `file://${ROOT}`, '.');
  await git(folder, 'switch', '--quiet', '--force-create', 'main');
  await publish(folder, manifest);
}

/** Commits a manifest to an index. */
export async function publish(folder: string, manifest: string): Promise<void> {
  mkdirSync(join(folder, 'plugins'), { recursive: true });
  writeFileSync(join(folder, 'plugins/kserve.yaml'), manifest);
  await git(folder, 'add', '.');
  await git(folder, '-c', 'user.name=test', '-c', 'user.email=test@example.test', 'commit', '--quiet', '--message=manifest');
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

async function git(cwd: string, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await run('git', args, { cwd, env: { PATH: '/usr/bin:/bin', HOME: cwd, GIT_CONFIG_GLOBAL: '/dev/null' } });
  if (code !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
}
