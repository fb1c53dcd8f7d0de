import { didYouMean } from '../domain/did-you-mean.ts';
import type { OptionModel } from './command.ts';
import type { Token } from './normalise.ts';
import { parseBoolean } from './values.ts';

type FlagToken = Extract<Token, { kind: 'flag' }>;

/** What is wrong with a flag, in kubectl's words; undefined if nothing is. `model` is what the command takes. */
export function flagProblem(token: Token, model: OptionModel): string | undefined {
  if (token.kind === 'word' || token.kind === 'dashes') return undefined;
  if (token.kind === 'problem') {
    return token.unknownFlag === undefined ? token.message : `${token.message}${suggestion(token.unknownFlag, visibleFlags(model), '--')}`;
  }
  if (!Object.hasOwn(model, token.name)) return `unknown flag: --${token.name}${suggestion(token.name, visibleFlags(model), '--')}`;
  // Commands may differ in the choices of an option: those of this command count.
  return valueProblem({ ...token, option: model[token.name] ?? token.option });
}

function visibleFlags(model: OptionModel): readonly string[] {
  return Object.keys(model).filter((name) => model[name]?.hidden !== true);
}

/** ` (did you mean "…"?)`, or nothing if no candidate comes near. */
export function suggestion(word: string, candidates: readonly string[], prefix = ''): string {
  const meant = didYouMean(word, candidates);
  return meant === undefined ? '' : ` (did you mean "${prefix}${meant}"?)`;
}

function valueProblem(flag: FlagToken): string | undefined {
  const { option, value } = flag;
  if (option.type === 'boolean') return parseBoolean(value) === undefined ? invalid(flag, syntaxError('ParseBool', value)) : undefined;
  if (option.type === 'integer') return integerProblem(flag, option.minimum);
  if (option.type === 'list' || option.choices === undefined || value === '') return undefined;
  return option.choices.includes(value) ? undefined : choiceProblem(flag, option.choices);
}

function invalid(flag: FlagToken, why: string): string {
  const label = flag.option.short === undefined ? `--${flag.name}` : `-${flag.option.short}, --${flag.name}`;
  return `invalid argument "${flag.value}" for "${label}" flag: ${why}`;
}

function syntaxError(parser: 'ParseBool' | 'ParseInt', value: string): string {
  return `strconv.${parser}: parsing "${value}": invalid syntax`;
}

function integerProblem(flag: FlagToken, minimum: number): string | undefined {
  if (!/^[+-]?[0-9]+$/.test(flag.value)) return invalid(flag, syntaxError('ParseInt', flag.value));
  if (!Number.isSafeInteger(Number(flag.value))) return invalid(flag, `strconv.ParseInt: parsing "${flag.value}": value out of range`);
  return Number(flag.value) < minimum ? invalid(flag, `must be at least ${minimum}`) : undefined;
}

function choiceProblem(flag: FlagToken, choices: readonly string[]): string {
  if (flag.name !== 'output') return invalid(flag, `must be one of: ${choices.join(', ')}${suggestion(flag.value, choices)}`);
  const formats = choices.toSorted().join(',');
  const meant = suggestion(flag.value, choices);
  return `unable to match a printer suitable for the output format "${flag.value}", allowed formats are: ${formats}${meant}`;
}

/** Too many or too few words for a command. */
export function wordsProblem(
  words: readonly string[],
  limits: { readonly usage: string; readonly minimum: number; readonly maximum: number },
) {
  if (words.length < limits.minimum) return `missing argument: this command takes ${limits.usage}`;
  const extra = words.slice(limits.maximum);
  if (extra.length === 0) return undefined;
  const takes = limits.maximum === 0 ? 'this command takes none' : `this command takes ${limits.usage}`;
  return `unexpected argument${extra.length > 1 ? 's' : ''}: ${extra.map((word) => `"${word}"`).join(', ')} (${takes})`;
}
