import type { Host } from './command.ts';

/** Answers kubectl's completion protocol. */
export async function completeWords(_words: readonly string[], host: Host): Promise<void> {
  host.streams.out.write(':4\n');
}
