import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pack } from '../bundle/packs.ts';
import { starterFor } from './starter.ts';

const ROOT = new URL('../..', import.meta.url);
/** The server and what is on it decide what V8 compiles while it is recorded. */
const RECORDED_WITH = {
  files: ['tools/certificates.ts', 'tools/fixtures.ts', 'test/support/recorded-failures.ts', 'test/fixtures/recorded-failures.json.gz'],
  folders: ['tools/api-server/', 'tools/fixtures/runtimes/'],
};
/** What signs macOS programs, and how it is built. */
const SIGNED_WITH = {
  files: ['tools/control-plane/binaries.ts', 'tools/control-plane/go-tools.ts'],
  folders: ['tools/control-plane/quill/'],
};
const FILES = [
  'package.json',
  'package-lock.json',
  'krew-manifest.yaml',
  'LICENSE',
  'README.md',
  'scripts/package.ts',
  ...RECORDED_WITH.files,
  ...SIGNED_WITH.files,
];
const FOLDERS = ['scripts/bundle/', 'scripts/package/', ...RECORDED_WITH.folders, ...SIGNED_WITH.folders];

/** Name of the file beside the archives that tells what they were made from. */
const INPUTS_FILE = 'inputs.json';

/** What decides the bytes of a release. */
export interface Inputs {
  /** A digest (hex) of all sources. */
  readonly sha256: string;
  /** Of compression. */
  readonly level: number;
}

export function inputsDigest(packs: readonly Pack[]): string {
  const files = FOLDERS.flatMap((folder) => readdirSync(new URL(folder, ROOT)).map((name) => `${folder}${name}`));
  const sources = files.filter((file) => !file.endsWith('.test.ts')).toSorted();
  const hash = createHash('sha256').update(JSON.stringify(packs));
  for (const file of [...FILES, ...sources]) hash.update(readFileSync(new URL(file, ROOT)));
  // Without an emulator the program for linux/arm64 has no compiled code.
  hash.update(`${starterFor('arm64') !== undefined}`);
  return hash.digest('hex');
}

export function writeInputs(folder: string, inputs: Inputs): void {
  writeFileSync(join(folder, INPUTS_FILE), `${JSON.stringify(inputs)}\n`);
}

/** What a folder of packages was made from; undefined if it holds no whole release. */
export function readInputs(folder: string): Inputs | undefined {
  const file = join(folder, INPUTS_FILE);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** Takes away what another release left in a folder, and the claim that it holds a whole one. */
export function clearRelease(folder: string): void {
  const old = readdirSync(folder).filter((name) => name === INPUTS_FILE || name === 'checksums.txt' || /^kubectl-kserve[_-]/.test(name));
  for (const name of old) rmSync(join(folder, name));
}
