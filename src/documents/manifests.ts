import { isUtf8 } from 'node:buffer';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, KserveError } from '../errors.ts';
import type { IOStreams } from '../host.ts';
import { describeFileError } from './file-error.ts';
import { type Manifest, type ManifestObject, parseManifests } from './manifest-text.ts';
import { readFileOrOpenPipe, readRegularFile } from './read-file.ts';
import { placeText, textPlaces } from './text-places.ts';

/** What `-f` and `-R` say, and which objects of the files are of use. */
export interface ManifestRequest {
  /** Files, folders, or `-` for stdin. */
  readonly paths: readonly string[];
  /** Also the folders in folders. */
  readonly recursive: boolean;
  readonly wants: (object: ManifestObject) => boolean;
  /** Of a folder, goes on without what cannot be read. */
  readonly isTolerant?: boolean;
}

export interface Manifests {
  /** In the order of the paths; in a folder in that of the names of files. */
  readonly manifests: readonly Manifest[];
  /** How many objects and documents were not wanted. */
  readonly skipped: number;
  /** Why files of folders could not be read. */
  readonly failures: readonly InputError[];
  /** Files of folders that are neither YAML nor JSON. */
  readonly ignored: readonly string[];
}

interface Outside {
  readonly streams: Pick<IOStreams, 'in'>;
  readonly signal: AbortSignal;
}

/** What stdin is called in messages. */
const STDIN = '<stdin>';
/** Bytes of one file. The parser takes some 20 times as much. */
const MOST_BYTES = 32 * 1024 * 1024;
/** Bytes of all files together. */
const MOST_IN_ALL = 4 * MOST_BYTES;

/**
 * Reads the objects of manifests as kubectl does: YAML or JSON, several documents, Lists; of a folder the files named `.yaml`, `.yml` and `.json`.
 * Nothing is fetched. Rejects with an InputError that names file, line and column if anything cannot be read.
 */
export async function readManifests(request: ManifestRequest, outside: Outside): Promise<Manifests> {
  const { paths, recursive, wants, isTolerant = false } = request;
  const manifests: Manifest[] = [];
  const failures: InputError[] = [];
  const all = [...new Set(paths)].flatMap((path) => filesOf(path, recursive));
  let skipped = 0;
  let bytes = 0;
  for (const file of all.filter(isReadable)) {
    const found = await objectsIn(file, outside, (length) => (bytes += length)).catch((error: unknown): readonly (Manifest | null)[] => {
      if (!isTolerant || file.isNamed || !(error instanceof InputError)) throw error;
      failures.push(error);
      return [];
    });
    const wanted = found.filter((manifest): manifest is Manifest => manifest !== null && wants(manifest.object));
    skipped += found.length - wanted.length;
    for (const manifest of wanted) manifests.push(manifest);
  }
  return { manifests, skipped, failures, ignored: all.filter((file) => !isReadable(file)).map(({ name }) => name) };
}

/** @param count gives the bytes of all files so far */
async function objectsIn(file: File, outside: Outside, count: (bytes: number) => number): Promise<readonly (Manifest | null)[]> {
  const content = await read(file, outside);
  if (count(content.length) > MOST_IN_ALL)
    throw new InputError(`${file.name}: with this file there is more than ${MOST_IN_ALL / 1024 / 1024} MiB to read`);
  return parseManifests({ file: file.name, text: decode(file.name, content), isStrict: file.isNamed });
}

function isReadable({ name, isNamed }: File): boolean {
  return isNamed || /\.(?:yaml|yml|json)$/.test(name);
}

interface File {
  readonly name: string;
  /** By the user, and not found in a folder. */
  readonly isNamed: boolean;
}

function filesOf(path: string, recursive: boolean): readonly File[] {
  if (path === '-') return [{ name: STDIN, isNamed: true }];
  if (/^https?:\/\//.test(path)) throw new InputError(`${path}: URLs are not fetched; download it and give the file, or pipe it to -f -`);
  return inFileSystem(path, () => (statSync(path).isDirectory() ? filesIn(path, recursive) : [{ name: path, isNamed: true }]));
}

function filesIn(folder: string, recursive: boolean): readonly File[] {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const name = join(folder, entry.name);
    if (entry.isDirectory()) return recursive ? inFileSystem(name, () => filesIn(name, recursive)) : [];
    return [{ name, isNamed: false }];
  });
}

function inFileSystem<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw toInputError(cause, name);
  }
}

function toInputError(cause: unknown, name: string): Error {
  if (cause instanceof KserveError || !(cause instanceof Error && 'code' in cause)) return cause as Error;
  return new InputError(cause.code === 'EFBIG' ? tooLarge(name) : describeFileError(cause, name), { cause });
}

function tooLarge(name: string): string {
  return `${name}: larger than ${MOST_BYTES / 1024 / 1024} MiB, the most that is read of a file`;
}

async function read({ name, isNamed }: File, { streams, signal }: Outside): Promise<Buffer> {
  try {
    const content = await readUnchecked(name, isNamed, streams, signal);
    if (content.length > MOST_BYTES) throw new InputError(tooLarge(name));
    return content;
  } catch (cause) {
    throw toInputError(cause, name);
  }
}

function readUnchecked(name: string, isNamed: boolean, streams: Outside['streams'], signal: AbortSignal): Promise<Buffer> | Buffer {
  if (name === STDIN) return streams.in.readAll(MOST_BYTES);
  // A pipe is meant only where it is named, such as the `<(…)` of a shell.
  return isNamed ? readFileOrOpenPipe(name, signal) : readRegularFile(name);
}

/** UTF-8 without its mark. */
function decode(name: string, content: Buffer): string {
  const [first, second] = content;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new InputError(`${name}: it is UTF-16; save it as UTF-8`);
  const text = new TextDecoder().decode(content);
  if (isUtf8(content)) return text;
  const place = textPlaces(name, text)(text.indexOf('\uFFFD'));
  throw new InputError(`${placeText(place)}: it is not UTF-8`);
}
