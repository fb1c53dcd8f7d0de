import type { Positionals } from '../../command/command.ts';
import { isSwitch, type OptionModel } from '../../command/option.ts';
import { didYouMean } from '../../text/did-you-mean.ts';
import { lookUp } from '../../text/look-up.ts';
import { MAY_BE_EMPTY } from '../options.ts';
import type { Token } from './tokenise.ts';
import { parseBoolean } from './values.ts';

type FlagToken = Extract<Token, { kind: 'flag' }>;

/** What is wrong with a flag, in kubectl's words; undefined if nothing is. `model` is what the command takes. */
export function flagProblem(token: Token, model: OptionModel): string | undefined {
  if (token.kind === 'word' || token.kind === 'dashes') return undefined;
  if (token.kind === 'problem') {
    return token.unknownFlag === undefined ? token.message : `${token.message}${suggestion(token.unknownFlag, visibleFlags(model), '--')}`;
  }
  // Commands may differ in the choices of an option: those of this command count.
  const option = lookUp(model, token.name);
  if (option === undefined) return `unknown flag: --${token.name}${suggestion(token.name, visibleFlags(model), '--')}`;
  return valueProblem({ ...token, option });
}

function visibleFlags(model: OptionModel): readonly string[] {
  return Object.entries(model).flatMap(([name, { hidden }]) => (hidden === true ? [] : [name]));
}

/** ` (did you mean "…"?)`, or nothing if no candidate comes near. */
export function suggestion(word: string, candidates: readonly string[], prefix = ''): string {
  const meant = didYouMean(word, candidates);
  return meant === undefined ? '' : ` (did you mean "${prefix}${meant}"?)`;
}

function valueProblem(flag: FlagToken): string | undefined {
  const { option, value } = flag;
  if (isSwitch(option)) return parseBoolean(value) === undefined ? invalid(flag, syntaxError('ParseBool', value)) : undefined;
  if (option.type === 'integer') return integerProblem(flag, option.minimum);
  // An unset variable of a script must not widen what is asked: `--sa "$SA"` would ask about the user.
  if (isEmpty(flag)) return MAY_BE_EMPTY.has(flag.name) ? undefined : invalid(flag, 'needs a value');
  if (option.type === 'list' || option.choices === undefined) return undefined;
  return option.choices.some((choice) => fitsChoice(value, choice)) ? undefined : choiceProblem(flag, option.choices);
}

/** Of a list with commas, one of nothing else: two unset variables. */
function isEmpty({ option, value }: FlagToken): boolean {
  return option.type === 'list' && option.commas ? /^,*$/.test(value) : value === '';
}

/** What is missing behind a choice that takes something is found out by whoever reads that. */
function fitsChoice(value: string, choice: string): boolean {
  return value === choice || (choice.endsWith('=') && (value.startsWith(choice) || `${value}=` === choice));
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
  const names = choices.map((choice) => choice.replace(/=$/, '')).toSorted();
  const formats = names.join(',');
  const meant = suggestion(flag.value, names);
  const refusal = `unable to match a printer suitable for the output format "${flag.value}", allowed formats are: ${formats}${meant}`;
  const [printer = ''] = GO_TEMPLATE.exec(flag.value) ?? [];
  return printer !== '' && choices.includes('json') ? `${refusal}\nhint: ${useJson(printer)}` : refusal;
}

/** Formats of kubectl that are programs in Go's templates: https://kubernetes.io/docs/reference/kubectl/#output-options */
const GO_TEMPLATE = /^(?:go-)?template(?:-?file)?(?==|$)/;

function useJson(printer: string): string {
  return `This program has no ${printer} printer: use -o jsonpath=TEMPLATE, or filter -o json, for example with jq.`;
}

/** Too many or too few words for a command. */
export function wordsProblem(words: readonly string[], limits: Positionals): string | undefined {
  if (words.length < limits.minimum) return `missing argument: this command takes ${limits.usage}`;
  const extra = words.slice(limits.maximum);
  if (extra.length === 0) return undefined;
  const takes = `this command takes ${limits.maximum === 0 ? 'none' : limits.usage}`;
  return `unexpected argument${extra.length > 1 ? 's' : ''}: ${extra.map((word) => `"${word}"`).join(', ')} (${takes})`;
}
