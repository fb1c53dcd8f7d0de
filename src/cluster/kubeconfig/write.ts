import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { decodeText } from '../../documents/decode-text.ts';
import { describeFileError } from '../../documents/file-error.ts';
import { formatJson, formatYaml, parseDocument, parseExactly } from '../../documents/yaml.ts';
import type { Secret } from '../../text/secret.ts';
import { decodeKubeconfig } from './decode.ts';

type Mapping = Record<string, unknown>;

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isUser(entry: unknown, name: string): entry is { user: { 'auth-provider': Mapping } } {
  return isMapping(entry) && entry.name === name && isMapping(entry.user) && isMapping(entry.user['auth-provider']);
}

// Replaces along the path only: YAML aliases share objects, and another entry must not change with this one.
function withChanges(document: unknown, userName: string, changes: Readonly<Record<string, string>>): Mapping {
  if (!isMapping(document) || !Array.isArray(document.users)) throw new Error('it has no users');
  const users: readonly unknown[] = document.users;
  const index = users.findIndex((entry) => isUser(entry, userName));
  const entry = users[index];
  if (!isUser(entry, userName)) throw new Error(`it has no auth-provider for user "${userName}"`);
  const provider = entry.user['auth-provider'];
  const config = { ...(isMapping(provider.config) ? provider.config : {}), ...changes };
  const user = { ...entry.user, 'auth-provider': { ...provider, config } };
  return { ...document, users: users.with(index, { ...entry, user }) };
}

async function format(text: string, value: Mapping): Promise<string> {
  if (!/^\uFEFF?\s*\{/.test(text)) return formatYaml(value);
  const indent = /^\uFEFF?\s*\{\r?\n([ \t]+)/.exec(text)?.[1] ?? '  ';
  return formatJson(value, indent);
}

/** Root, who acts for others, must not lock them out; whoever else owns the file now may not give it away. */
function giveTo(descriptor: number, uid: number, gid: number): void {
  try {
    fchownSync(descriptor, uid, gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
}

function writeAll(file: string, text: string, { mode, uid, gid }: Stats): void {
  // Readable by nobody else even before the mode is set.
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    // A nearly full disk takes a part, and says so only when asked for the rest.
    for (let rest = Buffer.from(text); rest.length > 0; ) rest = rest.subarray(writeSync(descriptor, rest));
    giveTo(descriptor, uid, gid);
    fchmodSync(descriptor, mode & 0o7777);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function replaceFile(target: string, text: string, like: Stats): void {
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    writeAll(temporary, text, like);
    renameSync(temporary, target);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw cause;
  }
}

/** Another process writes the file, or was killed while it did. */
class LockHeld extends Error {
  override readonly name = 'LockHeld';
}

/** kubectl holds the lock for a moment; what waits longer is left to the user. */
const ATTEMPTS = 10;
const PAUSE_MILLISECONDS = 100;

function lock(file: string): () => void {
  const lockFile = `${file}.lock`;
  try {
    // Mode 0 as kubectl's own lock, so that both keep each other out: tools/clientcmd/loader.go, lockFile.
    closeSync(openSync(lockFile, 'wx', 0));
  } catch (cause) {
    const message = describeFileError(cause, lockFile);
    throw (cause as NodeJS.ErrnoException).code === 'EEXIST' ? new LockHeld(message, { cause }) : new Error(message, { cause });
  }
  return () => rmSync(lockFile, { force: true });
}

// Under the lock nothing waits: an interrupt cannot come between, so no lock is left behind.
function replaceIfUnchanged(file: string, before: Buffer, after: string): boolean {
  const unlock = lock(file);
  try {
    const target = realpathSync(file);
    if (!readFileSync(target).equals(before)) return false;
    replaceFile(target, after, statSync(target));
    return true;
  } finally {
    unlock();
  }
}

async function trySave(file: string, userName: string, changes: Readonly<Record<string, string>>): Promise<boolean> {
  const before = readFileSync(file);
  // Whatever it was, it is UTF-8 afterwards, as with kubectl.
  const text = decodeText(before);
  const after = await format(text, withChanges(await parseExactly(text), userName, changes));
  return replaceIfUnchanged(file, before, after);
}

/**
 * Changes keys of one user's `auth-provider.config` in a kubeconfig file and nothing else in meaning; comments are lost, as with kubectl.
 * Readers see the old file or the new one, never a part. A symbolic link stays and its target is replaced; the mode stays, and the owner if root writes.
 * Throws an Error that says why it could not; the file is then unchanged.
 */
export async function saveProviderConfig(file: string, userName: string, changes: Readonly<Record<string, string>>): Promise<void> {
  let failure = new Error(`${file} keeps changing`);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      if (await trySave(file, userName, changes)) return;
    } catch (cause) {
      failure = toWriteError(cause, file);
      if (!(failure instanceof LockHeld)) throw failure;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
    }
  }
  throw failure;
}

function toWriteError(cause: unknown, file: string): Error {
  const isFileError = (cause as NodeJS.ErrnoException).syscall !== undefined;
  return isFileError ? new Error(describeFileError(cause, file, 'write'), { cause }) : (cause as Error);
}

/** What is said of the kubeconfig now: it may have changed since it was read. Undefined if that is not to be had. */
export async function readProviderConfig(file: string, userName: string): Promise<Secret<Readonly<Record<string, string>>> | undefined> {
  try {
    const { users } = decodeKubeconfig(await parseDocument(decodeText(readFileSync(file))));
    return users.get(userName)?.['auth-provider']?.config;
  } catch {
    return undefined;
  }
}
