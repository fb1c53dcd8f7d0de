/** A piece of a template. A template is a list of texts, as they stand, and actions, which are what is in braces. */
export type Node =
  | Action
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'slice'; readonly slice: Slice }
  | { readonly kind: 'filter'; readonly left: Action; readonly right: Action; readonly operator: string }
  | { readonly kind: 'union'; readonly actions: readonly Action[] }
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'wildcard' | 'recursive' };

/** Steps that follow each other; without any it is the value that it begins with. */
export interface Action {
  readonly kind: 'action';
  readonly steps: readonly Node[];
}

/** `[start:end:step]`; undefined where nothing was written. */
export interface Slice {
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly step: number | undefined;
  /** A single index was written, and `end` is the one after it. */
  readonly isIndex: boolean;
}

/** A template that is none, or one that the data do not fit, in client-go's words. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}
