import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { gzip } from './gzip.ts';
import { zip } from './zip.ts';

/** A file of an archive. */
export interface Entry {
  readonly name: string;
  readonly mode: number;
  readonly data: Buffer;
}

/** A gzip'd tar: the same entries give the same bytes, whoever makes it and when. */
export async function tarGz(entries: readonly Entry[], level: number): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-kserve-archive-'));
  try {
    for (const { name, mode, data } of entries) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), data);
      await chmod(join(folder, name), mode);
    }
    const file = join(folder, '.tar');
    const names = entries.map(({ name }) => name);
    await create({ file, cwd: folder, portable: true, noPax: true, mtime: new Date(0) }, names);
    return await gzip(await readFile(file), level);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function zipArchive(entries: readonly Entry[], level: number): Promise<Buffer> {
  const compressed = [];
  for (const entry of entries) compressed.push({ ...entry, gzipped: await gzip(entry.data, level) });
  return zip(compressed);
}
