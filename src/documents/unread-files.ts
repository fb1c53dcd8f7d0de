import type { InputError } from '../errors.ts';

/** Of a dump may be thousands. */
const MOST_NAMED = 10;

/** What is said of files that could not be read, not escaped yet: each with its place and reason, and how many more there are. */
export function unreadFileTexts(failures: readonly InputError[]): readonly string[] {
  const more = failures.length - MOST_NAMED;
  const rest = more > 0 ? [`${more} more file${more === 1 ? '' : 's'} could not be read`] : [];
  return [...failures.slice(0, MOST_NAMED).map(({ message }) => message), ...rest];
}
