import { lookUp } from '../../text/look-up.ts';
import { compare } from './compare.ts';
import { entriesOf, goByte, kindOf, typeName } from './go-value.ts';
import { type Action, type Node, type Slice, TemplateError } from './node.ts';
import { itemsOf } from './slice.ts';

type Values = readonly unknown[];

/** What a step leads to. */
interface Outcome {
  /** Together with an error: what a filter that asks whether something is there takes for an answer. */
  readonly values: Values;
  readonly error?: string;
}

export interface EvaluateOptions {
  /** A field that is nowhere is an error unless this is set. */
  readonly allowMissingKeys: boolean;
  /** Called for each `range` and each `end` that is met. */
  readonly onWord: (word: string) => Outcome;
}

/** Of one step: `..` behind `..` multiplies what it finds, and anybody may store a deep object. */
const MOST_VALUES = 1_000_000;

/**
 * Follows one node from the values at hand, by the rules of client-go: https://github.com/kubernetes/client-go/blob/master/util/jsonpath/jsonpath.go
 * An action without steps is what it begins with.
 */
export function evaluate(values: Values, node: Node, options: EvaluateOptions): Outcome {
  const outcome = follow(values, node, options);
  checkCount(outcome.values);
  return outcome;
}

function checkCount({ length }: Pick<Values, 'length'>): void {
  if (length > MOST_VALUES) throw new TemplateError(`the template selects more than ${MOST_VALUES} values`);
}

function follow(values: Values, node: Node, options: EvaluateOptions): Outcome {
  switch (node.kind) {
    case 'action':
      return followAll(values, node, options);
    case 'text':
      return { values: [node.text] };
    case 'literal':
      return { values: values.map(() => node.value) };
    case 'field':
      return fieldOf(values, node.name, options);
    case 'slice':
      return sliceOf(values, node.slice);
    case 'filter':
      return filtered(values, node, options);
    case 'union':
      return unionOf(values, node.actions, options);
    case 'wildcard':
      return { values: values.flatMap(childrenOf) };
    case 'recursive':
      return { values: descendants(values) };
    case 'word':
      return node.word === 'range' ? { ...options.onWord(node.word), values } : options.onWord(node.word);
  }
}

function followAll(values: Values, { steps }: Action, options: EvaluateOptions): Outcome {
  let outcome: Outcome = { values };
  for (const step of steps) {
    outcome = evaluate(outcome.values, step, options);
    if (outcome.error !== undefined) return outcome;
  }
  return outcome;
}

function unionOf(values: Values, actions: readonly Action[], options: EvaluateOptions): Outcome {
  const found: unknown[] = [];
  for (const action of actions) {
    const outcome = followAll(values, action, options);
    if (outcome.error !== undefined) return { values, error: outcome.error };
    for (const value of outcome.values) found.push(value);
  }
  return { values: found };
}

function fieldOf(values: Values, name: string, { allowMissingKeys }: EvaluateOptions): Outcome {
  const found = values.flatMap((value) => (kindOf(value) === 'map' && Object.hasOwn(value as object, name) ? [valueAt(value, name)] : []));
  const isMissing = found.length === 0 && values.length > 0 && !allowMissingKeys;
  return { values: found, ...(isMissing && { error: `${name} is not found` }) };
}

function valueAt(map: unknown, name: string): unknown {
  return lookUp(map as Readonly<Record<string, unknown>>, name);
}

/** What is directly in a value; in a text its bytes. */
function childrenOf(value: unknown): Values {
  switch (kindOf(value)) {
    case 'map':
      return entriesOf(value).map(([, field]) => field);
    case 'list':
      return value as Values;
    case 'string':
      return bytesOf(String(value));
    default:
      return [];
  }
}

function bytesOf(text: string): Values {
  const bytes = Buffer.from(text);
  checkCount(bytes);
  return [...bytes].map(goByte);
}

/** Every value that has something in it, from the outside in: maps, lists and texts that are not empty. */
function descendants(values: Values): Values {
  const found: unknown[] = [];
  const visit = (value: unknown): void => {
    const children = kindOf(value) === 'string' ? [] : childrenOf(value);
    if (children.length === 0 && (kindOf(value) !== 'string' || value === '')) return;
    found.push(value);
    checkCount(found);
    children.forEach(visit);
  };
  values.forEach(visit);
  return found;
}

function sliceOf(values: Values, slice: Slice): Outcome {
  const found: unknown[] = [];
  for (const value of values.filter((one) => one !== null)) {
    if (!Array.isArray(value)) return { values, error: `${typeName(value)} is not array or slice` };
    const items = itemsOf(value, slice);
    if (typeof items === 'string') return { values, error: items };
    // An empty one ends it all.
    if (items.length === 0) break;
    for (const item of items) found.push(item);
  }
  return { values: found };
}

type Filter = Extract<Node, { kind: 'filter' }>;

function filtered(values: Values, filter: Filter, options: EvaluateOptions): Outcome {
  const found: unknown[] = [];
  for (const value of values) {
    const error = Array.isArray(value)
      ? filterInto(found, value, filter, options)
      : `${typeName(value)} is not array or slice and cannot be filtered`;
    if (error !== undefined) return { values, error };
  }
  return { values: found };
}

/** Adds the items that pass, up to an error. */
function filterInto(found: unknown[], items: Values, filter: Filter, options: EvaluateOptions): string | undefined {
  for (const item of items) {
    const fits = passes(item, filter, options);
    if (typeof fits === 'string') return fits;
    if (fits) found.push(item);
  }
  return undefined;
}

/** Whether an item passes, or the error. */
function passes(item: unknown, { left, right, operator }: Filter, options: EvaluateOptions): boolean | string {
  const lefts = followAll([item], left, options);
  if (operator === 'exists') return lefts.values.length > 0;
  if (lefts.error !== undefined) return lefts.error;
  if (lefts.values.length !== 1) return lefts.values.length > 1 && ONE_AT_A_TIME;
  const rights = followAll([item], right, options);
  if (rights.error !== undefined) return rights.error;
  if (rights.values.length !== 1) return rights.values.length > 1 && ONE_AT_A_TIME;
  return compare(lefts.values[0], operator, rights.values[0]);
}

const ONE_AT_A_TIME = 'can only compare one element at a time';
