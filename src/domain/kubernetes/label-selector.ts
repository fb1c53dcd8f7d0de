import { UsageError } from '../../errors.ts';
import { lookUp } from '../../text/look-up.ts';

type LabelOperator = '=' | '!=' | 'in' | 'notin' | 'exists' | '!' | '>' | '<';

/** One condition of a label selector; all must hold. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  readonly values: readonly string[];
}

// https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/util/validation/validation.go
const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const PREFIX = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const MAXIMUM_PREFIX = 253;
const INTEGER = /^[-+]?\d+$/;

const TOKEN = /\s+|[(),]|[=!<>]+|[^\s(),=!<>]+/gy;
const OPERATORS: Readonly<Record<string, LabelOperator>> = { '=': '=', '==': '=', '!=': '!=', '>': '>', '<': '<' };

/**
 * Reads a label selector as the API server does, so that a bad one is refused before anything is sent.
 * https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/labels/selector.go
 *
 * @throws UsageError
 */
export function parseLabelSelector(text: string): readonly LabelRequirement[] {
  const tokens = (text.match(TOKEN) ?? []).filter((token) => token.trim() !== '');
  if (tokens.length === 0) return [];
  return splitAtCommas(tokens).map((part) => parseRequirement(part, text));
}

/** Commas inside parentheses separate values, not requirements. */
function splitAtCommas(tokens: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  let isInside = false;
  for (const token of tokens) {
    if (token === '(') isInside = true;
    if (token === ')') isInside = false;
    if (token === ',' && !isInside) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function parseRequirement(tokens: readonly string[], selector: string): LabelRequirement {
  const [first, second, ...rest] = tokens;
  if (first === undefined) throw badSelector(selector, 'a label key is missing beside a comma');
  if (first === '!') {
    if (second === undefined || rest.length > 0) throw badSelector(selector, 'one label key must follow "!"');
    return { key: labelKey(second, selector), operator: '!', values: [] };
  }
  const key = labelKey(first, selector);
  if (second === undefined) return { key, operator: 'exists', values: [] };
  if (second === 'in' || second === 'notin') return { key, operator: second, values: valueSet(second, rest, selector) };
  return comparison(key, second, rest, selector);
}

function comparison(key: string, sign: string, rest: readonly string[], selector: string): LabelRequirement {
  const operator = lookUp(OPERATORS, sign);
  if (operator === undefined) throw badSelector(selector, `${quote(sign)} is no operator: use =, ==, !=, in, notin, < or >`);
  if (rest.length > 1) throw badSelector(selector, `${quote(rest.slice(1).join(' '))} after a value: requirements are separated by commas`);
  const value = labelValue(rest[0] ?? '', selector);
  if ((operator === '<' || operator === '>') && !INTEGER.test(value)) throw badSelector(selector, `${quote(sign)} compares integers`);
  return { key, operator, values: [value] };
}

function valueSet(operator: string, tokens: readonly string[], selector: string): readonly string[] {
  const inner = tokens.slice(1, -1);
  if (tokens[0] !== '(' || tokens.length < 2 || tokens.at(-1) !== ')')
    throw badSelector(selector, `values in parentheses must follow "${operator}"`);
  const values: string[] = [''];
  for (const token of inner) {
    if (token === ',') values.push('');
    else if (values.at(-1) === '') values[values.length - 1] = labelValue(token, selector);
    else throw badSelector(selector, 'values in parentheses are separated by commas');
  }
  return values;
}

function labelKey(key: string, selector: string): string {
  const [name = '', prefix, ...more] = key.split('/').reverse();
  const isPrefix = prefix === undefined || (prefix.length <= MAXIMUM_PREFIX && PREFIX.test(prefix));
  if (more.length === 0 && isPrefix && NAME.test(name)) return key;
  throw badSelector(selector, `${quote(key)} is no label key: letters, digits, "-", "_" and ".", with a DNS name and "/" before it if any`);
}

function labelValue(value: string, selector: string): string {
  if (value === '' || NAME.test(value)) return value;
  throw badSelector(selector, `${quote(value)} is no label value: at most 63 letters, digits, "-", "_" and ".", and no sign at its ends`);
}

function quote(text: string): string {
  return JSON.stringify(text);
}

function badSelector(selector: string, problem: string): UsageError {
  return new UsageError(`invalid label selector ${quote(selector)}: ${problem}`);
}
