import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { type Entry, tarGz, zipArchive } from './archive.ts';
import type { BundledPackage } from './bundled.ts';
import { archiveName, renderManifest, repositoryUrl } from './manifest.ts';
import type { Job } from './pkg.ts';
import { softwareBillOfMaterials } from './sbom.ts';
import { programFile, type Target } from './targets.ts';

const ROOT = new URL('../..', import.meta.url);
const VERSION = `v${packageJson.version}`;
const BILL_OF_MATERIALS = `kubectl-kserve_${VERSION}.cdx.json`;
/** Bytes; every user fetches one at every upgrade. */
const LARGEST_ARCHIVE = 46_000_000;
export const BEST_COMPRESSION = 9;

/** A file that people fetch. */
export interface ReleaseFile {
  readonly file: string;
  readonly sha256: string;
}

/** A file with a program. */
export interface Archive extends ReleaseFile {
  readonly target: Target;
  /** Bytes. */
  readonly size: number;
}

/** Writes the archives of one program: a tar, and a zip too for Windows. */
export async function packProgram({ target, output }: Job, notices: string, out: string, level: number): Promise<readonly Archive[]> {
  const entries: readonly Entry[] = [
    { name: programFile(target), mode: 0o755, data: await readFile(output) },
    { name: 'LICENSE', mode: 0o644, data: await readFile(new URL('LICENSE', ROOT)) },
    { name: 'THIRD-PARTY-NOTICES', mode: 0o644, data: Buffer.from(notices) },
  ];
  const archives = [await writeArchive(target, 'tar.gz', await tarGz(entries, level), out, level)];
  if (target.os === 'windows') archives.push(await writeArchive(target, 'zip', await zipArchive(entries, level), out, level));
  return archives;
}

export async function writeReleaseFile(file: string, data: Buffer | string, out: string): Promise<ReleaseFile> {
  await writeFile(join(out, file), data);
  return { file, sha256: createHash('sha256').update(data).digest('hex') };
}

/** Writes what speaks of all files together: bill of materials, checksums, krew manifest. */
export async function describeRelease(
  archives: readonly Archive[],
  others: readonly ReleaseFile[],
  packages: readonly BundledPackage[],
  jobs: readonly Job[],
  out: string,
): Promise<void> {
  const { name, version, license } = packageJson;
  // What else is under which licence inside Node, THIRD-PARTY-NOTICES tells.
  const nodes = jobs.map(({ base }) => ({ name: base.name, version: base.version, integrity: base.integrity, license: 'MIT' }));
  const bill = `${JSON.stringify(softwareBillOfMaterials({ name, version, license }, packages, nodes), null, 2)}\n`;
  const files = [...archives, ...others, await writeReleaseFile(BILL_OF_MATERIALS, bill, out)];
  const sums = files.map(({ file, sha256 }) => `${sha256}  ${file}\n`);
  await writeFile(join(out, 'checksums.txt'), sums.toSorted((a, b) => (a.slice(64) < b.slice(64) ? -1 : 1)).join(''));

  const tars = archives.filter(({ file }) => file.endsWith('.tar.gz'));
  const manifest = renderManifest(await readFile(new URL('krew-manifest.yaml', ROOT), 'utf8'), {
    version: VERSION,
    repository: repositoryUrl(packageJson.repository),
    archives: Object.fromEntries(tars.map((archive) => [`${archive.target.os}_${archive.target.arch}`, archive])),
  });
  await mkdir(join(out, 'plugins'), { recursive: true });
  await writeFile(join(out, 'plugins', 'kserve.yaml'), manifest);
}

async function writeArchive(target: Target, extension: 'tar.gz' | 'zip', data: Buffer, out: string, level: number): Promise<Archive> {
  const file = archiveName(VERSION, target, extension);
  if (level === BEST_COMPRESSION && data.length > LARGEST_ARCHIVE) {
    throw new Error(`${file} has ${data.length} bytes, more than ${LARGEST_ARCHIVE}: find out what made it grow`);
  }
  return { ...(await writeReleaseFile(file, data, out)), target, size: data.length };
}
