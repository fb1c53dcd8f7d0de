import type { AnyCommand } from '../../command/command.ts';
import { ExitCode } from '../../errors.ts';
import { lookUp } from '../../text/look-up.ts';
import { generalOptions } from '../options.ts';
import { pointerFor } from './foreign-words.ts';
import { flagProblem, suggestion, wordsProblem } from './misuse.ts';
import { type Token, tokenise } from './tokenise.ts';
import { type Catalogue, type CommandNode, childrenOf, everyOption, optionsOf, resolve } from './tree.ts';
import { parseBoolean, readValues, type Values } from './values.ts';

/** What a command line asks for. */
export type Invocation =
  | { readonly kind: 'run'; readonly command: AnyCommand; readonly values: Values; readonly words: readonly string[] }
  | { readonly kind: 'print'; readonly place: CommandNode; readonly exitCode: ExitCode }
  /** `values`: those of the flags for colour. */
  | (Problem & { readonly kind: 'misuse'; readonly values: Values });

/** What is wrong with a command line. */
interface Problem {
  readonly message: string;
  readonly place: CommandNode;
  readonly see: 'usage' | 'examples';
}

/** Reads a command line; nothing is printed and nothing is run. */
export function parseCommandLine(argv: readonly string[], catalogue: Catalogue): Invocation {
  const asked = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv;
  const tokens = tokenise(asked, everyOption(catalogue));
  const { place, rest } = resolve(tokens, catalogue);
  const misuse = firstMisuse(tokens, rest, place, catalogue);
  if (misuse !== undefined) return refuse(misuse, tokens);
  if (isSwitched('help', tokens)) return { kind: 'print', place, exitCode: ExitCode.ok };
  if (place.path.length === 0 && isSwitched('version', tokens)) return versionOfPlugin(tokens, catalogue);
  if (place.command === undefined) return { kind: 'print', place, exitCode: place.path.length === 0 ? ExitCode.ok : ExitCode.misuse };
  const message = wordsProblem(
    rest.map((token) => textOf(token)),
    place.command.positionals ?? { usage: '', minimum: 0, maximum: 0 },
  );
  if (message !== undefined) return refuse({ message, place, see: 'examples' }, tokens);
  return { kind: 'run', command: place.command, values: readValues(tokens, optionsOf(place)), words: rest.map((token) => textOf(token)) };
}

function refuse(problem: Problem, tokens: readonly Token[]): Invocation {
  const { color, 'no-color': noColor } = generalOptions;
  return { kind: 'misuse', ...problem, values: readValues(tokens, { color, 'no-color': noColor }) };
}

function textOf(token: Token | undefined): string {
  return token?.kind === 'word' ? token.text : '';
}

function firstMisuse(tokens: readonly Token[], rest: readonly Token[], place: CommandNode, catalogue: Catalogue): Problem | undefined {
  const model = optionsOf(place);
  for (const token of tokens) {
    if (place.command === undefined && token === rest[0]) return unknownCommand(rest, place, catalogue);
    const message = flagProblem(token, model);
    if (message !== undefined) return { message: `${message}${takersHint(token, place, catalogue)}`, place, see: 'usage' };
  }
  return undefined;
}

/** Commands that are named where another was given their flag. */
const MOST_TAKERS = 4;

/** Which commands do take a flag that this one does not know, if they are few. */
function takersHint(token: Token, place: CommandNode, { commands }: Catalogue): string {
  if (token.kind !== 'flag' || place.command === undefined || lookUp(optionsOf(place), token.name) !== undefined) return '';
  const takers = commands.filter(({ options }) => {
    const option = lookUp(options, token.name);
    return option !== undefined && option.hidden !== true;
  });
  if (takers.length === 0 || takers.length > MOST_TAKERS) return '';
  return `\nhint: --${token.name} is a flag of ${takers.map(({ path }) => path.join(' ')).join(', ')}`;
}

function unknownCommand(rest: readonly Token[], place: CommandNode, catalogue: Catalogue): Problem {
  const word = textOf(rest[0]);
  const children = childrenOf(catalogue, place.path).map((child) => child.word);
  const turned = swapped(rest, place, catalogue);
  const pointer = turned === undefined && place.path.length === 0 ? pointerFor(rest.map((token) => textOf(token))) : undefined;
  if (pointer !== undefined) return { message: `unknown command "${word}"\nhint: ${pointer}`, place, see: 'examples' };
  const meant = turned ?? below(word, place, catalogue) ?? suggestion(word, children);
  return { message: `unknown command "${word}"${meant}`, place, see: 'examples' };
}

/** kubectl puts the verb first, `get runtimes`; here it comes last. */
function swapped([verb, noun]: readonly Token[], place: CommandNode, catalogue: Catalogue): string | undefined {
  if (place.path.length > 0 || verb === undefined || noun === undefined) return undefined;
  const { command } = resolve([noun, verb], catalogue).place;
  return command && ` (did you mean "${command.path.join(' ')}"?)`;
}

/** The noun left out: `match` of `runtimes match`. */
function below(word: string, { path }: CommandNode, catalogue: Catalogue): string | undefined {
  const meant = path.length > 0 ? [] : catalogue.commands.filter((command) => command.path.length > 1 && command.path[1] === word);
  return meant.length === 0 ? undefined : ` (did you mean ${meant.map((command) => `"${command.path.join(' ')}"`).join(' or ')}?)`;
}

function isSwitched(name: 'help' | 'version', tokens: readonly Token[]): boolean {
  const flag = tokens.findLast((token) => token.kind === 'flag' && token.name === name);
  return flag?.kind === 'flag' && parseBoolean(flag.value) === true;
}

/** `--version` in place of a command, as many programs have it. */
function versionOfPlugin(tokens: readonly Token[], catalogue: Catalogue): Invocation {
  const others = tokens.flatMap((token) => (token.kind === 'flag' && token.name !== 'version' ? [`--${token.name}=${token.value}`] : []));
  return parseCommandLine(['version', '--client', ...others], catalogue);
}
