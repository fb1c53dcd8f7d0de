import { ExitCode, KserveError } from '../../errors.ts';
import { failureText, withoutLabel } from '../../output/failure.ts';
import { toReportFormat } from '../../output/report.ts';
import type { Table } from '../../output/table.ts';
import type { CliHost } from '../cli-host.ts';
import type { GivenContext } from '../context.ts';
import type { Run } from '../run.ts';
import { withContext } from './messages.ts';

/** What `run.ts` does for one context. */
export interface ForOneContext {
  readonly execute: (run: Run, host: CliHost, given: GivenContext) => Promise<ExitCode>;
  /** Of an error that nobody foresaw. */
  readonly bugText: (error: unknown) => string;
}

/** What came of one context. */
export interface ContextAnswer {
  readonly context: string;
  readonly exitCode: ExitCode;
  /** What went to stdout, but for `tables`. */
  readonly output: string;
  readonly tables: readonly Table<unknown>[];
  /** What is for stderr. */
  readonly messages: readonly string[];
  /** What ended it without an answer. */
  readonly error: unknown;
}

/** Runs a command in one context, and keeps what it writes. Rejects only with what ends the whole program. */
export async function answerOf(context: string, run: Run, host: CliHost, { execute, bugText }: ForOneContext): Promise<ContextAnswer> {
  const output: string[] = [];
  const messages: string[] = [];
  const tables: Table<unknown>[] = [];
  const { out, errOut } = host.streams;
  // Somebody who looks at requests wants to see them when they are sent.
  const write =
    run.values.v === undefined ? (text: string) => messages.push(text) : (text: string) => errOut.write(withContext(text, context));
  const own: CliHost = {
    ...host,
    streams: {
      ...host.streams,
      out: keeping(out, (text) => void output.push(text)),
      errOut: keeping(errOut, (text) => void write(text)),
    },
  };
  const isReport = toReportFormat(String(run.values.output)) !== undefined;
  const values = { ...run.values, context, partialOk: false, ...(isReport && { output: 'json' }) };
  // TypeScript cannot say that the rows fit the columns of the same table.
  const table = <T>(one: Table<T>): void => void tables.push(one as unknown as Table<unknown>);
  const answer = { context, tables, messages };
  try {
    const exitCode = await execute({ ...run, values }, own, { table });
    return { ...answer, exitCode, output: output.join(''), error: undefined };
  } catch (error) {
    if (host.signal.aborted) throw host.signal.reason;
    own.streams.errOut.write(error instanceof KserveError ? `error: ${withoutLabel(failureText(error))}\n` : bugText(error));
    return { ...answer, exitCode: error instanceof KserveError ? error.exitCode : ExitCode.undetermined, output: '', error };
  }
}

/** A stream that looks like the true one. */
function keeping(like: CliHost['streams']['out'], write: (text: string) => void): CliHost['streams']['out'] {
  return {
    write,
    get isTTY() {
      return like.isTTY;
    },
    get columns() {
      return like.columns;
    },
  };
}

/** Whether an answer is that the command line is wrong. */
export function isMisuse({ error }: ContextAnswer): boolean {
  return error instanceof KserveError && error.exitCode === ExitCode.misuse;
}
