import type { Report } from '../../domain/doctor/report.ts';
import type { NamespaceState } from '../../queries/namespace-state.ts';
import type { Target } from './request.ts';

export interface Searched {
  readonly in: 'cluster' | 'files';
  /** Undefined: all of them. */
  readonly namespace: string | undefined;
  /** Asked only where nothing, or not all, was found. */
  readonly namespaceState?: NamespaceState | undefined;
}

/** Something that was named and is not there. */
export interface MissingTarget extends Target {
  /** What was probably meant. */
  readonly near?: string | undefined;
}

/** What came of looking. */
export interface Examined {
  readonly report: Report;
  /** Named, and surely not there. */
  readonly missing: readonly MissingTarget[];
  /** A file that is to be applied could not be read; the others were. */
  readonly lacksFile?: boolean | undefined;
  /** For people alone, escaped. */
  readonly notes?: readonly string[] | undefined;
  /** Where services were looked for. */
  readonly searched: Searched;
  /** The time from which ages count. */
  readonly now: Date;
}
