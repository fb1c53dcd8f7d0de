import type { Fix } from '../../finding.ts';

/** Words of a program that fails, and what helps. The code of a finding never depends on them. */
export type KnownText = readonly [pattern: RegExp, fix: string];

/** Characters that are looked at: the end of a log says most. */
const MOST = 4096;

/** What helps against a text; undefined where it is not known. */
export function knownFix(texts: readonly KnownText[], text: string, commands?: readonly string[]): Fix | undefined {
  const end = text.slice(-MOST);
  const [, fix] = texts.find(([pattern]) => pattern.test(end)) ?? [];
  return fix === undefined ? undefined : { text: fix, ...(commands !== undefined && { commands }) };
}
