import type { Violation } from '../../kubernetes/schema/violation.ts';

/** What the API server said of a manifest in a dry run. */
export type ServerVerdict =
  | { readonly state: 'accepted' }
  | { readonly state: 'refused'; readonly violations: readonly Violation[] }
  /** `why`: one clause. */
  | { readonly state: 'untried'; readonly why: string };
