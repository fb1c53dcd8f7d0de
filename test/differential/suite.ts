import type { Case } from './case.ts';
import type { Pki } from './pki.ts';
import { type Program, run } from './programs.ts';
import type { Result } from './verdict.ts';
import { createWorld } from './world.ts';

/** Two, as many as the processors of the smallest CI machine. */
const AT_ONCE = 2;

/** Runs the cases two at a time, in order; a value of the map is the result or what went wrong with the harness. */
export async function runCases(
  cases: readonly Case[],
  programs: { kubectl: Program; ours: Program },
  pki: Pki,
): Promise<Map<Case, Result | Error>> {
  const results = new Map<Case, Result | Error>();
  const queue = cases.values();
  const work = async () => {
    for (const wanted of queue) results.set(wanted, await runCase(wanted, programs, pki).catch((error: Error) => error));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

async function runCase(wanted: Case, programs: { kubectl: Program; ours: Program }, pki: Pki): Promise<Result> {
  const world = await createWorld(pki);
  try {
    const api = await world.api('api', wanted.api);
    const given = await wanted.given(api, world);
    const kubectl = await run(programs.kubectl, given, world);
    const ours = await run(programs.ours, given, world);
    return { kubectl, ours, folder: world.folder, host: `127.0.0.1:${api.port}` };
  } finally {
    await world.close();
  }
}
