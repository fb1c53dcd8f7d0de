import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** File that takes stdout and stderr. */
  readonly log: string;
}

export interface ProcessSignal {
  readonly name: string;
  readonly signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL';
}

export interface ProcessEnd {
  readonly name: string;
  readonly code: number | null;
  readonly signal: string | null;
  /** Set if the process could not be started. */
  readonly error?: string;
}

export interface Supervisor {
  readonly folder: string;
  readonly pid: number;
  /** Starts a process; the promise is of its end. */
  readonly run: (process: Pick<ProcessSpec, 'name' | 'command' | 'args'> & Partial<ProcessSpec>) => Promise<ProcessEnd>;
  /** Freezes a process that runs, lets it go on, or ends it. */
  readonly signal: (order: ProcessSignal) => void;
  /** The last lines that a process wrote. */
  readonly tail: (name: string) => string;
  /** Kills the processes and removes the folder. */
  readonly stop: () => Promise<void>;
}

/** Makes `folder`, and starts a supervisor that removes it and all processes when told, or when this process ends in whatever way. */
export function startSupervisor(folder: string): Supervisor {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const script = fileURLToPath(new URL('supervisor.ts', import.meta.url));
  // Detached: a Ctrl-C in the terminal is for this process alone, which then decides when to stop.
  const child = spawn(process.execPath, [script, folder], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const exited = once(child, 'exit');
  const waiting = new Map<string, (end: ProcessEnd) => void>();
  const settle = (end: ProcessEnd) => {
    waiting.get(end.name)?.(end);
    waiting.delete(end.name);
  };
  createInterface({ input: child.stdout }).on('line', (line) => settle(JSON.parse(line) as ProcessEnd));
  child.stdin.on('error', () => undefined);
  child.once('exit', () => {
    for (const name of waiting.keys()) settle({ name, code: null, signal: null, error: 'its supervisor ended' });
  });
  // A run that forgets to stop must still be able to end.
  for (const handle of [child, child.stdin, child.stdout] as unknown as { unref: () => void }[]) handle.unref();

  const logOf = (name: string) => join(folder, `${name}.log`);
  return {
    folder,
    pid: child.pid as number,
    run: (spec) => {
      const whole: ProcessSpec = { cwd: folder, env: process.env, log: logOf(spec.name), ...spec };
      child.stdin.write(`${JSON.stringify(whole)}\n`);
      return new Promise((resolve) => waiting.set(spec.name, resolve));
    },
    signal: (order) => void child.stdin.write(`${JSON.stringify(order)}\n`),
    tail: (name) => (existsSync(logOf(name)) ? readFileSync(logOf(name), 'utf8') : '').trimEnd().split('\n').slice(-20).join('\n'),
    stop: async () => {
      child.ref();
      child.stdin.end();
      await exited;
    },
  };
}
