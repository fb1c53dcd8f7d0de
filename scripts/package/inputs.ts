import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { Pack } from '../bundle/packs.ts';

const ROOT = new URL('../..', import.meta.url);
/** The server and what is on it decide what V8 compiles while it is recorded. */
const RECORDED_WITH = {
  files: ['test/support/certificates.ts', 'test/support/fixtures.ts'],
  folders: ['test/support/api-server/', 'test/fixtures/runtimes/'],
};
/** What signs macOS programs, and how it is built. */
const SIGNED_WITH = {
  files: ['test/support/control-plane/binaries.ts', 'test/support/control-plane/go-tools.ts'],
  folders: ['test/control-plane/quill/'],
};
const FILES = [
  'package.json',
  'package-lock.json',
  'krew-manifest.yaml',
  'LICENSE',
  'scripts/package.ts',
  ...RECORDED_WITH.files,
  ...SIGNED_WITH.files,
];
const FOLDERS = ['scripts/bundle/', 'scripts/package/', ...RECORDED_WITH.folders, ...SIGNED_WITH.folders];

/** Name of the file beside the archives that tells what they were made from. */
export const INPUTS_FILE = 'inputs.sha256';

/** A digest (hex) of everything that decides the bytes of a release, except the compression level. */
export function inputsDigest(packs: readonly Pack[]): string {
  const files = FOLDERS.flatMap((folder) => readdirSync(new URL(folder, ROOT)).map((name) => `${folder}${name}`)).filter(
    (file) => !file.endsWith('.test.ts'),
  );
  const hash = createHash('sha256').update(JSON.stringify(packs));
  for (const file of [...FILES, ...files.toSorted()]) hash.update(readFileSync(new URL(file, ROOT)));
  return hash.digest('hex');
}
