import type { Connection } from '../cluster/cluster.ts';
import type { RequiredAccess } from '../domain/required-access.ts';
import type { ExitCode } from '../errors.ts';
import type { Style } from '../output/style.ts';

/** A stream that text goes to. */
export interface Out {
  readonly write: (text: string) => void;
  readonly isTTY: boolean;
  /** Width of the terminal in cells; undefined if it is none. */
  readonly columns: number | undefined;
}

/** Named after cli-runtime's `genericiooptions.IOStreams`. */
interface IOStreams {
  readonly in: { readonly isTTY: boolean; readonly readAll: () => Promise<string> };
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
  /** Bytes that one answer of the server may have; what commands need if absent. */
  readonly mostAnswerBytes?: number;
  /** Reaches the API server; `main.ts` gives `cluster/connect.ts`, tests may give a fake. */
  readonly connect: (options: ConnectionOptions, host: Host) => Promise<Connection>;
}

/** kubectl's connection flags as given; absent = not given. Names are the flags', in camel case. */
export interface ConnectionOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
  readonly server?: string;
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
  readonly as?: string;
  readonly asGroup?: readonly string[];
  readonly asUid?: string;
  readonly asUserExtra?: readonly string[];
  readonly certificateAuthority?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly insecureSkipTlsVerify?: boolean;
  readonly tlsServerName?: string;
  readonly requestTimeout?: string;
  readonly disableCompression?: boolean;
  readonly proxyUrl?: string;
  readonly cacheDir?: string;
  /** Path of kubectl's preferences file, read for `credentialPluginPolicy`. */
  readonly kuberc?: string;
  /** `-v`: 0 to 10. */
  readonly verbosity?: number;
}

/** What a command may use. */
export interface Context {
  readonly streams: IOStreams;
  readonly style: Style;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly env: Host['env'];
  readonly platform: NodeJS.Platform;
  readonly build: Build;
  readonly connectionOptions: ConnectionOptions;
  /** `kubectl kserve` or `kubectl-kserve`, as the user started it: for hints that can be pasted. */
  readonly programName: string;
  /** Connects on the first call and returns the same connection after that. */
  readonly connection: () => Promise<Connection>;
}

interface OptionBase {
  readonly summary: string;
  /** One letter. */
  readonly short?: string;
  /** Heading in help; `Options` if absent. */
  readonly section?: string;
  /** Not in help or completion. */
  readonly hidden?: boolean;
}

/** An option of the command line, as data: feeds the parser, help, completion and the generated docs. */
export type Option =
  | (OptionBase & { readonly type: 'boolean' })
  | (OptionBase & {
      readonly type: 'string';
      readonly placeholder: string;
      readonly choices?: readonly string[];
      readonly default?: string;
      readonly completes?: Completes;
    })
  | (OptionBase & { readonly type: 'integer'; readonly placeholder: string; readonly minimum: number; readonly default?: number })
  /** Repeats; with `commas` one value may also hold several. */
  | (OptionBase & { readonly type: 'list'; readonly placeholder: string; readonly commas: boolean; readonly completes?: Completes });

/** What TAB offers for a value. */
export type Completes =
  | 'file'
  | 'namespace'
  | 'context'
  | 'cluster'
  | 'user'
  | 'model-format'
  | 'protocol'
  | 'service-account'
  | 'task'
  | 'resource'
  | 'verb';

export type OptionModel = Readonly<Record<string, Option>>;

/** The value type of an option: undefined where the user gave none and there is no default. */
type ValueOf<O> = O extends { type: 'boolean' }
  ? boolean
  : O extends { type: 'integer'; default: number }
    ? number
    : O extends { type: 'integer' }
      ? number | undefined
      : O extends { type: 'list' }
        ? readonly string[]
        : O extends { type: 'string'; default: string }
          ? string
          : string | undefined;

type CamelCase<S extends string> = S extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : S;

/** `{'model-format': …}` → `{modelFormat: …}`. */
export type OptionValues<M extends OptionModel> = { readonly [K in keyof M as CamelCase<K & string>]: ValueOf<M[K]> };

export interface Positionals {
  /** As shown in the usage line, such as `[VERB RESOURCE]`. */
  readonly usage: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly completes?: readonly Completes[];
  /** Said to who gives too many, in place of how many it takes. */
  readonly advice?: string;
}

export interface Example {
  /** Starts with a capital, no final stop. */
  readonly does: string;
  /** The words after the program's name. */
  readonly words: string;
}

/** A command as data. Nothing here is run until `run`. */
export interface Command<M extends OptionModel = OptionModel> {
  /** Words that name it, such as `['runtimes', 'list']`. */
  readonly path: readonly string[];
  /** For each word of `path`, other words that mean the same. */
  readonly aliases: readonly (readonly string[])[];
  readonly summary: string;
  readonly description: string;
  readonly examples: readonly Example[];
  /** What each code means here; that of misuse is the same everywhere. */
  readonly exitCodes?: readonly (readonly [code: ExitCode, meaning: string])[];
  readonly options: M;
  readonly positionals?: Positionals;
  /** Whether kubectl's connection flags make sense. */
  readonly connects: boolean;
  /** What its own requests need, for `docs/permissions.md` and the default of `rbac check`. */
  readonly needs: readonly RequiredAccess[];
  /** Loads the code of the command, so that others do not pay for it. */
  readonly load: () => Promise<{
    readonly run: (context: Context, options: OptionValues<M>, words: readonly string[]) => Promise<ExitCode>;
  }>;
}

/** Any command: its `run` is called with the values that its own model describes, which only `cli/run.ts` does. */
export type AnyCommand = Omit<Command, 'load'> & {
  readonly load: () => Promise<{ readonly run: (context: Context, options: never, words: readonly string[]) => Promise<ExitCode> }>;
};

/** Types a command's options from its own model. */
export function defineCommand<const M extends OptionModel>(command: Command<M>): Command<M> {
  return command;
}
