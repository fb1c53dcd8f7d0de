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

function onWriteError(stream: NodeJS.WriteStream, name: string): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return end(ExitCode.ok, 'EPIPE');
    if (ended === undefined && stream !== process.stderr) process.stderr.write(`error: write ${name}: ${error.message}\n`);
    end(ExitCode.undetermined, 'write error');
  });
}

// Streams are opened when they are first used: each costs part of the start.
function lazyOut(open: () => NodeJS.WriteStream, name: string): Out {
  let opened: NodeJS.WriteStream | undefined;
  const stream = (): NodeJS.WriteStream => {
    if (opened === undefined) {
      opened = open();
      onWriteError(opened, name);
    }
    return opened;
  };
  return {
    // Who interrupted the program, or stopped reading, wants to hear nothing more.
    write: (text) => {
      if (!abort.signal.aborted) stream().write(text);
    },
    get isTTY() {
      return stream().isTTY === true;
    },
    get columns() {
      return stream().columns;
    },
  };
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
    out: lazyOut(() => process.stdout, '/dev/stdout'),
    errOut: lazyOut(() => process.stderr, '/dev/stderr'),
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
  process.stderr.write(`error: internal error: ${error.message}\n`);
  end(ExitCode.undetermined, 'uncaught exception');
});
main().catch((error: unknown) => process.emit('uncaughtException', error instanceof Error ? error : new Error(String(error))));
