interface OptionBase {
  readonly summary: string;
  /** One letter. */
  readonly short?: string;
  /** Heading in help; `Options` if absent. */
  readonly section?: string;
  /** Not in help or completion. */
  readonly hidden?: boolean;
}

/** One without a value. A count may be repeated: `-qq`. */
type Switch = OptionBase & ({ readonly type: 'boolean'; readonly default?: boolean } | { readonly type: 'count' });

/** An option of the command line, as data: feeds the parser, help, completion and the generated docs. */
export type Option =
  | Switch
  | (OptionBase & {
      readonly type: 'string';
      readonly placeholder: string;
      /** One that ends in `=` takes anything behind it. */
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
  | 'runtime'
  | 'inference-service'
  | 'service-account'
  | 'task'
  | 'finding'
  | 'resource'
  | 'verb';

export type OptionModel = Readonly<Record<string, Option>>;

/** The value type of an option: undefined where the user gave none and there is no default. */
type ValueOf<O> = O extends { type: 'boolean' }
  ? boolean
  : O extends { type: 'count' }
    ? number
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

/** Whether an option stands alone: the word after it is none of its own. */
export function isSwitch(option: Option): option is Switch {
  return option.type === 'boolean' || option.type === 'count';
}
