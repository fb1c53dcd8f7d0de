import { fstatSync, writeSync } from 'node:fs';
import type { Out } from '../host.ts';

export interface Output {
  readonly fd: number;
  readonly open: () => NodeJS.WriteStream;
  readonly onError: (error: NodeJS.ErrnoException) => void;
  /** True once nobody wants to hear anything more: the program was interrupted, or its reader stopped reading. */
  readonly isOver: () => boolean;
  /** Gives a reader that has enough the time to go; a real moment if absent. */
  readonly letGo?: () => Promise<void>;
}

/** A stream that can tell when its reader has all that was written. */
export type ProcessOut = Out & Required<Pick<Out, 'flushed' | 'writeBeforePause'>>;

/** Milliseconds in which `head -1` ends after its line. */
const TO_GO = 100;

/** Node's own promise of it is a module more to load at each start. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, TO_GO));
}

/** Bytes that any pipe takes at once: https://man7.org/linux/man-pages/man7/pipe.7.html (PIPE_BUF). */
const AT_ONCE = 4096;

/** Streams are opened late or never: little text into a pipe or file needs none, which saves 2.5 % of the processor time of `runtimes list`. */
export function lazyOut({ fd, open, onError, isOver, letGo = pause }: Output): ProcessOut {
  let opened: NodeJS.WriteStream | undefined;
  const stream = (): NodeJS.WriteStream => {
    if (opened === undefined) {
      opened = open();
      opened.on('error', onError);
    }
    return opened;
  };
  let plain: boolean | undefined;
  const isPlain = (): boolean => {
    plain ??= isPipeOrFile(fd);
    return plain;
  };
  let room = AT_ONCE;
  const write = (bytes: Buffer): void => {
    room -= bytes.length;
    const written = opened === undefined && room >= 0 && isPlain() ? writeAtOnce(fd, bytes, onError) : 0;
    if (written < bytes.length) stream().write(bytes.subarray(written));
  };
  const writeText = (text: string): void => {
    if (!isOver()) write(Buffer.from(text));
  };
  const isTTY = (): boolean => !isPlain() && stream().isTTY === true;
  const flushed = async (): Promise<void> => {
    if (opened !== undefined) await new Promise<void>((resolve) => opened?.write('', () => resolve()));
  };
  return {
    write: writeText,
    /** Only a write tells that nobody reads a pipe: the last line is kept for that. */
    writeBeforePause: async (text) => {
      const last = isTTY() ? 0 : text.lastIndexOf('\n', text.length - 2) + 1;
      if (last > 0) {
        writeText(text.slice(0, last));
        await flushed();
        await letGo();
      }
      writeText(text.slice(last));
      await flushed();
    },
    get isTTY() {
      return isTTY();
    },
    get columns() {
      // A terminal of nobody, as of `docker exec -t` or `script`, has 0: it is not known.
      return isPlain() ? undefined : stream().columns || undefined;
    },
    flushed,
  };
}

function isPipeOrFile(fd: number): boolean {
  if (process.platform === 'win32') return false;
  try {
    const status = fstatSync(fd);
    return status.isFIFO() || status.isSocket() || status.isFile();
  } catch {
    return false;
  }
}

/** How many bytes were taken; all if the failure has been dealt with. */
function writeAtOnce(fd: number, bytes: Buffer, onError: Output['onError']): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    const fault = error as NodeJS.ErrnoException;
    if (fault.code === 'EAGAIN') return 0;
    onError(fault);
    return bytes.length;
  }
}

/** Undefined until somebody asked for it. */
let input: NodeJS.ReadStream | undefined;

/** stdin; to look at it opens it. */
export function stdin(): NodeJS.ReadStream {
  input ??= process.stdin;
  return input;
}

/** stdin if it was opened. */
export function openedStdin(): NodeJS.ReadStream | undefined {
  return input;
}

/** All of stdin. Rejects with the code EFBIG if that is more than `mostBytes`. */
export async function readStdin(mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin()) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > mostBytes) throw Object.assign(new Error('EFBIG'), { code: 'EFBIG' });
  }
  return Buffer.concat(chunks);
}

/** Characters of a line without an end after which it is given in pieces, so that no line has to be held whole. */
const LONGEST_LINE = 4 * 1024 * 1024;

/** The lines of a stream of text, without their ends. */
export async function* linesOf(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  // Joined once: to join each chunk to all before it takes time that grows with the square of a line's length.
  let parts: string[] = [];
  const flush = (last: string): string => {
    const whole = parts.join('') + last;
    parts = [];
    return whole;
  };
  for await (const chunk of chunks) {
    const [first = '', ...more] = (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })).split('\n');
    const rest = more.pop();
    if (rest !== undefined) {
      yield flush(first);
      yield* more;
    }
    parts.push(rest ?? first);
    if (parts.reduce((sum, { length }) => sum + length, 0) > LONGEST_LINE) yield flush('');
  }
  const end = flush('');
  if (end !== '') yield end;
}
