// Runs as a process of its own, between a test run (or `npm run cluster`) and the servers that it starts.
//
// When its standard input ends, it kills what it started, removes the folder it was given, and ends. The kernel closes
// that pipe however the parent ends (exit, crash, Ctrl-C, kill -9), so there is one way to stop, and it cannot be missed.
//
//   stdin:  a line of JSON a process to start (`ProcessSpec`) or a signal to send (`ProcessSignal`)
//   stdout: a line of JSON a process that ended (`ProcessEnd`)
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { ProcessEnd, ProcessSignal, ProcessSpec } from './processes.ts';

const [, , folder] = process.argv;
if (folder === undefined) throw new Error('usage: supervisor.ts FOLDER');

const running = new Map<ChildProcess, string>();
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const order = JSON.parse(line) as ProcessSpec | ProcessSignal;
  if ('signal' in order) signal(order);
  else start(order);
});
lines.on('close', stop);
process.stdout.on('error', () => undefined);
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => lines.close());

function start({ name, command, args, cwd, env, log }: ProcessSpec): void {
  const output = openSync(log, 'a');
  // A group of its own, so that what it starts dies with it.
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', output, output], detached: true });
  running.set(child, name);
  const ended = (end: Omit<ProcessEnd, 'name'>) => {
    running.delete(child);
    process.stdout.write(`${JSON.stringify({ name, ...end } satisfies ProcessEnd)}\n`);
  };
  child.once('error', (error) => ended({ code: null, signal: null, error: error.message }));
  child.once('exit', (code, signal) => ended({ code, signal }));
}

function signal({ name, signal }: ProcessSignal): void {
  for (const [child, childName] of running) if (childName === name) child.kill(signal);
}

async function stop(): Promise<void> {
  // Nothing here outlives the run, so nothing needs to be shut down gently.
  await Promise.all([...running.keys()].map(kill));
  await rm(folder as string, { recursive: true, force: true, maxRetries: 5 });
  process.exit(0);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const exited = once(child, 'exit');
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended by itself; the event is on its way.
  }
  await exited;
}
