import { fieldOf, listOf, textOf } from '../../kubernetes/json-value.ts';
import type { FieldPath, Violation } from '../../kubernetes/schema/violation.ts';

/** A part of an object, and where it stands. */
export interface Part {
  readonly value: unknown;
  readonly path: FieldPath;
}

/** The part of a part; its value is undefined if it is not there. */
export function part({ value, path }: Part, ...steps: FieldPath): Part {
  return {
    value: steps.reduce<unknown>((found, step) => (typeof step === 'number' ? listOf(found)[step] : fieldOf(found, step)), value),
    path: [...path, ...steps],
  };
}

export function items(list: Part): readonly Part[] {
  return listOf(list.value).map((_, index) => part(list, index));
}

/** To Go null is not there. */
export function isSet({ value }: Part): boolean {
  return value !== undefined && value !== null;
}

export function numberAt(from: Part, ...steps: FieldPath): number | undefined {
  const { value } = part(from, ...steps);
  return typeof value === 'number' ? value : undefined;
}

/** To Go a text that is not there is an empty one. */
export function textAt(from: Part, ...steps: FieldPath): string {
  return textOf(part(from, ...steps).value) ?? '';
}

export function refusal({ path }: Part, text: string): Violation {
  return { path, text };
}

/** One refusal if a rule is broken. */
export function unless(holds: boolean, at: Part, text: string): readonly Violation[] {
  return holds ? [] : [refusal(at, text)];
}
