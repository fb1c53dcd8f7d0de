import { accessSync, constants, fstatSync, writeSync } from 'node:fs';
import type { Host, Out } from './cli/command.ts';
import { asksForCompletion } from './cli/program-name.ts';
import { ExitCode } from './errors.ts';
import { VERSION } from './version.ts';

const abort = new AbortController();

/** Set by what ends the program from outside; it outranks what the command answers. */
let ended: ExitCode | undefined;

function end(code: ExitCode, reason: string): void {
  ended ??= code;
  process.exitCode = ended;
  abort.abort(reason);
}

/** stdout is the answer: 0 if nobody wants the rest of it, 3 if it is lost, but for completion, which must not fail. What becomes of stderr changes no code. */
function onWriteError(error: NodeJS.ErrnoException, fd: Output['fd']): void {
  if (fd === 2) return;
  if (error.code === 'EPIPE' || asksForCompletion(host)) {
    end(ExitCode.ok, 'EPIPE');
    return;
  }
  // Node writes `ENOSPC: no space left on device, write`.
  const reason = error.message.replace(/^[A-Z]+: (.*), \w+$/, '$1');
  host.streams.errOut.write(`error: write /dev/stdout: ${reason}\n`);
  end(ExitCode.undetermined, 'write error');
}

interface Output {
  readonly fd: 1 | 2;
  readonly open: () => NodeJS.WriteStream;
}

/** A stream that can tell when its reader has all that was written. */
interface MainOut extends Out {
  readonly flushed: () => Promise<void>;
}

/** Bytes that any pipe takes at once: https://man7.org/linux/man-pages/man7/pipe.7.html (PIPE_BUF). */
const AT_ONCE = 4096;

/** Streams are opened late or never: one costs a fifth of a start, and little text into a pipe or file needs none. */
function lazyOut({ fd, open }: Output): MainOut {
  let opened: NodeJS.WriteStream | undefined;
  const stream = (): NodeJS.WriteStream => {
    if (opened === undefined) {
      opened = open();
      opened.on('error', (error) => onWriteError(error, fd));
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
    const written = opened === undefined && room >= 0 && isPlain() ? writeAtOnce(fd, bytes) : 0;
    if (written < bytes.length) stream().write(bytes.subarray(written));
  };
  return {
    // Who interrupted the program, or stopped reading, wants to hear nothing more.
    write: (text) => {
      if (!abort.signal.aborted) write(Buffer.from(text));
    },
    get isTTY() {
      return !isPlain() && stream().isTTY === true;
    },
    get columns() {
      return isPlain() ? undefined : stream().columns;
    },
    flushed: async () => {
      if (opened !== undefined) await new Promise<void>((resolve) => opened?.write('', () => resolve()));
    },
  };
}

/** Node makes pipes non-blocking as soon as anything of it looks at them, and blocking again when it ends in its own way: others rely on it. */
function release(stream: NodeJS.WriteStream | NodeJS.ReadStream | undefined): void {
  const { _handle: handle } = (stream ?? {}) as { readonly _handle?: { readonly setBlocking?: (blocking: boolean) => void } };
  handle?.setBlocking?.(true);
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
function writeAtOnce(fd: Output['fd'], bytes: Buffer): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    const fault = error as NodeJS.ErrnoException;
    if (fault.code === 'EAGAIN') return 0;
    onWriteError(fault, fd);
    return bytes.length;
  }
}

/** Undefined until somebody asked for it. */
let input: NodeJS.ReadStream | undefined;

function stdin(): NodeJS.ReadStream {
  input ??= process.stdin;
  return input;
}

async function readAll(): Promise<string> {
  let text = '';
  stdin().setEncoding('utf8');
  for await (const chunk of stdin()) text += String(chunk);
  return text;
}

// What the user set is for credential plugins; Node itself must not act on this one, nor warn about it.
const env = { ...process.env };
delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;

const out = lazyOut({ fd: 1, open: () => process.stdout });
const errOut = lazyOut({ fd: 2, open: () => process.stderr });

// `process.argv0` alone keeps the name of a link; under a plain Node it is Node's own and says nothing.
const host: Host = {
  argv: process.argv.slice(2),
  argv0: /kubectl[-_][^/\\]*$/.test(process.argv0) ? process.argv0 : '',
  env,
  platform: process.platform,
  build: { version: VERSION, node: process.version, arch: process.arch },
  streams: {
    in: {
      get isTTY() {
        return stdin().isTTY === true;
      },
      readAll,
    },
    out,
    errOut,
  },
  now: () => new Date(),
  elapsed: () => performance.now(),
  signal: abort.signal,
  connect: async (options, self) => {
    const { connect } = await import('./cluster/connect.ts');
    // The process is about to end, which closes connections for less.
    return { ...(await connect(options, self)), close: () => undefined };
  },
};

async function main(): Promise<void> {
  const code = asksForCompletion(host) ? await complete() : await run();
  process.exitCode = ended ?? code;
  process.off('beforeExit', endWithoutAnswer);
  const aborted = new Promise<void>((resolve) => {
    if (abort.signal.aborted) resolve();
    abort.signal.addEventListener('abort', () => resolve());
  });
  await Promise.race([Promise.all([out.flushed(), errOut.flushed()]), aborted]);
  // What nobody waits for any more may go on for long: what a credential plugin left behind, or a thread.
  leaveThreads(process.exitCode);
  process.exit();
}

const SHELL = '/bin/sh';

/** Requests that a thread of Node's is in, as `process.getActiveResourcesInfo` calls them. */
const IN_A_THREAD: ReadonlySet<string> = new Set(['GetAddrInfoReqWrap', 'FSReqPromise', 'FSReqCallback']);

/**
 * Ends at once if a thread is busy: `process.exit` waits for it, and a name server that does not answer, or a pipe that nobody writes, holds it for
 * long. Only another program in place of this one, with the same code, leaves threads behind.
 */
function leaveThreads(code: number): void {
  if (!process.getActiveResourcesInfo().some((resource) => IN_A_THREAD.has(resource))) return;
  try {
    // Node aborts where this cannot be done.
    accessSync(SHELL, constants.X_OK);
    for (const stream of [process.stdout, process.stderr, input]) release(stream);
    process.execve?.(SHELL, ['sh', '-c', `exit ${code}`], {});
  } catch {
    // No shell, or none of this on Windows: then it takes as long as it takes.
  }
}

async function complete(): Promise<ExitCode> {
  const { completeWords } = await import('./cli/complete.ts');
  await completeWords(host.argv, host);
  return ExitCode.ok;
}

async function run(): Promise<ExitCode> {
  const { runCli } = await import('./cli/run.ts');
  return runCli(host);
}

/** Ends with a bug, which must not look like success; completion offers nothing then, for it must not fail. */
function endWithBug(message: string): void {
  const isCompletion = asksForCompletion(host);
  if (isCompletion) out.write(':4\n');
  else errOut.write(`error: internal error: ${message}\n`);
  end(isCompletion ? ExitCode.ok : ExitCode.undetermined, 'bug');
}

/** Nothing is left to wait for, and yet there is no answer. */
function endWithoutAnswer(): void {
  endWithBug('the program ended without an answer');
}

process.exitCode = ExitCode.undetermined;
process.once('beforeExit', endWithoutAnswer);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort(signal));
process.on('uncaughtException', (error) => endWithBug(error.message));
main().catch((error: unknown) => process.emit('uncaughtException', error instanceof Error ? error : new Error(String(error))));
