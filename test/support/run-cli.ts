import { Readable } from 'node:stream';
import type { CliHost } from '../../src/cli/cli-host.ts';
import { CATALOGUE } from '../../src/cli/commands.ts';
import type { Catalogue } from '../../src/cli/parse/tree.ts';
import { runCli as run } from '../../src/cli/run.ts';
import type { Cluster, Connection } from '../../src/cluster/cluster.ts';
import { environmentOf } from '../../src/environment.ts';
import type { ExitCode } from '../../src/errors.ts';
import type { Build, Host, Out } from '../../src/host.ts';
import { linesOf } from '../../src/process/streams.ts';

/** What differs from a plain call without a cluster. */
export interface CliOptions {
  /** Without the program's name; a string is split at blanks. */
  readonly argv: readonly string[] | string;
  /** How the cluster is reached; the default refuses every connection, so that a test shows what asks for one. */
  readonly connect?: CliHost['connect'];
  /** A cluster, in place of `connect`. */
  readonly cluster?: Cluster;
  /** Where in `cluster` we are. */
  readonly connection?: Partial<Omit<Connection, 'cluster'>>;
  readonly argv0?: string;
  readonly env?: Host['env'];
  readonly columns?: number;
  readonly isTTY?: boolean;
  readonly now?: Date;
  readonly elapsed?: number;
  readonly stdin?: string;
  readonly platform?: NodeJS.Platform;
  readonly signal?: AbortSignal;
  /** How long a repeated request is waited for; real time if absent. */
  readonly wait?: CliHost['wait'];
  readonly catalogue?: Catalogue;
}

export interface CliResult {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

const TEST_NOW = new Date('2026-11-01T12:00:00Z');
/** The same wherever the tests run, but on Windows, where lists of paths have another form. */
const PLATFORM = process.platform === 'win32' ? 'win32' : 'linux';
const TEST_BUILD: Build = { version: '0.0.0-test', node: 'v24.0.0', arch: 'x64' };

/** Runs one command line as kubectl would start it, in this process, and gives what it wrote. */
export async function runCli(options: CliOptions): Promise<CliResult> {
  const { host, written } = createHost(options);
  const code = await run(host, options.catalogue ?? CATALOGUE);
  return { code, ...written() };
}

/** A host of which everything is given and whose output is kept. */
export function createHost(options: CliOptions): { readonly host: CliHost; readonly written: () => { stdout: string; stderr: string } } {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const { isTTY = false, stdin, platform = PLATFORM } = options;
  const out = (texts: string[]): Out => ({
    write: (text) => void texts.push(text),
    isTTY,
    columns: isTTY ? (options.columns ?? 80) : undefined,
  });
  const host: CliHost = {
    argv: typeof options.argv === 'string' ? options.argv.split(' ').filter((word) => word !== '') : options.argv,
    argv0: options.argv0 ?? '/usr/local/bin/kubectl-kserve',
    env: environmentOf(options.env ?? {}, platform),
    platform,
    build: TEST_BUILD,
    streams: {
      in: {
        isTTY: stdin === undefined,
        readAll: async () => Buffer.from(stdin ?? ''),
        lines: () => linesOf(Readable.from([Buffer.from(stdin ?? '')])),
      },
      out: out(stdout),
      errOut: out(stderr),
    },
    now: () => options.now ?? TEST_NOW,
    elapsed: () => options.elapsed ?? 0,
    signal: options.signal ?? new AbortController().signal,
    connect: options.connect ?? connectTo(options),
    ...(options.wait !== undefined && { wait: options.wait }),
  };
  return { host, written: () => ({ stdout: stdout.join(''), stderr: stderr.join('') }) };
}

function connectTo({ cluster, connection }: CliOptions): CliHost['connect'] {
  return async (flags) => {
    if (cluster === undefined) throw new Error('this test gave no cluster');
    const place = { namespace: flags.namespace ?? 'default', contextName: flags.context ?? 'test' };
    return { cluster, ...place, warningCount: () => 0, close: () => undefined, ...connection };
  };
}
