import { accessSync, constants, existsSync, lstatSync, readlinkSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Context } from '../../command/context.ts';
import { KserveError } from '../../errors.ts';
import { shellCommand } from '../../text/shell.ts';

/** The name that kubectl looks for: https://kubernetes.io/docs/tasks/extend-kubectl/kubectl-plugins/ */
export const COMPLETER = 'kubectl_complete-kserve';

/** What the link points at. */
const PLUGIN = 'kubectl-kserve';

/** The first executable file of a name on PATH. @throws KserveError on Windows, where kubectl would not ask it */
export function findOnPath(name: string, { env, platform }: Pick<Context, 'env' | 'platform'>): string | undefined {
  if (platform === 'win32') throw notOnWindows();
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/**
 * kubectl takes the name of a plugin from its file, `.exe` included, and so completes nothing but `kubectl kserve.exe` there.
 * https://github.com/kubernetes/kubectl/blob/master/pkg/cmd/plugin/plugin_completion.go
 */
function notOnWindows(): KserveError {
  return new KserveError('kubectl does not complete plugins on Windows', {
    hint: `For the program by its own name: ${PLUGIN} completion powershell --help`,
  });
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

/** Whose the file at a path is: `ours` is the link that `makeLink` makes, `nobody` holds nothing or a link that leads nowhere. */
export function occupantOf(path: string): 'nobody' | 'ours' | 'other' {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() && readlinkSync(path) === PLUGIN) return 'ours';
  return found === undefined || (found.isSymbolicLink() && !existsSync(path)) ? 'nobody' : 'other';
}

/** The link is relative, so that it follows the plugin when krew upgrades it. @throws KserveError if it cannot be made */
export function makeLink(path: string): void {
  try {
    // What dangles is nobody's.
    rmSync(path, { force: true });
    symlinkSync(PLUGIN, path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new KserveError(`cannot make the link ${path}: ${code}`, {
      hint: `As somebody who may write there, run:\n  ${shellCommand(['ln', '-s', PLUGIN, path])}`,
      cause,
    });
  }
}
