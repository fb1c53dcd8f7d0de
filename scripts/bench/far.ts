import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ControlPlane } from '../../tools/control-plane/control-plane.ts';
import { startFarLine } from '../../tools/far-line.ts';
import type { Program } from './measure.ts';

/** Of the line, in milliseconds. */
export const ROUND_TRIP = 50;

/** Measures programs on the server as it is from afar. */
export async function fromAfar(
  server: ControlPlane,
  programs: readonly Program[],
  measured: (programs: readonly Program[]) => Promise<unknown>,
): Promise<void> {
  const { port } = new URL(server.url);
  const line = await startFarLine(Number(port), ROUND_TRIP);
  try {
    const kubeconfig = join(server.folder, 'far.yaml');
    const near = readFileSync(server.kubeconfig('admin', { namespace: 'team-a' }), 'utf8');
    writeFileSync(kubeconfig, near.replaceAll(`:${port}`, `:${line.port}`), { mode: 0o600 });
    await measured(programs.map((program) => ({ ...program, env: { ...program.env, KUBECONFIG: kubeconfig } })));
  } finally {
    line.close();
  }
}
