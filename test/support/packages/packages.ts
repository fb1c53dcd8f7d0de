import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import packageJson from '../../../package.json' with { type: 'json' };
import { buildProgram } from '../../../scripts/bundle/build.ts';
import { inputsDigest, readInputs } from '../../../scripts/package/inputs.ts';
import { archiveName } from '../../../scripts/package/manifest.ts';
import { programFile } from '../../../scripts/package/targets.ts';
import { quillBinary } from '../../../tools/control-plane/binaries.ts';
import { cacheFolder } from '../../../tools/control-plane/go-tools.ts';
import { withLock } from '../../../tools/control-plane/lock.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const LIGHT_COMPRESSION = 1;
/** Builds that stay in the cache, at a quarter of a gigabyte each. */
const KEPT_BUILDS = 3;

export const VERSION = `v${packageJson.version}`;

/** What `npm run package` made of these very sources. */
export interface Packages {
  readonly dir: string;
  /** Of compression. */
  readonly level: number;
  /** Folder of the bundle that is inside the programs. */
  readonly bundle: string;
  readonly program: (os: 'linux' | 'darwin' | 'windows', arch: string) => string;
  /** Folder of what V8 compiled for a program. */
  readonly compiled: (os: 'linux', arch: 'amd64' | 'arm64') => string;
  readonly archive: (os: string, arch: string, extension?: 'tar.gz' | 'zip') => string;
}

let shared: Promise<Packages> | undefined;

/** `$KUBECTL_KSERVE_PACKAGES`, those in dist/ if they are of these sources, else made once and kept outside the repository, compressed lightly. */
export function packages(): Promise<Packages> {
  shared ??= findOrBuild();
  return shared;
}

/** Undefined if packages can be made here. */
export async function reasonAgainstPackages(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return `releases are built on linux/x64, not on ${process.platform}/${process.arch}`;
  const quill = await quillBinary();
  return quill.kind === 'unavailable' ? `${quill.reason}, and it builds what signs the macOS programs` : undefined;
}

async function findOrBuild(): Promise<Packages> {
  if (process.env.KUBECTL_KSERVE_PACKAGES) return describePackages(resolve(process.env.KUBECTL_KSERVE_PACKAGES));
  const { packs } = await buildProgram();
  const digest = inputsDigest(packs);
  const dist = join(ROOT, 'dist');
  if (readInputs(dist)?.sha256 === digest) return describePackages(dist);
  const cache = join(cacheFolder(process.env), 'packages');
  const dir = join(cache, digest.slice(0, 16));
  await mkdir(cache, { recursive: true });
  await withLock(`${dir}.lock`, async () => {
    if (!existsSync(dir)) await build(cache, dir);
  });
  return describePackages(dir);
}

async function build(cache: string, dir: string): Promise<void> {
  const work = `${dir}.building`;
  await rm(work, { recursive: true, force: true });
  await runPackage(ROOT, ['--out', work, '--level', String(LIGHT_COMPRESSION)]);
  await rename(work, dir);
  const builds = readdirSync(cache).filter((name) => /^[0-9a-f]{16}$/.test(name));
  const latestFirst = builds.toSorted((a, b) => statSync(join(cache, b)).mtimeMs - statSync(join(cache, a)).mtimeMs);
  for (const old of latestFirst.slice(KEPT_BUILDS)) await rm(join(cache, old), { recursive: true, force: true });
}

/** Runs `scripts/package.ts` of a checkout, with its progress on stderr: it takes minutes. */
export async function runPackage(checkout: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [join(checkout, 'scripts/package.ts'), ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`scripts/package.ts ${args.join(' ')} exited with ${code}`);
}

function describePackages(dir: string): Packages {
  const inputs = readInputs(dir);
  if (inputs === undefined) throw new Error(`${dir} holds no whole release: npm run package makes one`);
  return {
    dir,
    level: inputs.level,
    bundle: join(dir, 'bundle'),
    program: (os, arch) => join(dir, 'bin', `${os}-${arch}`, programFile({ os })),
    compiled: (os, arch) => join(dir, 'compiled', `${os}-${arch}`),
    archive: (os, arch, extension = 'tar.gz') => join(dir, archiveName(VERSION, { os, arch }, extension)),
  };
}

/** SHA-256 in hex. */
export function sha256(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex');
}
