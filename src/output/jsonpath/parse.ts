import { exactInteger, goFloat } from './go-value.ts';
import { type Action, type Node, TemplateError } from './node.ts';
import { parseBrackets, parseFilter } from './parse-brackets.ts';
import { next, peek, type Scanner, takeWhile } from './scanner.ts';
import { unquote } from './unquote.ts';

/**
 * Reads a template by the rules of kubectl: those of client-go's util/jsonpath, whose grammar is no other JSONPath's.
 * https://kubernetes.io/docs/reference/kubectl/jsonpath/, https://github.com/kubernetes/client-go/blob/master/util/jsonpath/parser.go
 * @throws TemplateError in the words of client-go
 */
export function parseTemplate(text: string): readonly Node[] {
  const scanner: Scanner = { text, at: 0 };
  const nodes: Node[] = [];
  while (scanner.at < text.length) {
    const plain = takeWhile(scanner, (character) => character !== '{');
    if (plain !== '') nodes.push({ kind: 'text', text: plain });
    if (next(scanner) === '{') nodes.push({ kind: 'action', steps: parseSteps(scanner) });
  }
  return nodes;
}

/** What is written in braces, as a template of its own: a brace in it ends it. */
function parseAction(text: string): Action {
  const [action] = parseTemplate(`{${text}}`);
  return action?.kind === 'action' ? action : { kind: 'action', steps: [] };
}

function parseSteps(scanner: Scanner): readonly Node[] {
  const steps: Node[] = [];
  for (;;) {
    const rest = (start: string): boolean => scanner.text.startsWith(start, scanner.at);
    if (rest('}')) {
      scanner.at += 1;
      return steps;
    }
    if (rest('[?(')) steps.push(parseFilter(scanner, parseAction));
    else if (rest('..')) steps.push(...parseRecursive(scanner, steps.at(-1)));
    else steps.push(...parseStep(scanner));
  }
}

function parseRecursive(scanner: Scanner, before: Node | undefined): readonly Node[] {
  if (before?.kind === 'recursive') throw new TemplateError('invalid multiple recursive descent');
  scanner.at += 2;
  return [{ kind: 'recursive' }, ...(isWordCharacter(peek(scanner)) ? [parseField(scanner)] : [])];
}

function parseStep(scanner: Scanner): readonly Node[] {
  const character = peek(scanner);
  if (isEndOfLine(character)) throw new TemplateError('unclosed action');
  if (/[+\-\p{Nd}]/u.test(character)) return [parseNumber(scanner)];
  if (isWordCharacter(character)) return [parseWord(scanner)];
  scanner.at += character.length;
  switch (character) {
    // The object at hand is where every step starts.
    case ' ':
    case '@':
    case '$':
      return [];
    case '[':
      return parseBrackets(scanner, parseAction);
    case '"':
    case "'":
      return [parseQuoted(scanner, character)];
    case '.':
      return [parseField(scanner)];
    default:
      throw new TemplateError(`unrecognized character in action: ${unicodeName(character)}`);
  }
}

/** `range`, `end`, `true`, `false`; which words mean something is found out when they are met. */
function parseWord(scanner: Scanner): Node {
  const word = takeWhile(scanner, (character) => !isTerminator(character));
  return word === 'true' || word === 'false' ? { kind: 'literal', value: word === 'true' } : { kind: 'word', word };
}

const NUMBER = /[+-]?[.\p{Nd}]*/uy;

function parseNumber(scanner: Scanner): Node {
  NUMBER.lastIndex = scanner.at;
  const [text = ''] = NUMBER.exec(scanner.text) ?? [];
  scanner.at += text.length;
  return { kind: 'literal', value: numberOf(text) };
}

const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;

/** An integer of 64 bits, else a floating point number. */
function numberOf(text: string): unknown {
  if (/^[+-]?\d+$/.test(text)) {
    const integer = BigInt(text.replace('+', ''));
    if (integer >= LEAST && integer <= MOST) return exactInteger(integer);
  }
  const number = /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(number)) throw new TemplateError(`cannot parse number ${text}`);
  return goFloat(number);
}

function parseField(scanner: Scanner): Node {
  const start = scanner.at;
  for (let character = peek(scanner); !isTerminator(character); character = peek(scanner)) {
    next(scanner);
    // What follows a backslash ends nothing.
    if (character === '\\') next(scanner);
  }
  const name = scanner.text.slice(start, scanner.at);
  return name === '*' ? { kind: 'wildcard' } : { kind: 'field', name: name.replaceAll('\\', '') };
}

function parseQuoted(scanner: Scanner, quote: string): Node {
  const start = scanner.at - 1;
  for (;;) {
    const character = next(scanner);
    if (character === '' || character === '\n') throw new TemplateError('unterminated quoted string');
    if (character === quote && scanner.text[scanner.at - 2] !== '\\') break;
  }
  const quoted = scanner.text.slice(start, scanner.at);
  const text = unquote(quoted);
  if (text === undefined) throw new TemplateError(`unquote string ${quoted} error invalid syntax`);
  return { kind: 'text', text };
}

/** What ends a word or a field; so does the end of the template. */
function isTerminator(character: string): boolean {
  return character === '' || /[ \t\r\n.,[\]$@{}]/.test(character);
}

function isEndOfLine(character: string): boolean {
  return character === '' || character === '\r' || character === '\n';
}

function isWordCharacter(character: string): boolean {
  return /[_\p{L}\p{Nd}]/u.test(character);
}

/** As Go's `%#U`: `U+0028 '('`. https://pkg.go.dev/fmt */
function unicodeName(character: string): string {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(character) ? `${code} '${character}'` : code;
}
