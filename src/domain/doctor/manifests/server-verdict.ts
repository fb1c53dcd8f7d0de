import type { ClusterError } from '../../../errors.ts';
import type { Violation } from '../../kubernetes/schema/violation.ts';

/** What the API server said of a manifest in a dry run. */
export type ServerVerdict =
  /** `exists`: it is there already, and the change was accepted. */
  | { readonly state: 'accepted'; readonly exists: boolean }
  | { readonly state: 'refused'; readonly violations: readonly Violation[] }
  /** `why`: one clause. `missing`: what is not there, the namespace that it goes to or, as it seems, its kind. `isServed`: a kind that only the cluster knows. `failure`: of the request, if there was one. */
  | {
      readonly state: 'untried';
      readonly why: string;
      readonly missing?: 'namespace' | 'kind' | undefined;
      readonly isServed?: boolean;
      readonly failure?: ClusterError;
    };
