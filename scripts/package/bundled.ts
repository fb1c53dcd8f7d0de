import { readdirSync, readFileSync } from 'node:fs';
import type { Metafile } from 'esbuild';
import { type LockFile, packageEntry } from './lock-file.ts';

/** An npm package of which something is in the bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly integrity: string | undefined;
  /** SPDX expression. */
  readonly license: string;
  /** What its licence asks to be passed on. */
  readonly licenseText: string;
}

/** Every package that the bundle contains, by name and version; npm may have installed one of them at several places. */
export function bundledPackages({ inputs }: Metafile, lock: LockFile, root: URL): readonly BundledPackage[] {
  const paths = Object.keys(inputs).flatMap(
    (path) => /(?:^|\/)node_modules\/((?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  );
  const found = new Map<string, BundledPackage>();
  for (const path of new Set(paths)) {
    const { version, integrity, license } = packageEntry(lock, path);
    const name = path.replace(/^.*node_modules\//, '');
    if (license === undefined) throw new Error(`package-lock.json names no licence of ${name}: look it up before it is shipped`);
    const text = licenseText(new URL(`node_modules/${path}/`, root), name);
    found.set(`${name}@${version}`, { name, version, integrity, license, licenseText: text });
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

function licenseText(folder: URL, name: string): string {
  const file = readdirSync(folder)
    .toSorted()
    .find((entry) => /^licen[cs]e([.-]|$)/i.test(entry));
  if (file === undefined) throw new Error(`${name} has no licence file, but its licence must be passed on`);
  return readFileSync(new URL(file, folder), 'utf8').trim();
}
