const actions: (() => Promise<void>)[] = [];

/** Has `hooks.ts` run `action` after the last test, also if tests failed. */
export function atTeardown(action: () => Promise<void>): void {
  actions.push(action);
}

/** Runs all actions, the latest first; rejects if any did, after all had their turn. */
export async function tearDown(): Promise<void> {
  const failures: unknown[] = [];
  for (const action of actions.splice(0).reverse()) await action().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, `the run left something behind:\n${failures.join('\n')}`);
}
