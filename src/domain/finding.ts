import type { SourcePlace } from '../text/source-place.ts';

/** How bad a finding is: something does not work, will not work, or is worth knowing. */
export type Severity = 'error' | 'warning' | 'info';

export interface FindingObject {
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** What was read, verbatim, and where in which object. */
export interface Evidence {
  readonly object: FindingObject;
  /** Path of the field, such as `status.conditions[Ready].message`. */
  readonly field: string;
  readonly value: string;
}

/** What mends it: a sentence, and where possible commands to paste or a patch. */
export interface Fix {
  readonly text: string;
  readonly commands?: readonly string[] | undefined;
  readonly patch?: object | undefined;
}

/** A fault that was found, as data: `doctor`, `runtimes describe`, `rbac check` and `rbac explain` all report these, in text and in JSON. */
export interface Finding<Code extends string = string> {
  /** Kebab-case and stable. */
  readonly code: Code;
  readonly severity: Severity;
  readonly object: FindingObject;
  readonly field?: string | undefined;
  readonly source?: SourcePlace | undefined;
  /** A sentence that names the thing, the value and the place. */
  readonly message: string;
  readonly evidence: readonly Evidence[];
  readonly fix?: Fix | undefined;
  /** The finding that causes this one, where both are worth saying. */
  readonly because?: Finding | undefined;
}
