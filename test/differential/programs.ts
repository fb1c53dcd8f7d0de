import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildProgram } from '../../scripts/bundle/build.ts';
import { ENTRY, writeBundle } from '../../scripts/bundle/write-bundle.ts';
import type { Given } from './case.ts';
import { confined } from './confinement.ts';
import { CACHE, inFolder, layOut, pluginNotes, snapshot } from './folder.ts';
import type { Run } from './observation.ts';
import type { World } from './world.ts';

/** A program and the words that make it list ServingRuntimes as JSON. */
export interface Program {
  readonly command: string;
  readonly words: readonly string[];
}

/** The real kubectl. */
export function kubectlProgram(path: string): Program {
  return { command: path, words: ['get', 'servingruntimes.serving.kserve.io', '-o', 'json'] };
}

const LIST = ['runtimes', 'list', '-o', 'json'];

/** Ours as it is shipped, in a process of its own: what Node reads off its environment must not matter either. */
export async function bundledProgram(folder: string): Promise<Program> {
  const bundle = join(folder, 'bundle');
  await writeBundle(bundle, (await buildProgram()).packs);
  return { command: process.execPath, words: [join(bundle, ENTRY), ...LIST] };
}

/** A run that takes longer is killed and counts as failed. */
const PATIENCE_MS = 30_000;

/** Runs one program in a fresh folder and gathers what the servers saw. */
export async function run(program: Program, given: Given, world: World): Promise<Run> {
  await layOut(world.folder, given);
  world.reset();
  const { code, stdout, stderr } = await start(program, given, world.folder);
  const watched = (given.watch ?? []).map(async (path) => [path, await snapshot(join(world.folder, path))] as const);
  return {
    succeeded: code === 0,
    requests: world.requests(),
    proxying: unique(world.proxying()),
    plugins: await pluginNotes(join(world.folder, 'plugin.log')),
    identityProvider: [...new Set(world.identityProviderSaw())],
    told: stderr.split('\n').filter((line) => /^(Warning: |plugin says)/.test(line)),
    watched: Object.fromEntries(await Promise.all(watched)),
    stdout,
    stderr,
  };
}

interface Exit {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function start({ command, words }: Program, given: Given, folder: string): Promise<Exit> {
  const flags = (given.flags ?? []).map((flag) => inFolder(flag, folder));
  const [first = '', ...rest] = confined([command, ...words, ...flags], given, folder);
  const child = spawn(first, rest, {
    cwd: folder,
    env: environment(given, folder),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
  });
  const exit = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [stdout, stderr, code] = await Promise.all([
    child.stdout.setEncoding('utf8').toArray(),
    child.stderr.setEncoding('utf8').toArray(),
    exit,
  ]);
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}

function environment(given: Given, folder: string): Record<string, string> {
  const all = { HOME: 'DIR/home', PATH: 'DIR/bin:/usr/bin:/bin', KUBECACHEDIR: `DIR/${CACHE}`, ...given.env };
  const set = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(set.map(([name, value]) => [name, inFolder(value, folder)]));
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
