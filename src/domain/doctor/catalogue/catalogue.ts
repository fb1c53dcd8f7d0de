import type { CatalogueEntry } from './entry.ts';
import { INSTALLATION } from './installation.ts';
import { MANIFESTS } from './manifests.ts';
import { ROLLOUT } from './rollout.ts';
import { RUNTIMES } from './runtimes.ts';
import { SELECTION } from './selection.ts';
import { WORKLOAD } from './workload.ts';

const ENTRIES = { ...SELECTION, ...WORKLOAD, ...ROLLOUT, ...INSTALLATION, ...MANIFESTS, ...RUNTIMES };

/** The stable name of a kind of fault. */
export type Code = keyof typeof ENTRIES;

/** Every code, in the order in which doctor looks: roots before what follows from them. */
export const CODES = Object.keys(ENTRIES) as readonly Code[];

export function catalogueEntry(code: Code): CatalogueEntry {
  return ENTRIES[code];
}

export function isCode(word: string): word is Code {
  return Object.hasOwn(ENTRIES, word);
}
