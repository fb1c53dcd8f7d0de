import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

const ROOT = new URL('../..', import.meta.url);
const FILES = ['package.json', 'package-lock.json', 'krew-manifest.yaml', 'LICENSE', 'scripts/package.ts'];

/** Name of the file beside the archives that tells what they were made from. */
export const INPUTS_FILE = 'inputs.sha256';

/** A digest (hex) of everything that decides the bytes of a release, except the compression level. */
export function inputsDigest(bundle: Buffer): string {
  const scripts = readdirSync(new URL('scripts/package/', ROOT)).map((name) => `scripts/package/${name}`);
  const hash = createHash('sha256').update(bundle);
  for (const file of [...FILES, ...scripts.toSorted()]) hash.update(readFileSync(new URL(file, ROOT)));
  return hash.digest('hex');
}
