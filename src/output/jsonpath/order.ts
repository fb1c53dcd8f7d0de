import { goQuote } from '../../text/go-quote.ts';
import { asUsage } from './as-usage.ts';
import { relaxedPath } from './relaxed-path.ts';
import { sortedBy } from './sort.ts';

/** Puts items in order by what their objects have. @throws UsageError if they have it not, or cannot be compared */
export type Order = <T>(items: readonly T[], objectOf: (item: T) => unknown) => readonly T[];

/** What `--sort-by` asks for. @throws UsageError */
export function orderBy(text: string): Order {
  const path = asUsage(() => relaxedPath(text), `invalid argument ${goQuote(text)} for "--sort-by" flag: `);
  return (items, objectOf) => asUsage(() => sortedBy(items, path, objectOf));
}
