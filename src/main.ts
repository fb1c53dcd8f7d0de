import type { CliHost } from './cli/cli-host.ts';
import { asksForCompletion } from './cli/program-name.ts';
import { environmentOf } from './environment.ts';
import { ExitCode, messageOf } from './errors.ts';
import { endProcess } from './process/end.ts';
import { lazyOut, linesOf, readStdin, stdin } from './process/streams.ts';
import { VERSION } from './version.ts';

const abort = new AbortController();

/** Set by what ends the program from outside; it outranks what the command answers. */
let ended: ExitCode | undefined;

function end(code: ExitCode, reason: string): void {
  ended ??= code;
  process.exitCode = ended;
  abort.abort(reason);
}

/**
 * stdout is the answer: 3 if it is lost, but for completion, which must not fail. Where nobody wants the rest of it, the code is still what the command
 * answers: a "no" is no "yes" because of `| head -1`.
 */
function onStdoutError(error: NodeJS.ErrnoException): void {
  if (asksForCompletion(host)) {
    end(ExitCode.ok, 'EPIPE');
    return;
  }
  if (error.code === 'EPIPE') {
    abort.abort('EPIPE');
    return;
  }
  // Node writes `ENOSPC: no space left on device, write`.
  const reason = error.message.replace(/^[A-Z]+: (.*), \w+$/, '$1');
  host.streams.errOut.write(`error: write /dev/stdout: ${reason}\n`);
  end(ExitCode.undetermined, 'write error');
}

// What the user set is for credential plugins; Node itself must not act on this one, nor warn about it.
const env = environmentOf({ ...process.env }, process.platform);
delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;

const isOver = (): boolean => abort.signal.aborted;
const out = lazyOut({ fd: 1, open: () => process.stdout, onError: onStdoutError, isOver });
// A failing stderr never changes the exit code.
const errOut = lazyOut({ fd: 2, open: () => process.stderr, onError: () => undefined, isOver });

// `process.argv0` alone keeps the name of a link; under a plain Node it is Node's own and says nothing.
const host: CliHost = {
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
      readAll: readStdin,
      lines: () => linesOf(stdin()),
    },
    out,
    errOut,
  },
  now: () => new Date(),
  elapsed: () => performance.now(),
  signal: abort.signal,
  connect: async (options, self, shared) => {
    const { connect } = await import('./cluster/connect.ts');
    // The process is about to end, which closes connections for less.
    return { ...(await connect(options, self, shared)), close: () => undefined };
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
  endProcess(process.exitCode);
}

async function complete(): Promise<ExitCode> {
  const { completeWords } = await import('./cli/completion/complete.ts');
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
process.on('uncaughtException', (error) => endWithBug(messageOf(error)));
main().catch((error: unknown) => process.emit('uncaughtException', error instanceof Error ? error : new Error(String(error))));
