import { connect } from '../../src/cluster/connect.ts';
import type { ControlPlane } from '../../tools/control-plane/control-plane.ts';
import { type CliResult, runCli } from './run-cli.ts';

/** Two command lines that ask for the same: of kubectl, and of this program. */
export interface SamePair {
  readonly kubectl: readonly string[];
  readonly ours: readonly string[];
}

type Result = Pick<CliResult, 'code' | 'stdout' | 'stderr'> | { readonly code: number; readonly stdout: string; readonly stderr: string };

export interface BesideKubectl {
  readonly kubectl: Result;
  readonly ours: Result;
}

/** Runs both as the administrator on the real API server. */
export async function besideKubectl(plane: ControlPlane, { kubectl, ours }: SamePair): Promise<BesideKubectl> {
  const env = { KUBECONFIG: plane.kubeconfig('admin'), HOME: plane.folder };
  const [theirs, own] = await Promise.all([plane.kubectl('admin', kubectl), runCli({ argv: ours, connect, env, now: new Date() })]);
  return { kubectl: theirs, ours: own };
}

/** Calls `work` for all, a few at a time: each starts a process. */
export async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += 4) results.push(...(await Promise.all(items.slice(start, start + 4).map(work))));
  return results;
}
