import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { extname, isAbsolute, join, normalize, resolve, sep } from 'node:path';

import { describeFileError } from '../../documents/file-error.ts';
import { type Environment, splitList } from '../kubeconfig/files.ts';
import { batchCommandLine, isBatchFile } from './batch-file.ts';

/** Far above any real ExecCredential. */
const LONGEST_REPLY = 4 * 1024 * 1024;

/** The program is not there: what is missing may have to be installed. */
export class CommandMissing extends Error {
  override readonly name = 'CommandMissing';
}

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  /** Its whole environment. */
  readonly env: Environment;
  readonly cwd: string;
  readonly stdin: 'inherit' | 'ignore';
  /** Where its stderr goes: our own, so that it finds the terminal, or a writer. */
  readonly stderr: 'inherit' | ((text: string) => void);
  readonly signal: AbortSignal;
}

/** A command as Go's `filepath.Clean` leaves it. */
export function cleanCommand(command: string): string {
  const clean = normalize(command);
  return clean.length > 1 && clean.endsWith(sep) ? clean.slice(0, -1) : clean;
}

function isExecutable(file: string): boolean {
  try {
    if (statSync(file).isDirectory()) return false;
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function candidates(name: string, env: Environment, platform: NodeJS.Platform): readonly string[] {
  if (platform !== 'win32') return [name];
  const listed = (env.PATHEXT || '.com;.exe;.bat;.cmd').toLowerCase().split(';');
  const extensions = listed.filter((extension) => extension !== '').map((extension) => extension.replace(/^(?!\.)/, '.'));
  const named = extname(name) === '' ? [] : [name];
  return [...named, ...extensions.map((extension) => `${name}${extension}`)];
}

/** Where commands are looked up. */
export interface LookupHost {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly cwd: string;
}

/**
 * The file that a command name means, undefined if there is none. As Go, a match in a relative folder of PATH ends the search without success, and
 * on Windows one in the working folder, of which Windows thinks first: https://pkg.go.dev/os/exec#hdr-Executables_in_the_current_directory
 */
export function lookPath(name: string, { env, platform, cwd }: LookupHost): string | undefined {
  const names = candidates(name, env, platform);
  if (name.includes(sep)) return names.find(isExecutable);
  const findIn = (folder: string) => names.map((candidate) => join(resolve(cwd, folder), candidate)).find(isExecutable);
  const match = firstIn(splitList(env.PATH ?? '', platform), findIn);
  if (match === undefined || !isAbsolute(match.folder)) return undefined;
  const thinksOfHere = platform === 'win32' && env.NoDefaultCurrentDirectoryInExePath === undefined;
  const here = thinksOfHere ? findIn('.') : undefined;
  return here === undefined || here === match.file ? match.file : undefined;
}

/** The first folder in which something is found, and that. */
function firstIn(folders: readonly string[], findIn: (folder: string) => string | undefined) {
  for (const folder of folders) {
    const file = findIn(folder);
    if (file !== undefined) return { folder, file };
  }
  return undefined;
}

function startFault(cause: unknown, file: string): Error {
  const code = (cause as NodeJS.ErrnoException).code;
  const message = `exec: ${describeFileError(cause, file, 'fork/exec')}`;
  return code === 'ENOENT' ? new CommandMissing(message, { cause }) : new Error(message, { cause });
}

interface Start {
  readonly program: string;
  readonly args: readonly string[];
  /** What the program is told its own name is. */
  readonly name: string;
  /** The arguments are quoted as the program wants them. */
  readonly isQuoted: boolean;
}

/** Windows starts batch files through cmd.exe, which is started here by itself. Throws an Error in Go's words for what it could not do. */
function startOf({ command, args, env }: Command, file: string, platform: NodeJS.Platform): Start {
  if (platform !== 'win32' || !isBatchFile(file)) return { program: file, args, name: command, isQuoted: false };
  // cmd.exe would run another one of that name, or say it in its own words.
  if (!isExecutable(file)) throw startFault({ code: 'ENOENT' }, file);
  const program = join(env.SystemRoot ?? 'C:\\Windows', 'System32', 'cmd.exe');
  return { program, args: [batchCommandLine(file, args)], name: 'cmd.exe', isQuoted: true };
}

/** Throws an Error in Go's words for what no program can be started with, such as a NUL in an argument; Node's own would quote it. */
function start(spawning: () => ChildProcess, file: string): ChildProcess {
  try {
    return spawning();
  } catch {
    throw new Error(`exec: fork/exec ${file}: invalid argument`);
  }
}

/** A plugin that outlives its end, or left a process with our pipes, must not hold us back. */
function letGo(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.unref();
}

/**
 * Runs a command and gives its stdout. Throws an Error in Go's words if it cannot be started or fails, and the signal's
 * reason if that ends it.
 */
export function runCommand(options: Command, file: string, platform: NodeJS.Platform): Promise<Buffer> {
  return new Promise((settle, reject) => {
    const fail = (cause: unknown): void => reject(options.signal.aborted ? options.signal.reason : startFault(cause, file));
    const { program, args, name, isQuoted } = startOf(options, file, platform);
    const child = start(
      () =>
        spawn(program, args, {
          argv0: name,
          cwd: options.cwd,
          env: options.env,
          signal: options.signal,
          stdio: [options.stdin, 'pipe', options.stderr === 'inherit' ? 'inherit' : 'pipe'],
          windowsHide: true,
          windowsVerbatimArguments: isQuoted,
        }),
      file,
    );
    const chunks: Buffer[] = [];
    let length = 0;
    child.stdout?.on('data', (chunk: Buffer) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length <= LONGEST_REPLY) return;
      reject(new Error(`decoding stdout: more than ${LONGEST_REPLY} bytes`));
      child.kill();
      letGo(child);
    });
    if (options.stderr !== 'inherit') child.stderr?.setEncoding('utf8').on('data', options.stderr);
    child.on('error', (cause) => {
      letGo(child);
      fail(cause);
    });
    child.on('close', (code) => {
      if (code !== 0) reject(new Error(`exec: executable ${options.command} failed with exit code ${code ?? -1}`));
      else settle(Buffer.concat(chunks));
    });
  });
}
