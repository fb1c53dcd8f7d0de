import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Context } from '../../cli/command.ts';
import { shellCommand } from '../../domain/shell.ts';
import { KserveError } from '../../errors.ts';

type Place = Pick<Context, 'env' | 'platform'>;

/** The name that kubectl looks for: https://kubernetes.io/docs/tasks/extend-kubectl/kubectl-plugins/ */
const COMPLETER = 'kubectl_complete-kserve';

const PLUGIN = 'kubectl-kserve';

/** What Windows has for a link that anybody may make: `%~dp0` is the folder of the file itself. */
const BATCH_FILE = `@"%~dp0${PLUGIN}.exe" __complete %*\r\n`;

/** The first program of a name on PATH. */
export function findProgram(name: string, place: Place): string | undefined {
  return findOnPath(place.platform === 'win32' ? `${name}.exe` : name, place);
}

/** What kubectl asks for completion now. */
export function findCompleter(place: Place): string | undefined {
  return findOnPath(completerFile(place), place);
}

function findOnPath(file: string, { env }: Place): string | undefined {
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, file)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function completerFile({ platform }: Place): string {
  return platform === 'win32' ? `${COMPLETER}.cmd` : COMPLETER;
}

/** Where the link belongs: beside the plugin, as kubectl finds it. @throws KserveError if the plugin is not on PATH */
export function completerPath(place: Place): string {
  const plugin = findProgram(PLUGIN, place);
  if (plugin === undefined) {
    throw new KserveError(`${PLUGIN} is not on PATH, so kubectl cannot find it either`, {
      hint: `Install it with krew, or add the folder that holds ${PLUGIN} to PATH.`,
    });
  }
  return join(dirname(plugin), completerFile(place));
}

/** Whose the file at a path is: `ours` is what `makeCompleter` makes, `nobody` holds nothing or a link that leads nowhere. */
export function occupantOf(path: string): 'nobody' | 'ours' | 'other' {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 'nobody';
  if (found.isSymbolicLink()) {
    if (readlinkSync(path) === PLUGIN) return 'ours';
    return existsSync(path) ? 'other' : 'nobody';
  }
  return found.size === BATCH_FILE.length && readFileSync(path, 'latin1') === BATCH_FILE ? 'ours' : 'other';
}

/** Makes a relative link, so that it follows the plugin when krew upgrades it; on Windows a batch file. @throws KserveError if it cannot */
export function makeCompleter(path: string, { platform }: Place): void {
  try {
    // What dangles is nobody's.
    rmSync(path, { force: true });
    if (platform === 'win32') writeFileSync(path, BATCH_FILE, { mode: 0o755 });
    else symlinkSync(PLUGIN, path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const byHand = `As somebody who may write there, run:\n  ${shellCommand(['ln', '-s', PLUGIN, path])}`;
    throw new KserveError(`cannot make ${path}: ${code}`, { ...(platform !== 'win32' && { hint: byHand }), cause });
  }
}
