import { readFileSync } from 'node:fs';

export interface LockEntry {
  readonly version: string;
  readonly integrity?: string;
  readonly license?: string;
}

/** What package-lock.json says of each package. */
export type LockFile = ReadonlyMap<string, LockEntry>;

export function readLockFile(root: URL): LockFile {
  const { packages } = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')) as { packages: Record<string, LockEntry> };
  const entries = Object.entries(packages).filter(([path]) => path !== '');
  return new Map(entries.map(([path, entry]) => [path.replace(/^node_modules\//, ''), entry]));
}

export function packageEntry(lock: LockFile, name: string): LockEntry {
  const entry = lock.get(name);
  if (entry === undefined) throw new Error(`package-lock.json has no ${name}: run npm install`);
  return entry;
}
