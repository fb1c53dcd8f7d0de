import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A TCP port of this host that is far from another one. */
export interface FarLine {
  readonly port: number;
  readonly close: () => void;
}

/**
 * Passes connections on to a port of this host over a line with a round trip of so many milliseconds: to connect takes one of them, and each answer. In a
 * process of its own, so that neither end waits for the other's work. The line is as wide as need be.
 */
export async function startFarLine(target: number, roundTrip: number): Promise<FarLine> {
  const script = fileURLToPath(new URL('far-line-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, String(target), String(roundTrip)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [port] = await once(child.stdout, 'data');
  return { port: Number(port), close: () => child.stdin.end() };
}
