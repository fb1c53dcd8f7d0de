import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A program to run, with the words and environment it gets. */
export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Run after it, one after the other, as one measurement with it: for what kubectl needs several calls for. */
  readonly next?: readonly (readonly string[])[];
  readonly env: Readonly<Record<string, string>>;
  /** 0 if absent. */
  readonly exitCode?: number;
  readonly budget?: Budget;
}

/** Of what the first program takes, at most. */
export interface Budget {
  readonly time: number;
  readonly memory?: number;
}

export interface Measurement {
  readonly name: string;
  readonly budget: Budget | undefined;
  /** Median wall time in milliseconds. */
  readonly time: number;
  /** Median of the peak resident memory in MiB; undefined where the system does not tell. */
  readonly memory: number | undefined;
}

/** Runs the programs in turn, `runs` times each, so that whatever else the machine does meets all alike. */
export async function measure(programs: readonly Program[], runs: number): Promise<readonly Measurement[]> {
  const times = new Map<string, number[]>(programs.map(({ name }) => [name, []]));
  for (const program of programs) await time(program); // warms caches, kubectl's discovery among them
  for (let run = 0; run < runs; run += 1) {
    for (const program of programs) times.get(program.name)?.push(await time(program));
  }
  const measurements: Measurement[] = [];
  for (const program of programs) {
    const { name, budget } = program;
    measurements.push({ name, budget, time: median(times.get(name) ?? []), memory: await medianPeak(program) });
  }
  return measurements;
}

async function time(program: Program): Promise<number> {
  const start = performance.now();
  for (const args of [program.args, ...(program.next ?? [])]) await run({ ...program, args });
  return performance.now() - start;
}

async function run({ name, command, args, env, exitCode = 0 }: Program): Promise<void> {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stdout.resume();
  child.stderr.on('data', (data) => {
    stderr += String(data);
  });
  const [code] = await once(child, 'close');
  if (code !== exitCode) throw new Error(`${name} exited with ${code}: ${stderr}`);
}

const MEMORY_RUNS = 5;

async function medianPeak(program: Program): Promise<number | undefined> {
  const peaks: number[] = [];
  for (let run = 0; run < MEMORY_RUNS; run += 1) {
    const peak = await peakMemory(program);
    if (peak === undefined) return undefined;
    peaks.push(peak);
  }
  return median(peaks);
}

/** Linux keeps the high-water mark of a process's memory as long as it lives; the last look is a millisecond old at most. */
async function peakMemory({ command, args, env }: Program): Promise<number | undefined> {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.resume();
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  let peak: number | undefined;
  while (!ended) {
    peak = highWaterMark(child.pid) ?? peak;
    await delay(1);
  }
  return peak;
}

function highWaterMark(pid: number | undefined): number | undefined {
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
  } catch {
    return undefined;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
