import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, extname, isAbsolute, join, normalize, resolve, sep } from 'node:path';

import { describeFileError } from '../../documents/file-error.ts';
import type { Environment } from '../kubeconfig/files.ts';

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
  const extensions = (env.PATHEXT || '.COM;.EXE;.BAT;.CMD').split(';').filter((extension) => extension !== '');
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
 * The file that a command name means, undefined if there is none. As Go, a match in a relative folder of PATH ends the search
 * without success: https://pkg.go.dev/os/exec#hdr-Executables_in_the_current_directory
 */
export function lookPath(name: string, { env, platform, cwd }: LookupHost): string | undefined {
  const names = candidates(name, env, platform);
  if (name.includes(sep)) return names.find(isExecutable);
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const found = names.map((candidate) => join(resolve(cwd, folder), candidate)).find(isExecutable);
    if (found !== undefined) return isAbsolute(folder) ? found : undefined;
  }
  return undefined;
}

function startFault(cause: unknown, file: string): Error {
  const code = (cause as NodeJS.ErrnoException).code;
  const message = `exec: ${describeFileError(cause, file, 'fork/exec')}`;
  return code === 'ENOENT' ? new CommandMissing(message, { cause }) : new Error(message, { cause });
}

// Since CVE-2024-27980 Node starts batch files only through a shell.
function shellFor(file: string, platform: NodeJS.Platform): boolean {
  return platform === 'win32' && /\.(?:bat|cmd)$/i.test(file);
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
 * Runs a command without a shell and gives its stdout. Throws an Error in Go's words if it cannot be started or fails, and the signal's
 * reason if that ends it.
 */
export function runCommand(options: Command, file: string, platform: NodeJS.Platform): Promise<Buffer> {
  const shell = shellFor(file, platform);
  const quoted = (word: string): string => (shell ? `"${word.replaceAll('"', '""')}"` : word);
  return new Promise((settle, reject) => {
    const fail = (cause: unknown): void => reject(options.signal.aborted ? options.signal.reason : startFault(cause, file));
    const child = start(
      () =>
        spawn(quoted(file), options.args.map(quoted), {
          argv0: shell ? undefined : options.command,
          cwd: options.cwd,
          env: options.env,
          shell,
          signal: options.signal,
          stdio: [options.stdin, 'pipe', options.stderr === 'inherit' ? 'inherit' : 'pipe'],
          windowsHide: true,
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
