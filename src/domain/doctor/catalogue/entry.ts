import type { Severity } from '../../finding.ts';

/** What is the same for all findings of one code: `doctor --explain CODE` and `docs/findings.md` show it. */
export interface CatalogueEntry {
  /** One clause, without a full stop. */
  readonly title: string;
  readonly severity: Severity;
  readonly why: string;
  readonly fix: string;
  /** The KServe release that first behaves like this; absent: all that have the kind. */
  readonly since?: string;
  /** Issues of kserve/kserve by number, or URLs. */
  readonly references: readonly (number | string)[];
}
