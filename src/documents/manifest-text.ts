import { InputError } from '../errors.ts';
import { lookUp } from '../text/look-up.ts';
import type { SourcePlace } from '../text/source-place.ts';
import { jsonOutline, jsonStarts } from './json-text.ts';
import { documentNodes, type FieldPath, fieldNode, fieldOffset, itemNodes, type Outline, toOutline } from './outline.ts';
import { placeText, textPlaces } from './text-places.ts';
import { goSchema, hasExcessiveAliases, withoutQuotes } from './yaml.ts';

/** An object of the Kubernetes API as a file has it: only that there is a kind and `metadata` is an object has been checked. */
export interface ManifestObject {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly metadata: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly creationTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** An object of a file, and where it stands there. */
export interface Manifest {
  readonly object: ManifestObject;
  /** Where the object begins. */
  readonly source: SourcePlace;
  /** Where a field of it stands: its key, or the item of a list. Of a path that leads nowhere, the last part of it that is there. */
  readonly placeOf: (path: FieldPath) => SourcePlace;
}

/** A text, and what is said of it. */
export interface ManifestText {
  readonly file: string;
  readonly text: string;
  /** A document without a kind is an error; otherwise it is left out, as in a folder that holds other files as well. */
  readonly isStrict: boolean;
}

/**
 * The objects of a YAML or JSON text: of all its documents, of JSON objects that follow each other, and those in `items` of a List and in `objects`
 * of an OpenShift Template. Null stands for a document that is no object of the API.
 * @throws InputError that names file, line and column
 */
export async function parseManifests(from: ManifestText): Promise<readonly (Manifest | null)[]> {
  const placeAt = textPlaces(from.file, from.text);
  const starts = jsonStarts(from.text);
  const pieces: (readonly (Manifest | null)[])[] = [];
  for (const [index, start] of starts.entries()) {
    const place = (offset: number) => placeAt(start + offset);
    pieces.push(await readPiece(from.text.slice(start, starts[index + 1]), { place, isStrict: from.isStrict }));
  }
  return pieces.flat();
}

interface Piece {
  readonly outline: Outline;
  readonly place: (offset: number) => SourcePlace;
  readonly isStrict: boolean;
}

async function readPiece(text: string, { place, isStrict }: Omit<Piece, 'outline'>): Promise<readonly (Manifest | null)[]> {
  if (hasTooMany(text)) throw refused(place(0), 'it holds too many values to be a manifest');
  const { outline, documents } = readJson(text) ?? (await readYaml(text, place));
  const nodes = documentNodes(outline);
  return documents.flatMap((document, index) => {
    if (document === null || document === undefined) return [];
    return objectsOf(document, nodes[index] ?? 0, { outline, place, isStrict });
  });
}

/** Commas, brackets and line breaks that a text may have: each value takes one, and some 200 bytes of memory. */
const MOST_MARKS = 3_000_000;

function hasTooMany(text: string): boolean {
  if (text.length < MOST_MARKS) return false;
  let marks = 0;
  for (const _ of text.matchAll(/[,[{\n]/g)) if (++marks > MOST_MARKS) return true;
  return false;
}

interface ReadText {
  readonly outline: Outline;
  readonly documents: readonly unknown[];
}

/** Undefined for what is no JSON: it may be YAML, which also says where a fault is. */
function readJson(text: string): ReadText | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    const documents = [JSON.parse(text)];
    const outline = jsonOutline(text);
    return outline && { outline, documents };
  } catch {
    return undefined;
  }
}

async function readYaml(text: string, place: Piece['place']): Promise<ReadText> {
  const yaml = await import('js-yaml');
  try {
    const events = yaml.parseEvents(text, {});
    const documents = yaml.constructFromEvents(events, { source: text, schema: goSchema(yaml) });
    const alias = events.find(({ type }) => type === yaml.EVENT_ID.ALIAS);
    if (alias !== undefined && 'anchorStart' in alias && documents.some(hasExcessiveAliases)) {
      throw refused(place(alias.anchorStart - 1), 'aliases make too much of it');
    }
    return { outline: toOutline(events, text, yaml), documents };
  } catch (cause) {
    throw cause instanceof InputError ? cause : toInputError(cause, text, place);
  }
}

interface Located {
  readonly reason?: string;
  readonly mark?: { readonly position: number };
}

function toInputError(cause: unknown, text: string, place: Piece['place']): InputError {
  const { reason = 'it is not YAML', mark } = cause as Located;
  const hint = HINTS.find(({ sign }) => sign.test(text));
  if (hint === undefined) return refused(place(mark?.position ?? 0), lookUp(REASONS, reason) ?? withoutQuotes(reason), cause);
  return refused(place(text.search(hint.sign)), hint.text, cause);
}

/** What people leave in files, by what a line or a value begins with: better than the words of the parser. */
const HINTS: readonly { readonly sign: RegExp; readonly text: string }[] = [
  { sign: /^(?:<{7}|>{7})(?: |\r?$)/m, text: 'it has merge conflict markers: resolve the conflict first' },
  { sign: /(?<=^[ \t]*|[:-][ \t]+)\{\{/m, text: 'it looks like a Helm template: render it first, as with `helm template`' },
];

const REASONS: Readonly<Record<string, string>> = {
  'deficient indentation': 'deficient indentation: a bracket or quote before it may not be closed',
};

function refused(place: SourcePlace, message: string, cause?: unknown): InputError {
  return new InputError(`${placeText(place)}: ${message}`, { cause });
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object, or those that it holds. */
function objectsOf(value: unknown, node: number, piece: Piece): readonly (Manifest | null)[] {
  const { outline, place, isStrict } = piece;
  const start = () => place(fieldOffset(outline, node, []));
  if (!isFields(value) || typeof value.kind !== 'string' || value.kind === '') {
    if (!isStrict) return [null];
    throw refused(start(), isFields(value) ? 'this object has no "kind"' : 'this is not an object with a "kind"');
  }
  const field = containerField(value.kind, value);
  if (field !== undefined) return contained(value, field, node, piece);
  return [
    {
      object: { ...value, kind: value.kind, metadata: isFields(value.metadata) ? value.metadata : {} },
      get source() {
        return start();
      },
      placeOf: (path) => place(fieldOffset(outline, node, path)),
    },
  ];
}

/** Where an object holds others. */
function containerField(kind: string, value: Fields): 'items' | 'objects' | undefined {
  if (kind.endsWith('List') && Array.isArray(value.items)) return 'items';
  return kind === 'Template' && Array.isArray(value.objects) ? 'objects' : undefined;
}

function contained(value: Fields, field: 'items' | 'objects', node: number, piece: Piece): readonly (Manifest | null)[] {
  const nodes = itemNodes(piece.outline, fieldNode(piece.outline, node, field)?.value ?? 0);
  const kind = field === 'items' ? String(value.kind).slice(0, -'List'.length) : '';
  const items = value[field] as readonly unknown[];
  return items.flatMap((item, index) => objectsOf(withType(item, kind, value), nodes[index] ?? node, piece));
}

/** Items of a typed list, as the API server sends it, have no type of their own. */
function withType(item: unknown, kind: string, { apiVersion }: Fields): unknown {
  return kind !== '' && isFields(item) && item.kind === undefined ? { apiVersion, kind, ...item } : item;
}
