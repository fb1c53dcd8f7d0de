import type { Event } from 'js-yaml';
import type { Yaml } from './yaml.ts';

/** The shape of a YAML text: where each of its nodes begins. Arrays of numbers, since a large file has millions. */
export interface Outline {
  readonly text: string;
  readonly kinds: Uint8Array;
  /** Offset in `text` where a node begins; of a quoted scalar, where its quotes do. -1: it is empty. */
  readonly starts: Int32Array;
  /** Offsets of the characters of a scalar. */
  readonly contents: Int32Array;
  readonly ends: Int32Array;
}

/** Keys and indexes from the root of an object. */
export type FieldPath = readonly (string | number)[];

// js-yaml's EVENT_ID, which is not loaded here.
export const DOCUMENT = 1;
export const SEQUENCE = 2;
export const MAPPING = 3;
export const SCALAR = 4;
const ALIAS = 5;
export const POP = 6;

/** Keeps what places are found by of a parser's events. */
export function toOutline(events: readonly Event[], text: string, yaml: Pick<Yaml, 'SCALAR_STYLE'>): Outline {
  const { length } = events;
  const outline = {
    text,
    kinds: new Uint8Array(length),
    starts: new Int32Array(length),
    contents: new Int32Array(length),
    ends: new Int32Array(length),
  };
  for (const [index, event] of events.entries()) {
    outline.kinds[index] = event.type;
    outline.starts[index] = startOf(event, yaml);
    if (event.type !== SCALAR) continue;
    outline.contents[index] = event.valueStart;
    outline.ends[index] = event.valueEnd;
  }
  return outline;
}

function startOf(event: Event, { SCALAR_STYLE }: Pick<Yaml, 'SCALAR_STYLE'>): number {
  if ('start' in event) return event.start;
  if ('valueStart' in event) {
    const isQuoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
    return event.valueStart - (isQuoted ? 1 : 0);
  }
  // The asterisk stands before the name.
  return 'anchorStart' in event ? event.anchorStart - 1 : -1;
}

/** The nodes directly in each document, in order: the first node of each. */
export function documentNodes({ kinds }: Outline): readonly number[] {
  const nodes: number[] = [];
  for (let node = 0; node < kinds.length; node = after(kinds, node)) nodes.push(node + 1);
  return nodes;
}

/** The nodes of a sequence. */
export function itemNodes({ kinds }: Outline, sequence: number): readonly number[] {
  const nodes: number[] = [];
  if (kinds[sequence] === SEQUENCE) for (let node = sequence + 1; kinds[node] !== POP; node = after(kinds, node)) nodes.push(node);
  return nodes;
}

/** The node that follows a node and all in it. */
function after(kinds: Uint8Array, node: number): number {
  let depth = 0;
  let next = node;
  do {
    const kind = kinds[next];
    if (kind === POP) depth--;
    else if (kind !== SCALAR && kind !== ALIAS) depth++;
    next++;
  } while (depth > 0);
  return next;
}

/** The value of a key in a mapping, and the key itself. Keys are compared as they are written, without their quotes. */
export function fieldNode(
  { text, kinds, contents, ends }: Outline,
  mapping: number,
  name: string,
): { readonly key: number; readonly value: number } | undefined {
  if (kinds[mapping] !== MAPPING) return undefined;
  for (let key = mapping + 1; kinds[key] !== POP; ) {
    const value = after(kinds, key);
    if (kinds[key] === SCALAR && text.slice(contents[key], ends[key]) === name) return { key, value };
    key = after(kinds, value);
  }
  return undefined;
}

/** Offset of a field below a node: of its key, or of an item. Of a path that leads nowhere, the last part of it that is there. */
export function fieldOffset(outline: Outline, root: number, path: FieldPath): number {
  let node = root;
  let place = root;
  for (const step of path) {
    const found = typeof step === 'number' ? itemAt(outline, node, step) : fieldNode(outline, node, step);
    if (found === undefined) break;
    node = found.value;
    place = found.key;
  }
  return Math.max(outline.starts[place] ?? 0, 0);
}

function itemAt(outline: Outline, sequence: number, index: number): { readonly key: number; readonly value: number } | undefined {
  const node = itemNodes(outline, sequence)[index];
  return node === undefined ? undefined : { key: node, value: node };
}
