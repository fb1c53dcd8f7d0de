import { fstatSync, writeSync } from 'node:fs';
import process from 'node:process';
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

/** stdout is the answer: 0 if nobody wants the rest of it, 3 if it is lost. What becomes of stderr changes no code. */
function onWriteError(error: NodeJS.ErrnoException, fd: Output['fd']): void {
  if (fd === 2) return;
  if (error.code === 'EPIPE') {
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

/** Bytes that any pipe takes at once: https://man7.org/linux/man-pages/man7/pipe.7.html (PIPE_BUF). */
const AT_ONCE = 4096;

/** Streams are opened late or never: one costs a fifth of a start, and little text into a pipe or file needs none. */
function lazyOut({ fd, open }: Output): Out {
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

async function readAll(): Promise<string> {
  let text = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) text += String(chunk);
  return text;
}

// What the user set is for credential plugins; Node itself must not act on this one, nor warn about it.
const env = { ...process.env };
delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;

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
        return process.stdin.isTTY === true;
      },
      readAll,
    },
    out: lazyOut({ fd: 1, open: () => process.stdout }),
    errOut: lazyOut({ fd: 2, open: () => process.stderr }),
  },
  now: () => new Date(),
  signal: abort.signal,
  connect: async (options, self) => {
    const { connect } = await import('./cluster/connect.ts');
    return connect(options, self);
  },
};

async function main(): Promise<void> {
  if (asksForCompletion(host)) {
    const { completeWords } = await import('./cli/complete.ts');
    await completeWords(host.argv, host);
    return;
  }
  const { runCli } = await import('./cli/run.ts');
  const code = await runCli(host);
  process.exitCode = ended ?? code;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort(signal));
process.on('uncaughtException', (error) => {
  host.streams.errOut.write(`error: internal error: ${error.message}\n`);
  end(ExitCode.undetermined, 'uncaught exception');
});
main().catch((error: unknown) => process.emit('uncaughtException', error instanceof Error ? error : new Error(String(error))));
