import { DOCUMENT, MAPPING, type Outline, POP, SCALAR, SEQUENCE } from './outline.ts';

const OBJECT_START = /\s*\{/y;

/** Offsets where JSON objects begin that follow each other without a separator, as jq writes them; of any other text its beginning. */
export function jsonStarts(text: string): readonly number[] {
  const starts: number[] = [];
  const { length } = text.trimEnd();
  for (let from = 0; from < length; ) {
    OBJECT_START.lastIndex = from;
    const end = OBJECT_START.test(text) ? jsonEnd(text, from) : undefined;
    if (end === undefined) return [0];
    starts.push(from);
    from = end;
  }
  return starts;
}

/** Where the object that begins at or after an offset ends; undefined if it does not. */
function jsonEnd(text: string, from: number): number | undefined {
  const marks = /["{}[\]]/g;
  marks.lastIndex = from;
  let depth = 0;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    if (mark[0] === '"') marks.lastIndex = stringEnd(text, marks.lastIndex);
    else depth += mark[0] === '{' || mark[0] === '[' ? 1 : -1;
    if (depth === 0 && mark[0] !== '"') return marks.lastIndex;
  }
  return undefined;
}

function stringEnd(text: string, from: number): number {
  const end = /["\\]/g;
  end.lastIndex = from;
  for (let mark = end.exec(text); mark !== null; mark = end.exec(text)) {
    if (mark[0] === '"') return end.lastIndex;
    end.lastIndex++;
  }
  return text.length;
}

/** As deep as js-yaml goes. */
const DEEPEST = 100;

/** A mapping or sequence that is not at its end. */
interface Open {
  /** Keys so far; undefined in a sequence. */
  readonly keys: Set<string> | undefined;
  isKeyNext: boolean;
}

interface Builder {
  readonly kinds: number[];
  readonly starts: number[];
  readonly contents: number[];
  readonly ends: number[];
  readonly open: Open[];
}

/**
 * The outline of a JSON text that `JSON.parse` takes, without the YAML library. Undefined if a key stands twice in a mapping or the text is nested
 * too deeply: the library says where.
 */
export function jsonOutline(text: string): Outline | undefined {
  const builder: Builder = { kinds: [], starts: [], contents: [], ends: [], open: [] };
  add(builder, DOCUMENT);
  const tokens = /"|[[\]{},]|[^\s"[\]{},:]+/g;
  for (let token = tokens.exec(text); token !== null; token = tokens.exec(text)) {
    if (token[0] === '"') tokens.lastIndex = stringEnd(text, tokens.lastIndex);
    if (!take(builder, token[0], token.index, tokens.lastIndex, text)) return undefined;
  }
  add(builder, POP);
  const { kinds, starts, contents, ends } = builder;
  return {
    text,
    kinds: Uint8Array.from(kinds),
    starts: Int32Array.from(starts),
    contents: Int32Array.from(contents),
    ends: Int32Array.from(ends),
  };
}

function add({ kinds, starts, contents, ends }: Builder, kind: number, start = -1, content = start, end = start): void {
  kinds.push(kind);
  starts.push(start);
  contents.push(content);
  ends.push(end);
}

/** False for what the outline cannot hold. */
function take(builder: Builder, token: string, start: number, end: number, text: string): boolean {
  const { open } = builder;
  switch (token) {
    case '{':
    case '[':
      add(builder, token === '{' ? MAPPING : SEQUENCE, start);
      open.push({ keys: token === '{' ? new Set() : undefined, isKeyNext: true });
      return open.length <= DEEPEST;
    case '}':
    case ']':
      add(builder, POP);
      open.pop();
      return true;
    case ',':
      expectKey(open.at(-1));
      return true;
    case '"':
      add(builder, SCALAR, start, start + 1, end - 1);
      return isNewKey(open.at(-1), text.slice(start + 1, end - 1));
    default:
      add(builder, SCALAR, start, start, end);
      return true;
  }
}

function expectKey(inside: Open | undefined): void {
  if (inside !== undefined) inside.isKeyNext = true;
}

/** False for a key that is there already. */
function isNewKey(inside: Open | undefined, key: string): boolean {
  if (inside?.keys === undefined || !inside.isKeyNext) return true;
  inside.isKeyNext = false;
  const { size } = inside.keys;
  return inside.keys.add(key).size > size;
}
