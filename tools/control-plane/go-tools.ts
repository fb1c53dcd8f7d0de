import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { withLock } from './lock.ts';
import { type Supervisor, startSupervisor } from './processes.ts';

export type Tools =
  | { readonly kind: 'ready'; readonly dir: string }
  /** There is nothing to build with; a build that fails is an error instead. */
  | { readonly kind: 'unavailable'; readonly reason: string };

export interface GoToolsOptions {
  /** For all tools; `-s -w` if absent. */
  readonly ldflags?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly report?: (line: string) => void;
}

/**
 * Builds programs from the Go module in `moduleDir`, unless an earlier run did. `packages` maps the name of each program to its
 * package. They are cached outside the repository, by what they are built from.
 */
export async function buildGoTools(
  moduleDir: string,
  packages: Readonly<Record<string, string>>,
  options: GoToolsOptions = {},
): Promise<Tools> {
  const { ldflags = '-s -w', env = process.env, report = (line) => process.stderr.write(`${line}\n`) } = options;
  const cache = cacheFolder(env);
  const dir = join(cache, `${basename(moduleDir)}-${cacheKey(moduleDir, [JSON.stringify(packages), ldflags])}`);
  if (existsSync(dir)) return { kind: 'ready', dir };
  if (spawnSync('go', ['version'], { env }).error !== undefined) return { kind: 'unavailable', reason: 'Go is not installed' };
  await mkdir(cache, { recursive: true });
  await withLock(`${dir}.lock`, async () => {
    if (existsSync(dir)) return;
    await removeAbandoned(cache, basename(dir));
    await build({ moduleDir, packages, ldflags, env, report, dir });
  });
  return { kind: 'ready', dir };
}

interface Build extends Required<GoToolsOptions> {
  readonly moduleDir: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly dir: string;
}

async function build(plan: Build): Promise<void> {
  const supervisor = startSupervisor(`${plan.dir}.building-${process.pid}`);
  const names = Object.keys(plan.packages).join(', ');
  plan.report(`Building ${names} with Go, once; the first time takes minutes. They go to ${plan.dir}`);
  try {
    const out = join(supervisor.folder, 'bin');
    for (const [name, source] of Object.entries(plan.packages)) await buildOne(plan, supervisor, name, source, join(out, name));
    // Two that took over the same dead lock in the same instant build the same programs: the first one's stay.
    if (!existsSync(plan.dir)) await rename(out, plan.dir);
  } finally {
    await supervisor.stop();
  }
}

async function buildOne(plan: Build, supervisor: Supervisor, name: string, source: string, out: string): Promise<void> {
  const args = ['build', '-trimpath', '-buildvcs=false', '-ldflags', plan.ldflags, '-o', out, source];
  // GOTMPDIR: a killed build leaves its work behind, here inside the folder that the supervisor removes.
  const env = { ...plan.env, CGO_ENABLED: '0', GOWORK: 'off', GOTMPDIR: supervisor.folder };
  const { code, signal, error } = await supervisor.run({ name, command: 'go', args, cwd: plan.moduleDir, env });
  const cause = error ?? signal;
  if (code !== 0) {
    throw new Error(`go build ${source} failed${cause ? ` (${cause})` : ''} in ${plan.moduleDir}:\n${supervisor.tail(name)}`);
  }
}

/** The folder of a module that `moduleDir` requires, as published; downloaded if this machine has it no longer. */
export async function goModuleFolder(moduleDir: string, module: string): Promise<string> {
  const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', module], { cwd: moduleDir });
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}

/** What a build left behind whose supervisor was killed too. */
async function removeAbandoned(cache: string, name: string): Promise<void> {
  const abandoned = (await readdir(cache)).filter((entry) => entry.startsWith(`${name}.building-`));
  await Promise.all(abandoned.map((entry) => rm(join(cache, entry), { recursive: true, force: true })));
}

function cacheKey(moduleDir: string, parts: readonly string[]): string {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  const sources = readdirSync(moduleDir).filter((file) => file.endsWith('.go'));
  for (const file of ['go.mod', 'go.sum', ...sources.sort()]) hash.update(readFileSync(join(moduleDir, file)));
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 16);
}

/** `$XDG_CACHE_HOME`, else where the platform keeps what can be made again. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const base = env.XDG_CACHE_HOME || (process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache'));
  return join(base, 'kubectl-kserve');
}
