import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { entryText } from './entry.ts';
import type { Pack } from './packs.ts';

/** Name of the file to start in the folder of a bundle. */
export const ENTRY = 'kubectl-kserve.cjs';

/** Replaces `folder` by a program that Node can start: an entry, and a file for each pack beside it. */
export async function writeBundle(folder: string, packs: readonly Pack[]): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const { name, code } of packs) await writeFile(join(folder, name), code);
  await writeFile(join(folder, ENTRY), entryText(packs, { kind: 'files' }));
}
