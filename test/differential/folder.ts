import { chmod, lstat, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { load } from 'js-yaml';
import type { FileContent, Given } from './case.ts';
import { SERVICE_ACCOUNT_SOURCE } from './confinement.ts';

/** Empties the case's folder and lays out its files. */
export async function layOut(folder: string, given: Given): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'home'), { recursive: true });
  const files = { ...(given.config === undefined ? {} : { 'home/.kube/config': given.config }), ...given.files };
  const mounted = Object.entries(given.serviceAccount ?? {}).map(([name, text]) => [`${SERVICE_ACCOUNT_SOURCE}/${name}`, text] as const);
  for (const [path, content] of [...Object.entries(files), ...mounted]) await place(join(folder, path), content, folder);
}

async function place(path: string, content: FileContent, folder: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if (typeof content === 'string') await writeFile(path, inFolder(content, folder));
  else if (Buffer.isBuffer(content)) await writeFile(path, content);
  else if ('folder' in content) await mkdir(path);
  else if ('linkTo' in content) await symlink(content.linkTo, path);
  else {
    await writeFile(path, inFolder('json' in content ? JSON.stringify(content.json) : content.text, folder));
    if (content.mode !== undefined) await chmod(path, content.mode);
  }
}

/** Replaces `DIR` by the folder. */
export function inFolder(text: string, folder: string): string {
  return text.replaceAll('DIR', folder);
}

/** What a kubeconfig file is after a run. */
export interface Snapshot {
  readonly mode: string;
  readonly isLink: boolean;
  /** All names in its folder. */
  readonly beside: readonly string[];
  /** The meaning, not the text: kubectl writes YAML anew. */
  readonly value: unknown;
}

/** Folder of kubectl's discovery cache; ours has none. */
export const CACHE = 'cache';

/** An absent list, `null` and `[]` mean the same. */
function withoutEmpty(config: object): object {
  const entries = Object.entries(config).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0));
  return Object.fromEntries(entries);
}

/** Undefined if the file is missing. */
export async function snapshot(path: string): Promise<Snapshot | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return undefined;
  return {
    mode: (found.mode & 0o777).toString(8),
    isLink: (await lstat(path)).isSymbolicLink(),
    beside: (await readdir(dirname(path))).filter((name) => name !== CACHE).sort(),
    value: withoutEmpty(load(await readFile(path, 'utf8')) as object),
  };
}

/** The different lines of a plugin's notes, with JSON in one order of keys; none if it did not run. */
export async function pluginNotes(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  return [...new Set(lines.map((line) => line.replace(/\{.*\}/, (json) => JSON.stringify(sorted(JSON.parse(json))))))];
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
