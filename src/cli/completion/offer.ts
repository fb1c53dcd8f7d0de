import type { ConnectionOptions } from '../../cluster/connection-options.ts';
import type { Candidate } from './complete.ts';

/** What a source has to offer; `activeHelp` says why if it is not all. */
export interface Offer {
  readonly candidates: readonly Candidate[];
  readonly activeHelp?: string | undefined;
  /** More of the same word follows. */
  readonly unfinished?: boolean;
  /** The cluster could not be asked. */
  readonly isUnknown?: boolean;
}

/** The command line so far, as far as sources look at it. */
export interface CandidatesRequest {
  readonly connection: ConnectionOptions;
  /** Patterns of `--contexts`, of which the first context answers for all. */
  readonly contexts: readonly string[];
  readonly allNamespaces: boolean;
  readonly typed: string;
}

export const words = (names: Iterable<string>): readonly Candidate[] => [...new Set(names)].toSorted().map((word) => ({ word }));
