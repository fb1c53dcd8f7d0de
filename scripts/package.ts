// `npm run package`: the archives of a release in dist/, with checksums, a bill of materials and the krew manifest.
//   npm run package -- [--only linux-amd64,...] [--out FOLDER] [--level 1-9] [--require-compiled]
// The same sources give the same bytes, in any folder. docs/packaging.md says how and why.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import packageJson from '../package.json' with { type: 'json' };
import { buildProgram } from './bundle/build.ts';
import type { Pack } from './bundle/packs.ts';
import { ENTRY, writeBundle } from './bundle/write-bundle.ts';
import { bundledPackages } from './package/bundled.ts';
import { checkCompiled, recordCompiled } from './package/compiled.ts';
import { type Content, programContent } from './package/content.ts';
import { clearRelease, inputsDigest, writeInputs } from './package/inputs.ts';
import { type LockFile, readLockFile } from './package/lock-file.ts';
import { generatorBase, type NodeBase, targetBase } from './package/node-base.ts';
import { thirdPartyNotices } from './package/notices.ts';
import { writeNpmPackage } from './package/npm-package.ts';
import { buildPrograms, type Job } from './package/pkg.ts';
import { type Archive, BEST_COMPRESSION, describeRelease, packProgram } from './package/release.ts';
import { signAdHoc } from './package/sign.ts';
import { NO_EMULATOR, type Starter, starterFor } from './package/starter.ts';
import { parseTargets, programFile, TARGETS, type Target, targetName } from './package/targets.ts';
import { checkVersionInfo, withVersionInfo } from './package/version-info.ts';

const ROOT = new URL('..', import.meta.url);
/** gzip(1) uses one core each. */
const PACKED_AT_ONCE = 2;

try {
  const { only, out, level, requireCompiled } = readFlags();
  await packageProgram(parseTargets(only), resolve(out), level, requireCompiled);
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

interface Flags {
  readonly only: string | undefined;
  readonly out: string;
  readonly level: number;
  /** Fail rather than leave compiled code out of a program for want of an emulator. */
  readonly requireCompiled: boolean;
}

function readFlags(): Flags {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      out: { type: 'string', default: 'dist' },
      level: { type: 'string', default: `${BEST_COMPRESSION}` },
      'require-compiled': { type: 'boolean', default: false },
    },
  });
  if (!/^[1-9]$/.test(values.level)) throw new Error(`--level ${values.level}: gzip knows 1 to 9`);
  return { only: values.only, out: values.out, level: Number(values.level), requireCompiled: values['require-compiled'] };
}

async function packageProgram(targets: readonly Target[], out: string, level: number, requireCompiled: boolean): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`releases are built on linux/x64, where everybody gets the same bytes; this is ${process.platform}/${process.arch}`);
  }
  nameThoseWithoutCompiledCode(targets, requireCompiled);
  const started = performance.now();
  await mkdir(out, { recursive: true });
  clearRelease(out);
  const lock = readLockFile(ROOT);
  report('bundling the program');
  const { packs, metafile } = await buildProgram();
  await writeBundle(join(out, 'bundle'), packs);
  const packages = bundledPackages(metafile, lock, ROOT);

  const jobs = await planJobs(targets, packs, lock, out);
  const generators = await runPkg(jobs, lock);
  for (const { target, starter, output } of jobs) {
    if (starter) await checkCompiled(output, starter);
    if (target.os === 'windows') await nameProgram(output);
    if (target.os !== 'darwin') continue;
    report(`signing ${targetName(target)}`);
    await signAdHoc(output);
  }

  const archives: Archive[] = [];
  const queue = [...jobs];
  const worker = async (): Promise<void> => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      const { version, license } = job.base;
      // The package for Windows has no licence file: that of the same version for Linux holds.
      const text = license ?? generators.get(version)?.license;
      if (text === undefined) throw new Error(`no licence text of Node ${version}`);
      report(`packing ${targetName(job.target)}`);
      archives.push(...(await packProgram(job, thirdPartyNotices(packages, { version, license: text }), out, level)));
    }
  };
  await Promise.all(Array.from({ length: PACKED_AT_ONCE }, worker));
  if (targets.length === TARGETS.length) {
    const npm = await writeNpmPackage(packs, thirdPartyNotices(packages), out, level);
    await describeRelease(archives, [npm], packages, jobs, out);
    writeInputs(out, { sha256: inputsDigest(packs), level });
  }
  for (const { file, size } of archives.toSorted((a, b) => (a.file < b.file ? -1 : 1))) report(`${file}  ${(size / 1e6).toFixed(1)} MB`);
  report(`done in ${Math.round((performance.now() - started) / 1000)} s: ${out}`);
}

/** Before the work of minutes. Throws where compiled code is required and cannot be made here. */
function nameThoseWithoutCompiledCode(targets: readonly Target[], required: boolean): void {
  for (const target of targets) {
    if (!target.compiled || starterFor(target.arch) !== undefined) continue;
    const lack = `${targetName(target)} gets no compiled code: ${NO_EMULATOR}`;
    if (required) throw new Error(lack);
    report(lack);
  }
}

/** Finds the Node for each target and what is put into it, with code that V8 compiled where it can be made here. */
async function planJobs(targets: readonly Target[], packs: readonly Pack[], lock: LockFile, out: string): Promise<readonly Job[]> {
  report(`fetching Node for ${targets.map(targetName).join(', ')}`);
  const bundle = join(out, 'bundle');
  const plain = await programContent(packs, bundle, join(out, 'plain'));
  const compiled = async (target: Target, base: NodeBase, starter: Starter): Promise<Content> => {
    report(`recording what V8 compiles for ${targetName(target)}`);
    const folder = join(out, 'compiled', targetName(target));
    await recordCompiled(join(bundle, ENTRY), base, starter, folder);
    return programContent(packs, bundle, folder);
  };
  const jobs: Job[] = [];
  for (const target of targets) {
    const base = await targetBase(lock, target.nodePackage);
    const output = join(out, 'bin', targetName(target), programFile(target));
    const starter = target.compiled ? starterFor(target.arch) : undefined;
    jobs.push({ target, base, starter, content: starter ? await compiled(target, base, starter) : plain, output });
  }
  return jobs;
}

/** Makes the programs. Resolves to the Nodes that wrote what was put into them, by version. */
async function runPkg(jobs: readonly Job[], lock: LockFile): Promise<ReadonlyMap<string, NodeBase>> {
  const generators = new Map<string, NodeBase>();
  for (const { base } of jobs) generators.set(base.version, await generatorBase(lock, base.version));
  for (const [version, generator] of generators) {
    const ofVersion = jobs.filter(({ base }) => base.version === version);
    for (const [content, together] of Map.groupBy(ofVersion, (job) => job.content)) {
      report(`putting it into Node ${version} for ${together.map(({ target }) => targetName(target)).join(', ')}`);
      await buildPrograms(content, together, generator);
    }
  }
  return generators;
}

async function nameProgram(file: string): Promise<void> {
  const named = withVersionInfo(await readFile(file), packageJson);
  checkVersionInfo(named, packageJson);
  await writeFile(file, named);
}

function report(line: string): void {
  process.stderr.write(`package: ${line}\n`);
}
