import type { RequiredAccess } from '../domain/kserve/required-access.ts';
import type { ExitCode } from '../errors.ts';
import type { Context } from './context.ts';
import type { Completes, OptionModel, OptionValues } from './option.ts';

export interface Positionals {
  /** As shown in the usage line, such as `[VERB RESOURCE]`. */
  readonly usage: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly completes?: readonly Completes[];
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
  /** Applies the template of `-o` itself; for all others it is applied to what `-o json` writes. */
  readonly appliesTemplate?: boolean;
  /** For a command that takes `--contexts`: options that cannot be used with it. */
  readonly notInContexts?: readonly string[];
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
