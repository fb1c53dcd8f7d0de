import type { Case, Given } from './case.ts';
import type { Pki } from './pki.ts';
import { type Program, run } from './programs.ts';
import type { Result } from './verdict.ts';
import { createWorld, type World } from './world.ts';

/** Two, as many as the processors of the smallest CI machine. */
const AT_ONCE = 2;

export interface Programs {
  readonly kubectl: Program;
  readonly ours: Program;
}

/** Runs the cases under both programs; what went wrong with the harness itself is an Error in the place of a result. */
export function compareAll(cases: readonly Case[], programs: Programs, pki: Pki): Promise<Map<Case, Result | Error>> {
  return forEachCase(cases, pki, async (given, world, host) => {
    const kubectl = await run(programs.kubectl, given, world);
    const ours = await run(programs.ours, given, world);
    return { kubectl, ours, folder: world.folder, host };
  });
}

/** Does `work` in a world of its own for each case, two at a time, in order. `host` is `127.0.0.1:PORT` of the case's API server. */
export async function forEachCase<T>(
  cases: readonly Case[],
  pki: Pki,
  work: (given: Given, world: World, host: string) => Promise<T>,
): Promise<Map<Case, T | Error>> {
  const results = new Map<Case, T | Error>();
  const queue = cases.values();
  const inTurn = async () => {
    for (const wanted of queue) results.set(wanted, await inWorld(wanted, pki, work).catch((error: Error) => error));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, inTurn));
  return results;
}

async function inWorld<T>(wanted: Case, pki: Pki, work: (given: Given, world: World, host: string) => Promise<T>): Promise<T> {
  const world = await createWorld(pki);
  try {
    const api = await world.api('api', wanted.api);
    return await work(await wanted.given(api, world), world, `127.0.0.1:${api.port}`);
  } finally {
    await world.close();
  }
}
