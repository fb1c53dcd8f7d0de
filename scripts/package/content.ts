import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compiledName, entryText } from '../bundle/entry.ts';
import type { Pack } from '../bundle/packs.ts';
import { ENTRY } from '../bundle/write-bundle.ts';

/** What is put into a Node: absolute paths. */
export interface Content {
  /** CommonJS that starts the program. */
  readonly entry: string;
  /** By the names that the entry asks for. */
  readonly assets: Readonly<Record<string, string>>;
}

/** The content of a program: the packs as they lie in `bundle`, the code in `folder` that V8 compiled of some, and an entry, which is written there. */
export async function programContent(packs: readonly Pack[], bundle: string, folder: string): Promise<Content> {
  await mkdir(folder, { recursive: true });
  const files = new Set(await readdir(folder));
  const compiled = packs.map(({ name }) => name).filter((name) => files.has(compiledName(name)));
  const entry = join(folder, ENTRY);
  await writeFile(entry, entryText(packs, { kind: 'assets', compiled }));
  const texts = packs.map(({ name }) => [name, join(bundle, name)] as const);
  const codes = compiled.map((name) => [compiledName(name), join(folder, compiledName(name))] as const);
  return { entry, assets: Object.fromEntries([...texts, ...codes]) };
}
