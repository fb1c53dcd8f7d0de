import { accessSync, constants, existsSync, lstatSync, readlinkSync, statSync } from 'node:fs';
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

/** Whose the file at a path is: `ours` is the link that `install` makes, `nobody` holds nothing or a link that leads nowhere. */
export function occupantOf(path: string): 'nobody' | 'ours' | 'other' {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() && readlinkSync(path) === LINK_TARGET) return 'ours';
  return found === undefined || (found.isSymbolicLink() && !existsSync(path)) ? 'nobody' : 'other';
}

/** The name that the link points at. */
export const LINK_TARGET = PLUGIN;
