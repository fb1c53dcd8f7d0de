import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeBase } from '../../../scripts/package/node-base.ts';
import { NPM_PACKAGE } from '../../../scripts/package/npm-package.ts';
import { starterFor } from '../../../scripts/package/starter.ts';
import { OLDEST_NODE } from '../../../scripts/package/targets.ts';
import { krewBinaries } from '../../../tools/control-plane/binaries.ts';
import { setUpKrew } from './krew.ts';
import type { Packages } from './packages.ts';
import { type Outcome, run } from './run.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * How the plugin gets onto a PATH: the launchers of a checkout with the bundle, the archive through krew, the npm package on the oldest Node that it
 * takes, or the program for linux/arm64 in an emulator.
 */
export type Form = 'bundle' | 'krew' | 'npm' | 'arm64';

/** The plugin on a PATH of its own, beside the real kubectl, with completion. */
export interface Installed {
  readonly env: Readonly<Record<string, string>>;
  readonly kubectl: (kubeconfig: string, ...words: readonly string[]) => Promise<Outcome>;
  readonly remove: () => void;
}

/** Installs the plugin as a user does. Rejects if krew refuses it. */
export async function installPlugin(form: Form, packages: Packages, kubectl: string): Promise<Installed> {
  const folder = mkdtempSync(join(tmpdir(), 'installed-'));
  const bin = await INSTALL[form](folder, packages, kubectl);
  const env = { PATH: [bin, dirname(kubectl), '/usr/bin', '/bin'].join(delimiter), HOME: folder };
  return {
    env,
    kubectl: (kubeconfig, ...words) => run(kubectl, words, { env: { ...env, KUBECONFIG: kubeconfig } }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const INSTALL: Readonly<Record<Form, (folder: string, packages: Packages, kubectl: string) => Promise<string>>> = {
  bundle: installBundle,
  krew: installByKrew,
  npm: installByNpm,
  arm64: installEmulated,
};

async function installBundle(folder: string, { bundle }: Packages): Promise<string> {
  const bin = join(folder, 'plugin');
  cpSync(join(ROOT, 'plugin'), bin, { recursive: true });
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  cpSync(bundle, join(folder, 'dist/bundle'), { recursive: true });
  symlinkSync(process.execPath, join(folder, 'node_modules/.bin/node'));
  return bin;
}

async function installByKrew(folder: string, { dir, archive }: Packages, kubectl: string): Promise<string> {
  const tools = await krewBinaries();
  if (tools.kind === 'unavailable') throw new Error(tools.reason);
  const krew = setUpKrew({ tools: tools.dir, kubectl, folder });
  const { code, stderr } = await krew.krew(
    'install',
    `--manifest=${join(dir, 'plugins/kserve.yaml')}`,
    `--archive=${archive('linux', 'amd64')}`,
  );
  if (code !== 0) throw new Error(`krew install: ${stderr}`);
  const completion = await krew.kubectl('kserve', 'completion', 'install');
  if (completion.code !== 0) throw new Error(`kubectl kserve completion install: ${completion.stderr}`);
  // The link of completion is in the user's own folder, where krew does not trip over it.
  return [join(krew.root, 'bin'), join(folder, 'bin')].join(delimiter);
}

/** Into an empty prefix and without a network: the package has no dependencies. */
async function installByNpm(folder: string, { dir }: Packages): Promise<string> {
  const { program } = await nodeBase(OLDEST_NODE);
  const prefix = join(folder, 'prefix');
  const args = ['install', '--global', '--offline', '--no-audit', '--no-fund', '--prefix', prefix, join(dir, NPM_PACKAGE)];
  const { code, stderr } = await run('npm', args, { env: { PATH: process.env.PATH ?? '', HOME: folder } });
  if (code !== 0) throw new Error(`npm install: ${stderr}`);
  symlinkSync(program, join(prefix, 'bin/node'));
  return join(prefix, 'bin');
}

/** The kernel need not know of the emulator: kubectl starts scripts, which keep the name that it used. */
async function installEmulated(folder: string, { program }: Packages): Promise<string> {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const words = [...(starterFor('arm64') ?? []), '-0', '"$0"', `'${program('linux', 'arm64')}'`, '"$@"'];
  for (const name of ['kubectl-kserve', 'kubectl_complete-kserve']) {
    writeFileSync(join(bin, name), `#!/bin/sh\nexec ${words.join(' ')}\n`, { mode: 0o755 });
  }
  return bin;
}
