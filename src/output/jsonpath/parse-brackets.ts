import { type Action, type Node, type Slice, TemplateError } from './node.ts';
import { next, type Scanner } from './scanner.ts';

/** Reads what stands in brackets as if it stood in braces. */
type ParseAction = (text: string) => Action;

const KEY = /^'([^']*)'$/;
const SLICE = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/;
const COMPARISON = /^([^!<>=]+)([!<>=]+)([^\n]+?)$/;

/** `[0]`, `[-1:]`, `[*]`, `['key']`, `['a','b']`, behind the opening bracket. @throws TemplateError */
export function parseBrackets(scanner: Scanner, parseAction: ParseAction): readonly Node[] {
  const start = scanner.at;
  for (let character = next(scanner); character !== ']'; character = next(scanner)) {
    if (character === '' || character === '\n') throw new TemplateError('unterminated array');
  }
  const written = scanner.text.slice(start, scanner.at - 1);
  const text = written === '*' ? ':' : written;
  const parts = text.split(',');
  if (parts.length > 1) return [{ kind: 'union', actions: parts.map((part) => parseAction(`[${part.replace(/^ +| +$/g, '')}]`)) }];
  const [, key] = KEY.exec(text) ?? [];
  return key === undefined ? [{ kind: 'slice', slice: parseSlice(text) }] : parseAction(`.${key}`).steps;
}

function parseSlice(text: string): Slice {
  const match = SLICE.exec(text);
  if (match === null) throw new TemplateError(`invalid array index ${text}`);
  const [, first = '', second, third] = match;
  const start = parseIndex(first);
  const isIndex = second === undefined;
  return { start, end: isIndex ? (start ?? 0) + 1 : parseIndex(second.slice(1)), step: parseIndex(third?.slice(1) ?? ''), isIndex };
}

function parseIndex(text: string): number | undefined {
  if (text === '') return undefined;
  const index = text === '-' ? Number.NaN : Number(text);
  if (Math.abs(index) < 2 ** 63) return index;
  throw new TemplateError(`array index ${text} is not a number`);
}

/** `[?(@.name=="a")]`, and without an operator: whether it is there. @throws TemplateError */
export function parseFilter(scanner: Scanner, parseAction: ParseAction): Node {
  scanner.at += '[?('.length;
  const start = scanner.at;
  skipFilter(scanner);
  if (next(scanner) !== ']') throw new TemplateError('unclosed array expect ]');
  const text = scanner.text.slice(start, scanner.at - 2);
  const [, left, operator, right] = COMPARISON.exec(text) ?? [];
  if (left === undefined || operator === undefined || right === undefined) {
    return { kind: 'filter', left: parseAction(text), right: { kind: 'action', steps: [] }, operator: 'exists' };
  }
  return { kind: 'filter', left: parseAction(left), right: parseAction(right), operator };
}

/** To behind the closing parenthesis. One quoted text can hold others; after it quotes are not looked at. */
function skipFilter(scanner: Scanner): void {
  const quotes = { opened: '', isClosed: false };
  for (let character = next(scanner); character !== ')' || isQuoted(quotes); character = next(scanner)) {
    if (character === '' || character === '\n') throw new TemplateError('unterminated filter');
    if (character === '"' || character === "'") noteQuote(quotes, character, scanner);
  }
}

interface Quotes {
  opened: string;
  isClosed: boolean;
}

function isQuoted({ opened, isClosed }: Quotes): boolean {
  return opened !== '' && !isClosed;
}

function noteQuote(quotes: Quotes, quote: string, { text, at }: Scanner): void {
  if (quotes.opened === '') quotes.opened = quote;
  else if (quote === quotes.opened && text[at - 2] !== '\\') quotes.isClosed = true;
}
