import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ENTRY } from '../bundle/write-bundle.ts';
import type { Content } from './content.ts';
import type { NodeBase } from './node-base.ts';
import type { Starter } from './starter.ts';
import type { Target } from './targets.ts';

const RUN_PKG = fileURLToPath(new URL('run-pkg.ts', import.meta.url));

/** A program to make. */
export interface Job {
  readonly target: Target;
  readonly base: NodeBase;
  /** Starts base and program here; undefined if the program holds no compiled code. */
  readonly starter: Starter | undefined;
  readonly content: Content;
  /** Absolute path of the result. */
  readonly output: string;
}

/** What `run-pkg.ts` is told: pkg's own words for platforms. */
export interface PkgPlan {
  readonly entry: string;
  /** The path of the entry that goes into the program: relative, so that no build folder shows in stack traces or in hashes. */
  readonly main: string;
  readonly assets: Content['assets'];
  readonly targets: readonly { readonly platform: string; readonly arch: string; readonly nodeRange: string; readonly output: string }[];
}

/**
 * Puts `content` into the Nodes of `jobs`, which are all of one version, with `pkg --sea`. pkg finds them, and `generator`, in the
 * cache that it keeps under HOME: there it looks before it would download.
 */
export async function buildPrograms({ entry: source, assets }: Content, jobs: readonly Job[], generator: NodeBase): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'kubectl-kserve-package-'));
  try {
    const home = join(work, 'home');
    const temporary = join(work, 'tmp');
    await mkdir(temporary);
    const entry = join(temporary, ENTRY);
    await copyFile(source, entry);
    await seedCache(home, { os: 'linux', arch: 'amd64' }, generator);
    for (const { target, base, output } of jobs) {
      await seedCache(home, target, base);
      await mkdir(dirname(output), { recursive: true });
      await rm(output, { force: true });
    }
    const plan: PkgPlan = {
      entry,
      main: `../${ENTRY}`,
      assets,
      targets: jobs.map(({ target, base, output }) => ({
        platform: { linux: 'linux', darwin: 'macos', windows: 'win' }[target.os],
        arch: nodeArch(target),
        nodeRange: `node${base.version}`,
        output,
      })),
    };
    const env = { PATH: process.env.PATH, HOME: home, TMPDIR: temporary };
    await promisify(execFile)(process.execPath, [RUN_PKG, JSON.stringify(plan)], { env });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** pkg takes a file for complete if one of the same name with `.ok` lies beside it; of the archive it asks nothing more. */
async function seedCache(home: string, target: Pick<Target, 'os' | 'arch'>, { version, program }: NodeBase): Promise<void> {
  const isWindows = target.os === 'windows';
  const name = `node-v${version}-${isWindows ? 'win' : target.os}-${nodeArch(target)}`;
  const cache = join(home, '.pkg-cache', 'sea');
  const archive = join(cache, `${name}.${isWindows ? 'zip' : 'tar.gz'}`);
  const node = isWindows ? join(cache, `${name}.exe`) : join(cache, name, 'bin', 'node');
  await mkdir(dirname(node), { recursive: true });
  await rm(node, { force: true });
  await symlink(program, node);
  for (const file of [archive, `${archive}.ok`, `${node}.ok`]) await writeFile(file, '');
}

function nodeArch({ arch }: Pick<Target, 'arch'>): string {
  return arch === 'amd64' ? 'x64' : arch;
}
