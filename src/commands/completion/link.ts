import { accessSync, constants, lstatSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Context } from '../../cli/command.ts';
import { KserveError } from '../../errors.ts';

/** The name that kubectl looks for: https://kubernetes.io/docs/tasks/extend-kubectl/kubectl-plugins/ */
export const COMPLETER = 'kubectl_complete-kserve';

const PLUGIN = 'kubectl-kserve';

/** The first executable file of a name on PATH. */
export function findOnPath(name: string, { env, platform }: Pick<Context, 'env' | 'platform'>): string | undefined {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const names = platform === 'win32' ? [`${name}.exe`, `${name}.cmd`] : [name];
  return folders.flatMap((folder) => names.map((file) => join(folder, file))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Where the link belongs: beside the plugin, as kubectl finds it. @throws KserveError if the plugin is not on PATH */
export function completerPath(context: Pick<Context, 'env' | 'platform'>): string {
  const plugin = findOnPath(PLUGIN, context);
  if (plugin === undefined) {
    throw new KserveError(`${PLUGIN} is not on PATH, so kubectl cannot find it either`, {
      hint: `Install it with krew, or add the folder that holds ${PLUGIN} to PATH.`,
    });
  }
  return join(dirname(plugin), COMPLETER);
}

/** What is at a path; a dangling link is a link. */
export function kindOfFile(path: string): 'absent' | 'link' | 'other' {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 'absent';
  return found.isSymbolicLink() ? 'link' : 'other';
}

/** The name that the link points at. */
export const LINK_TARGET = PLUGIN;
