import type { Edit } from '../edit.ts';
import type { BindingNode, RoleNode } from '../rbac-graph.ts';

/** Why a request is not allowed, in the order of which the likelier comes first where all else is equal. */
export const CAUSE_CODES = [
  'kind-not-served',
  'not-logged-in',
  'denied-by-authorizer',
  'dangling-role-ref',
  'role-ref-kind',
  'rolebinding-for-cluster-scope',
  'wrong-namespace',
  'missing-verb',
  'wrong-api-group',
  'singular-resource',
  'misspelt-resource',
  'missing-subresource',
  'missing-resource',
  'resource-names',
  'subject-name-case',
  'subject-name',
  'subject-group-mismatch',
  'serviceaccount-namespace',
  'subject-kind',
  'not-bound',
  'aggregation-label',
  'aggregated-role-edited',
  'non-resource-url',
  'not-propagated',
  'may-not-impersonate',
  'escalation',
] as const;
export type CauseCode = (typeof CAUSE_CODES)[number];

/** One field that is not as it would have to be. */
export interface Gap {
  readonly code: CauseCode;
  readonly at: 'binding' | 'role';
  /** Path in that object, such as `rules[0].verbs`. */
  readonly field: string;
  /** What is there, as JSON if it is a list; `''` if nothing is. */
  readonly value: string;
  readonly wanted: string;
}

/** How near the object that is at fault is to the account: bound to it, bound to one of nearly its name, or to nobody like it. */
export type Closeness = 'bound' | 'near' | 'unbound';

/** What would allow the request: a near miss, as data. `code` is that of the first gap. */
export interface NearMiss {
  readonly code: CauseCode;
  readonly gaps: readonly Gap[];
  readonly binding: BindingNode | undefined;
  /** Absent if the binding names one that does not exist. */
  readonly role: RoleNode | undefined;
  readonly ruleIndex: number | undefined;
  readonly closeness: Closeness;
  /** The word there was hardly meant to be this one: any role of the group misses what it does not name. */
  readonly isFar: boolean;
  readonly edits: readonly Edit[];
  /** Other subjects that the edits give something. */
  readonly others: number;
}
