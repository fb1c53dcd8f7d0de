import { lookUp } from './look-up.ts';

const MILLISECONDS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  '\u00b5s': 1e-3,
  '\u03bcs': 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const TERM = /(\d+(?:\.\d*)?|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/g;
const TERMS = new RegExp(`^(?:${TERM.source})+$`);

/** Go's `time.ParseDuration` in milliseconds; undefined if the text is no duration. */
export function parseGoDuration(text: string): number | undefined {
  const [, sign, terms = ''] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  if (terms === '0') return 0;
  if (!TERMS.test(terms)) return undefined;
  const total = [...terms.matchAll(TERM)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * (lookUp(MILLISECONDS, unit ?? '') ?? 0),
    0,
  );
  return total > LONGEST ? undefined : sign === '-' ? -total : total;
}

/** What an int64 of nanoseconds holds, in milliseconds. */
export const LONGEST = 2 ** 63 / 1e6;

function decimal(value: number, unit: string): string {
  return `${Number(value.toFixed(9))}${unit}`;
}

/** Milliseconds as Go's `Duration.String` writes them: `1m30s`, `1.5s`, `20ms`. */
export function formatGoDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0s';
  if (milliseconds < 1e-3) return decimal(milliseconds * 1e6, 'ns');
  if (milliseconds < 1) return decimal(milliseconds * 1e3, '\u00b5s');
  if (milliseconds < 1000) return decimal(milliseconds, 'ms');
  const hours = Math.floor(milliseconds / 3_600_000);
  const minutes = Math.floor((milliseconds % 3_600_000) / 60_000);
  const seconds = decimal((milliseconds % 60_000) / 1000, 's');
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}
