import { goQuote } from '../../../text/go-quote.ts';

/** Keys and indexes from the root of an object. */
export type FieldPath = readonly (string | number)[];

/** What the API server would refuse, in its own words, and where. */
export interface Violation {
  readonly path: FieldPath;
  readonly text: string;
}

/** `spec.predictor.containers[0].name`, as the API server writes it. */
export function pathText(path: FieldPath): string {
  return path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`), '');
}

/** `https://pkg.go.dev/k8s.io/apimachinery/pkg/util/validation/field#Error`: what is wrong, the value, and details. */
export function fieldError(path: FieldPath, error: string, detail = ''): Violation {
  return { path, text: [pathText(path), error, detail].filter((part) => part !== '').join(': ') };
}

export function invalidValue(path: FieldPath, value: unknown, detail: string): Violation {
  return fieldError(path, `Invalid value: ${valueText(value)}`, detail);
}

export function requiredValue(path: FieldPath, detail = ''): Violation {
  return fieldError(path, 'Required value', detail);
}

/** Far more than anyone reads; a value may be megabytes. */
const LONGEST_VALUE = 500;

/** A value as Go prints it in errors. What is too long is cut. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return goQuote(cut(value));
  return cut(jsonText(value));
}

/** JSON of a value that may be nested deeper than the stack allows. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch {
    return Array.isArray(value) ? '[…]' : '{…}';
  }
}

function cut(text: string): string {
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`;
}
