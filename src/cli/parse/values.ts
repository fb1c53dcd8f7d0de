import parseArguments, { type Options } from 'yargs-parser';
import type { Option, OptionModel } from '../../command/option.ts';
import { lookUp } from '../../text/look-up.ts';
import { camelCase } from './camel-case.ts';
import type { Token } from './tokenise.ts';

type FlagToken = Extract<Token, { kind: 'flag' }>;

export type Values = Readonly<Record<string, unknown>>;

/** How yargs-parser, here and inside yargs, is told to read words as kubectl does; the reasons are in docs/adr. */
export const PARSER_CONFIGURATION = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'duplicate-arguments-array': true,
  'greedy-arrays': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'short-option-groups': false,
  'strip-aliased': true,
} as const;

/** The same command line in one spelling: `--name=value` for each flag (the last one of scalars), then `--` and the words. */
export function canonicalWords(tokens: readonly Token[]): readonly string[] {
  const flags = tokens.filter((token) => token.kind === 'flag');
  const counts = (flag: FlagToken): boolean => flag.option.type === 'list' || flag === flags.findLast((other) => other.name === flag.name);
  const given = (flag: FlagToken): boolean => flag.option.type !== 'string' || flag.value !== '';
  const words = tokens.filter((token) => token.kind === 'word').map((token) => token.text);
  return [...flags.filter((flag) => counts(flag) && given(flag)).map(spell), '--', ...words];
}

// yargs-parser takes one pair of quotes off the value of `--name=value`: it gets a pair of ours, so that the user's stay.
function spell({ name, option, value }: FlagToken): string {
  return option.type === 'boolean' ? `--${name}=${parseBoolean(value) === true}` : `--${name}="${value}"`;
}

/** Values of canonical words by the option model, named in camel case. Anything invalid was refused before. */
export function readValues(words: readonly string[], model: OptionModel): Values {
  const isGiven = (name: string): boolean => words.some((word) => word.startsWith(`--${name}=`));
  const names = Object.keys(model);
  // yargs-parser's time grows with the options it is told of: about forty are known, few are given.
  const { _, ...given } = parseArguments([...words], parserOptions(model, names.filter(isGiven)));
  const values = { ...Object.fromEntries(names.map((name) => [name, defaultOf(lookUp(model, name))])), ...given };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [camelCase(name), value]));
}

function parserOptions(model: OptionModel, names: readonly string[]): Options {
  const typed = (...types: readonly Option['type'][]): string[] =>
    names.filter((name) => types.some((type) => lookUp(model, name)?.type === type));
  return {
    boolean: typed('boolean'),
    string: typed('string', 'integer'),
    array: typed('list').map((key) => ({ key, string: true })),
    coerce: coercions(model, names),
    configuration: PARSER_CONFIGURATION,
  };
}

/** What an option is if it is not given. */
export function defaultOf(option: Option | undefined): unknown {
  if (option === undefined) return undefined;
  if (option.type === 'boolean') return false;
  return option.type === 'list' ? [] : option.default;
}

/** How the text of an option becomes its value, for those where it does not stay text. */
export function coercions(model: OptionModel, names: readonly string[] = Object.keys(model)): Record<string, (value: unknown) => unknown> {
  const entries = names.flatMap((name): [string, (value: unknown) => unknown][] => {
    const option = lookUp(model, name);
    if (option?.type === 'integer') return [[name, (value) => (value === undefined ? undefined : Number(value))]];
    if (option?.type === 'list' && option.commas) return [[name, splitAtCommas]];
    return [];
  });
  return Object.fromEntries(entries);
}

function splitAtCommas(value: unknown): readonly string[] {
  return (value as readonly string[]).flatMap((text) => text.split(',')).filter((text) => text !== '');
}

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** As Go's strconv.ParseBool; undefined if it is neither. */
export function parseBoolean(text: string): boolean | undefined {
  if (TRUE.has(text)) return true;
  return FALSE.has(text) ? false : undefined;
}
