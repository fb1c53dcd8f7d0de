import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Packages } from './packages.ts';
import { type Outcome, run } from './run.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** How the plugin gets onto a PATH. */
export type Form = 'bundle' | 'program';

/** The plugin on a PATH of its own, beside the real kubectl. */
export interface Installed {
  /** Of the plugin itself. */
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
  readonly kubectl: (kubeconfig: string, ...words: readonly string[]) => Promise<Outcome>;
  readonly remove: () => void;
}

/** Installs the packaged program with its second name, or the launchers of a checkout with the bundle. */
export function installPlugin(form: Form, { bundle, program }: Packages, kubectl: string): Installed {
  const folder = mkdtempSync(join(tmpdir(), 'installed-'));
  const bin = join(folder, 'plugin');
  if (form === 'bundle') {
    cpSync(join(ROOT, 'plugin'), bin, { recursive: true });
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
    cpSync(bundle, join(folder, 'dist/bundle'), { recursive: true });
    symlinkSync(process.execPath, join(folder, 'node_modules/.bin/node'));
  } else {
    mkdirSync(bin);
    copyFileSync(program('linux', 'amd64'), join(bin, 'kubectl-kserve'));
    chmodSync(join(bin, 'kubectl-kserve'), 0o755);
    symlinkSync('kubectl-kserve', join(bin, 'kubectl_complete-kserve'));
  }
  const env = { PATH: [bin, dirname(kubectl), '/usr/bin', '/bin'].join(delimiter), HOME: folder };
  return {
    path: join(bin, 'kubectl-kserve'),
    env,
    kubectl: (kubeconfig, ...words) => run(kubectl, words, { env: { ...env, KUBECONFIG: kubeconfig } }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
