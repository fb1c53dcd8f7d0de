import { accessSync, constants, existsSync, lstatSync, readlinkSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join, relative } from 'node:path';
import type { Context } from '../../command/context.ts';
import { KserveError } from '../../errors.ts';
import { shellCommand } from '../../text/shell.ts';

/** The name that kubectl looks for: https://kubernetes.io/docs/tasks/extend-kubectl/kubectl-plugins/ */
export const COMPLETER = 'kubectl_complete-kserve';

/** What the link points at. */
const PLUGIN = 'kubectl-kserve';

type Place = Pick<Context, 'env' | 'platform'>;

/** The first executable file of a name on PATH. @throws KserveError on Windows, where kubectl would not ask it */
export function findOnPath(name: string, { env, platform }: Place): string | undefined {
  if (platform === 'win32') throw notOnWindows();
  return foldersOnPath(env)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function foldersOnPath(env: Place['env']): string[] {
  return (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
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

/** A link: where it is, and what it points at. */
export interface CompleterLink {
  readonly path: string;
  readonly target: string;
}

/**
 * The link that kubectl needs: beside the plugin, relative, so that it follows when krew upgrades. But a krew that is not its own plugin refuses
 * to work while its folder holds a link and no plugin is left (`receiptsmigration.Done`): there, in a folder of the user's own, if one is on PATH.
 * @throws KserveError if the plugin is not on PATH
 */
export function completerLink(place: Place): CompleterLink {
  const plugin = findOnPath(PLUGIN, place);
  if (plugin === undefined) {
    throw new KserveError(`${PLUGIN} is not on PATH, so kubectl cannot find it either`, {
      hint: `Install it with krew, or add the folder that holds ${PLUGIN} to PATH.`,
    });
  }
  const beside = { path: join(dirname(plugin), COMPLETER), target: PLUGIN };
  if (occupantOf(beside.path) !== 'nobody' || !wouldStopKrew(dirname(plugin))) return beside;
  const folder = foldersOnPath(place.env).find((candidate) => candidate !== dirname(plugin) && isOwnFolder(candidate, place.env.HOME));
  return folder === undefined ? beside : { path: join(folder, COMPLETER), target: plugin };
}

/** Whether a link left behind in a folder keeps krew from working once its last plugin is gone. */
export function wouldStopKrew(folder: string): boolean {
  const receipts = join(folder, '..', 'receipts');
  return basename(folder) === 'bin' && existsSync(join(receipts, 'kserve.yaml')) && !existsSync(join(receipts, 'krew.yaml'));
}

function isOwnFolder(folder: string, home: string | undefined): boolean {
  if (!home || !isAbsolute(folder) || relative(home, folder).startsWith('..') || wouldStopKrew(folder)) return false;
  try {
    accessSync(folder, constants.W_OK);
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}

/** Every link on PATH that `makeLink` made. */
export function ownLinks({ env }: Place): string[] {
  const paths = foldersOnPath(env).map((folder) => join(folder, COMPLETER));
  return [...new Set(paths)].filter((path) => occupantOf(path) === 'ours');
}

/** Whose the file at a path is: `ours` is the link that `makeLink` makes, `nobody` holds nothing or a link that leads nowhere. */
export function occupantOf(path: string): 'nobody' | 'ours' | 'other' {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() && isPlugin(readlinkSync(path))) return 'ours';
  return found === undefined || (found.isSymbolicLink() && !existsSync(path)) ? 'nobody' : 'other';
}

/** Ours point at the plugin beside them, or at the one in krew's folder. */
function isPlugin(target: string): boolean {
  return target === PLUGIN || (isAbsolute(target) && basename(target) === PLUGIN);
}

/** @throws KserveError if it cannot be made */
export function makeLink({ path, target }: CompleterLink): void {
  try {
    // What dangles is nobody's.
    rmSync(path, { force: true });
    symlinkSync(target, path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new KserveError(`cannot make the link ${path}: ${code}`, {
      hint: `As somebody who may write there, run:\n  ${shellCommand(['ln', '-s', target, path])}`,
      cause,
    });
  }
}
