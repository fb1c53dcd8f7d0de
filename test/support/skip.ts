const reported = new Set<string>();

/** Skips what this machine cannot run, and says once why; with `REQUIRE_CONTROL_PLANE`, as in CI, it fails instead. */
export function skipOrFail(context: Mocha.Context, reason: string): never {
  if (process.env.REQUIRE_CONTROL_PLANE) throw new Error(`REQUIRE_CONTROL_PLANE is set: ${reason}`);
  return skip(context, reason);
}

/** The same for what CI may lack too. */
export function skip(context: Mocha.Context, reason: string): never {
  if (!reported.has(reason)) process.stderr.write(`Skipped: ${reason}\n`);
  reported.add(reason);
  return context.skip();
}

/** Skips what is about something that Windows does not have, such as `named pipes`. */
export function skipOnWindows(context: Mocha.Context, what: string): void {
  if (process.platform === 'win32') skip(context, `Windows has no ${what}`);
}
