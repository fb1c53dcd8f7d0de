import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { Pack } from '../bundle/packs.ts';

const ROOT = new URL('../..', import.meta.url);
const FILES = ['package.json', 'package-lock.json', 'krew-manifest.yaml', 'LICENSE', 'scripts/package.ts'];
const FOLDERS = ['scripts/bundle/', 'scripts/package/'];

/** Name of the file beside the archives that tells what they were made from. */
export const INPUTS_FILE = 'inputs.sha256';

/** A digest (hex) of everything that decides the bytes of a release, except the compression level. */
export function inputsDigest(packs: readonly Pack[]): string {
  const scripts = FOLDERS.flatMap((folder) => readdirSync(new URL(folder, ROOT)).map((name) => `${folder}${name}`));
  const hash = createHash('sha256').update(JSON.stringify(packs));
  for (const file of [...FILES, ...scripts.toSorted()]) hash.update(readFileSync(new URL(file, ROOT)));
  return hash.digest('hex');
}
