import { isSwitch, type Option, type OptionModel } from '../../command/option.ts';
import { lookUp } from '../../text/look-up.ts';

/** A word of the command line, understood by the rules of pflag, the parser of kubectl. */
export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly afterDashes: boolean }
  /** `--`: no flags and no names of commands after it. */
  | { readonly kind: 'dashes' }
  | { readonly kind: 'flag'; readonly name: string; readonly option: Option; readonly value: string }
  /** `needsValue`: the name of the flag after which the line ends. */
  | { readonly kind: 'problem'; readonly message: string; readonly unknownFlag?: string; readonly needsValue?: string };

interface Step {
  readonly tokens: readonly Token[];
  /** How many words of the command line it used. */
  readonly used: number;
}

const problem = (message: string): Token => ({ kind: 'problem', message });

/**
 * Splits a command line as kubectl does: `-nteam`, `-Aojson`, `-o=json`, `--no-headers=false`, `_` for `-`, `--`; the word after a
 * flag that takes a value is its value whatever it looks like. Source: parseArgs in https://github.com/spf13/pflag/blob/master/flag.go.
 * Reads on after a problem, so that the command can still be identified.
 */
export function tokenise(argv: readonly string[], model: OptionModel): readonly Token[] {
  const tokens: Token[] = [];
  for (let index = 0; index < argv.length; ) {
    const word = argv[index] ?? '';
    if (word === '--') {
      tokens.push({ kind: 'dashes' }, ...argv.slice(index + 1).map((text): Token => ({ kind: 'word', text, afterDashes: true })));
      break;
    }
    const step = readStep(word, argv[index + 1], model);
    tokens.push(...step.tokens);
    index += step.used;
  }
  return tokens;
}

function readStep(word: string, next: string | undefined, model: OptionModel): Step {
  if (word === '-' || !word.startsWith('-')) return { tokens: [{ kind: 'word', text: word, afterDashes: false }], used: 1 };
  return word.startsWith('--') ? readLong(word, next, model) : readShorts(word.slice(1), next, model);
}

function readLong(word: string, next: string | undefined, model: OptionModel): Step {
  const equals = word.indexOf('=');
  const typed = equals < 0 ? word.slice(2) : word.slice(2, equals);
  if (typed === '' || typed.startsWith('-')) return { tokens: [problem(`bad flag syntax: ${word}`)], used: 1 };
  const name = typed.replaceAll('_', '-');
  const option = lookUp(model, name);
  if (option === undefined) {
    return { tokens: [{ kind: 'problem', message: `unknown flag: --${typed}`, unknownFlag: name }], used: 1 };
  }
  if (equals >= 0) return { tokens: [{ kind: 'flag', name, option, value: word.slice(equals + 1) }], used: 1 };
  if (isSwitch(option)) return { tokens: [{ kind: 'flag', name, option, value: 'true' }], used: 1 };
  if (next === undefined)
    return { tokens: [{ kind: 'problem', message: `flag needs an argument: --${typed}`, needsValue: name }], used: 1 };
  return { tokens: [{ kind: 'flag', name, option, value: next }], used: 2 };
}

function readShorts(letters: string, next: string | undefined, model: OptionModel): Step {
  const letter = String.fromCodePoint(letters.codePointAt(0) ?? 0);
  const found = Object.entries(model).find(([, candidate]) => candidate.short === letter);
  if (found === undefined) return { tokens: [problem(`unknown shorthand flag: '${letter}' in -${letters}`)], used: 1 };
  const [name, option] = found;
  const inline = inlineValue(letters, option);
  if (inline !== undefined) return { tokens: [{ kind: 'flag', name, option, value: inline }], used: 1 };
  if (isSwitch(option)) return readAfterSwitch({ kind: 'flag', name, option, value: 'true' }, letters.slice(1), next, model);
  if (next === undefined) {
    return { tokens: [{ kind: 'problem', message: `flag needs an argument: '${letter}' in -${letters}`, needsValue: name }], used: 1 };
  }
  return { tokens: [{ kind: 'flag', name, option, value: next }], used: 2 };
}

function readAfterSwitch(flag: Token, letters: string, next: string | undefined, model: OptionModel): Step {
  if (letters === '') return { tokens: [flag], used: 1 };
  const step = readShorts(letters, next, model);
  return { tokens: [flag, ...step.tokens], used: step.used };
}

/** The value in the same word: `-o=json`, `-ojson`. As in pflag an equals sign with nothing behind it is no separator. */
function inlineValue(rest: string, option: Option): string | undefined {
  if (rest.length > 2 && rest[1] === '=') return rest.slice(2);
  return !isSwitch(option) && rest.length > 1 ? rest.slice(1) : undefined;
}
