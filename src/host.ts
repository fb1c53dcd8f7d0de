import type { Secrets } from './text/secrets.ts';

/** A stream that text goes to. */
export interface Out {
  readonly write: (text: string) => void;
  readonly isTTY: boolean;
  /** Width of the terminal in cells; undefined if it is none. */
  readonly columns: number | undefined;
  /** Resolves when all that was written has gone to the reader: who writes for days must not run ahead of it. Absent: it has at once. */
  readonly flushed?: () => Promise<void>;
  /** Writes what may be the last for long, in a way that notices a reader who had enough of it. Absent: `write` does. */
  readonly writeBeforePause?: (text: string) => Promise<void>;
}

/** Named after cli-runtime's `genericiooptions.IOStreams`. */
export interface IOStreams {
  /** `readAll` rejects with the code EFBIG if there are more than `mostBytes`. */
  readonly in: {
    readonly isTTY: boolean;
    readonly readAll: (mostBytes: number) => Promise<Buffer>;
    /** Line by line as text arrives, without line ends; a line of more than a few MiB comes in pieces. */
    readonly lines: () => AsyncIterable<string>;
  };
  readonly out: Out;
  readonly errOut: Out;
}

/** What runs. */
export interface Build {
  /** Of this program, such as `0.1.0`. */
  readonly version: string;
  /** Of Node, such as `v24.21.0`. */
  readonly node: string;
  /** Node's name of the processor, such as `x64`. */
  readonly arch: string;
}

/** The outside world of one invocation: what `main.ts` reads off the process, and what tests replace. */
export interface Host {
  /** The words after the program's name. */
  readonly argv: readonly string[];
  /** The name the program was started by: `kubectl-kserve`, `kubectl_complete-kserve` or a path that ends in one. */
  readonly argv0: string;
  /** As `environmentOf` gives it: on Windows a name means its variable in any case. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly streams: IOStreams;
  readonly now: () => Date;
  /** Milliseconds since the process began. */
  readonly elapsed: () => number;
  /** Aborted by SIGINT and SIGTERM with that name as reason, and with `EPIPE` when nobody reads stdout any more. */
  readonly signal: AbortSignal;
  readonly build: Build;
  /** What runs, such as `kubectl kserve runtimes list`: API servers may log it (`Kubectl-Command`, KEP-859). */
  readonly commandName?: string;
  /** Waits for a number of milliseconds, as before a request is repeated, or rejects with the signal's reason; real time if absent. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** What must not be shown. Whatever knows a secret adds it here, and `cli/run.ts` lets no text out that holds one. */
  readonly secrets?: Secrets;
  /** Bytes that one answer of the server may have; what commands need if absent. */
  readonly mostAnswerBytes?: number;
}
