import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { ClusterError } from '../errors.ts';

/** Bytes of a kubeconfig, token or manifest at most: far above what they have, and far below what would hurt. */
const MOST = 64 * 1024 * 1024;

/** A failure as the system's own, for `describeFileError`. */
function fault(code: 'EFBIG' | 'EISPIPE' | 'ETIMEDOUT'): Error {
  return Object.assign(new Error(code), { code });
}

/** Opens without waiting: a pipe that nobody writes to would hold up everything, signals too. */
function open(file: string): number {
  return openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
}

/** Milliseconds that a pipe may be silent where no signal is heard, or unopened where one is: enough for what the shell's `<(…)` starts. */
const PATIENCE = 2_000;

/** A device or a pipe has no size, and perhaps no end. */
function readToEnd(descriptor: number): Buffer {
  const chunks: Buffer[] = [];
  const isPipe = fstatSync(descriptor).isFIFO();
  for (let size = 0; size <= MOST; ) {
    const chunk = Buffer.allocUnsafe(64 * 1024);
    const length = readInTime(descriptor, chunk, isPipe && size === 0);
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, length));
    size += length;
  }
  throw fault('EFBIG');
}

/** A pipe has nothing yet, or nobody who writes, until it has something. */
function readInTime(descriptor: number, chunk: Buffer, mayBeUnopened: boolean): number {
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    const length = readAvailable(descriptor, chunk);
    if (length !== undefined && (length > 0 || !mayBeUnopened)) return length;
    if (performance.now() > deadline) throw fault('ETIMEDOUT');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  }
}

function readAvailable(descriptor: number, chunk: Buffer): number | undefined {
  try {
    return readSync(descriptor, chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
    throw error;
  }
}

/** Undefined if it is a pipe or socket, which only time can read. */
function readNow(descriptor: number): Buffer | undefined {
  const stats = fstatSync(descriptor);
  if (stats.isFIFO() || stats.isSocket()) return undefined;
  if (stats.isCharacterDevice()) return readToEnd(descriptor);
  if (stats.size > MOST) throw fault('EFBIG');
  return readFileSync(descriptor);
}

/** Reads a file, device or pipe of bounded size; of a pipe what comes within a time that nobody minds. Throws as `node:fs` does. */
export function readBounded(file: string): Buffer {
  const descriptor = open(file);
  try {
    return readNow(descriptor) ?? readToEnd(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Reads a file of bounded size, and no pipe. Throws as `node:fs` does. */
export function readRegularFile(file: string): Buffer {
  const descriptor = open(file);
  try {
    const content = readNow(descriptor);
    if (content === undefined) throw fault('EISPIPE');
    return content;
  } finally {
    closeSync(descriptor);
  }
}

/** Reads a file of bounded size; a pipe, such as the shell's `<(…)`, to its end or until the signal. Rejects as `node:fs` does. */
export function readFileOrPipe(file: string, signal: AbortSignal | undefined): Promise<Buffer> {
  return readWith(file, signal, async () => EMPTY);
}

/** The same, but a pipe that nobody opens for writing soon is a failure, where kubectl waits. */
export function readFileOrOpenPipe(file: string, signal: AbortSignal | undefined): Promise<Buffer> {
  return readWith(file, signal, untilWritten);
}

async function readWith(file: string, signal: AbortSignal | undefined, startOf: typeof untilWritten): Promise<Buffer> {
  const descriptor = open(file);
  let isPipe = false;
  try {
    const content = readNow(descriptor);
    if (content !== undefined) return content;
    const start = await startOf(descriptor, signal);
    isPipe = true;
    return Buffer.concat([start, await readPipe(descriptor, signal)]);
  } finally {
    if (!isPipe) closeSync(descriptor);
  }
}

const EMPTY = Buffer.alloc(0);

/** The first that comes through a pipe; nothing if somebody has it open for writing and is silent yet. */
async function untilWritten(descriptor: number, signal: AbortSignal | undefined): Promise<Buffer> {
  const { setTimeout: wait } = await import('node:timers/promises');
  const chunk = Buffer.allocUnsafe(64 * 1024);
  for (const deadline = performance.now() + PATIENCE; performance.now() < deadline; await wait(20, undefined, { signal })) {
    const length = readAvailable(descriptor, chunk);
    // Zero: nobody has it open.
    if (length !== 0) return chunk.subarray(0, length ?? 0);
  }
  throw fault('ETIMEDOUT');
}

async function readPipe(descriptor: number, signal: AbortSignal | undefined): Promise<Buffer> {
  const { Socket } = await import('node:net');
  const pipe = new Socket({ fd: descriptor, readable: true, writable: false });
  const interrupt = () => pipe.destroy(new ClusterError('Interrupted', 'interrupted', { cause: signal?.reason }));
  signal?.addEventListener('abort', interrupt);
  if (signal?.aborted) interrupt();
  try {
    return await collect(pipe);
  } finally {
    signal?.removeEventListener('abort', interrupt);
    pipe.destroy();
  }
}

async function collect(pipe: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of pipe) {
    size += chunk.length;
    if (size > MOST) throw fault('EFBIG');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
