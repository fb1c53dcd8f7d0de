/** Milliseconds by which the server's clock may be ahead of ours. */
const SKEW = 5 * 60_000;

/** Whether a time is known to be less than so many milliseconds ago. What has no time, or one of a far future, is not. */
export function isNewerThan(milliseconds: number, time: string | undefined, now: Date): boolean {
  const age = time === undefined ? Number.NaN : now.getTime() - Date.parse(time);
  return age < milliseconds && age > -SKEW;
}
