import { type Completes, isSwitch, type Option, type OptionModel } from '../../command/option.ts';
import { lookUp } from '../../text/look-up.ts';
import type { CliHost } from '../cli-host.ts';
import { CATALOGUE } from '../commands.ts';
import { type Token, tokenise } from '../parse/tokenise.ts';
import { type Catalogue, type CommandNode, childrenOf, everyOption, optionsOf, resolve, shownOptions } from '../parse/tree.ts';
import { withoutSecrets } from '../without-secrets.ts';

/** Bits of the last line of an answer: https://pkg.go.dev/github.com/spf13/cobra#ShellCompDirective */
const Directive = { files: 0, noSpace: 2, noFiles: 4 } as const;

/** Starts a line that kubectl shows as help: https://pkg.go.dev/github.com/spf13/cobra#AppendActiveHelp */
const ACTIVE_HELP = '_activeHelp_';

/** A word that TAB offers. */
export interface Candidate {
  readonly word: string;
  readonly summary?: string | undefined;
}

/** What is written for one TAB. */
interface Completion {
  readonly candidates: readonly Candidate[];
  readonly directive: number;
  /** A line for the user that is no candidate. */
  readonly activeHelp?: string | undefined;
}

/** Where the cursor is: what was typed before, and the start of the word that is completed. */
interface Position {
  readonly tokens: readonly Token[];
  readonly place: CommandNode;
  readonly model: OptionModel;
  readonly rest: readonly Token[];
  readonly typed: string;
  readonly afterDashes: boolean;
}

const NOTHING: Completion = { candidates: [], directive: Directive.noFiles };

/**
 * Answers kubectl's completion protocol: a candidate a line, then `:` and the directive. `words` are those after the program's
 * name, the last one unfinished. Never fails: the shell would show nothing but file names.
 */
export async function completeWords(words: readonly string[], given: CliHost, catalogue: Catalogue = CATALOGUE): Promise<void> {
  const host = withoutSecrets(given);
  const described = words[0] !== '__completeNoDesc';
  const typedWords = words[0] === '__complete' || words[0] === '__completeNoDesc' ? words.slice(1) : words;
  const answer = await answerFor(locate(typedWords, catalogue), host, catalogue).catch(() => NOTHING);
  host.streams.out.write(answerText(answer, { described, activeHelp: wantsActiveHelp(host.env) }));
}

/** Both variables of cobra: for all programs, and for kubectl. */
function wantsActiveHelp({ COBRA_ACTIVE_HELP, KUBECTL_ACTIVE_HELP }: CliHost['env']): boolean {
  return COBRA_ACTIVE_HELP !== '0' && KUBECTL_ACTIVE_HELP !== '0';
}

function locate(words: readonly string[], catalogue: Catalogue): Position {
  // `help` stands before the words that it is about.
  const before = words.slice(words[0] === 'help' ? 1 : 0, -1);
  const tokens = tokenise(before, everyOption(catalogue));
  const { place, rest } = resolve(tokens, catalogue);
  return {
    tokens,
    place,
    model: optionsOf(place),
    rest,
    typed: words.at(-1) ?? '',
    afterDashes: tokens.some(({ kind }) => kind === 'dashes'),
  };
}

async function answerFor(position: Position, host: CliHost, catalogue: Catalogue): Promise<Completion> {
  const { tokens, typed, afterDashes, place, model } = position;
  const last = tokens.at(-1);
  if (last?.kind === 'problem' && last.needsValue !== undefined) return valueAnswer(lookUp(model, last.needsValue), typed, position, host);
  if (!afterDashes && typed.startsWith('-')) return flagAnswer(position, host);
  return place.command === undefined ? childrenAnswer(position, catalogue) : positionalAnswer(position, host);
}

/** `--outp`, or `--output=js`, where the shell wants to hear `json` alone. */
async function flagAnswer(position: Position, host: CliHost): Promise<Completion> {
  const { typed, model } = position;
  if (!typed.includes('=')) return { candidates: await flags(position), directive: Directive.noFiles };
  const [flag] = tokenise([typed], model);
  return flag?.kind === 'flag' ? valueAnswer(flag.option, typed.slice(typed.indexOf('=') + 1), position, host) : NOTHING;
}

function childrenAnswer({ place, rest, typed, afterDashes }: Position, catalogue: Catalogue): Completion {
  if (rest.length > 0 || afterDashes) return NOTHING;
  const children = childrenOf(catalogue, place.path).map(({ word, summary }) => ({ word, summary }));
  return { candidates: startingWith(children, typed), directive: Directive.noFiles };
}

async function flags({ place, tokens, typed }: Position): Promise<readonly Candidate[]> {
  const given = tokens.filter((token) => token.kind === 'flag');
  const { refusedBeside } = await import('../contexts/refused.ts');
  const refused = refusedBeside(new Set(given.map(({ name }) => name)), place.command ?? {});
  const closed = new Set([...refused, ...given.filter(({ option }) => option.type !== 'list').map(({ name }) => name)]);
  const open = Object.entries(shownOptions(place)).filter(([name]) => !closed.has(name));
  const long = open.map(([name, { summary }]) => ({ word: `--${name}`, summary }));
  const short = open.flatMap(([, { short: letter, summary }]) => (letter === undefined ? [] : [{ word: `-${letter}`, summary }]));
  return startingWith([...long, ...short], typed);
}

// Commands may differ in the choices of an option: `option` is that of the command at hand.
async function valueAnswer(option: Option | undefined, typed: string, position: Position, host: CliHost): Promise<Completion> {
  if (option === undefined) return NOTHING;
  if (isSwitch(option)) return { candidates: startingWith([{ word: 'true' }, { word: 'false' }], typed), directive: Directive.noFiles };
  if (option.type === 'integer') return NOTHING;
  if (option.completes === undefined) {
    return choiceAnswer(option.type === 'string' ? await choicesOf(option, position) : [], typed);
  }
  return option.type === 'list' && option.commas
    ? listAnswer(option.completes, typed, position, host)
    : dynamicAnswer(option.completes, typed, position, host);
}

/** Some formats are refused in several contexts. */
async function choicesOf(option: Extract<Option, { readonly type: 'string' }>, { tokens, model }: Position): Promise<readonly string[]> {
  const { choices = [] } = option;
  if (option !== model.output) return choices;
  const [{ contextPatterns }, { isFormatOfContexts }, { readValues }] = await Promise.all([
    import('../context-patterns.ts'),
    import('../contexts/refused.ts'),
    import('../parse/values.ts'),
  ]);
  return contextPatterns(readValues(tokens, model)).length === 0 ? choices : choices.filter(isFormatOfContexts);
}

/** Behind a choice that takes something no blank follows. */
function choiceAnswer(choices: readonly string[], typed: string): Completion {
  const words = choices.filter((choice) => choice.startsWith(typed));
  const isOpen = words.some((word) => word.endsWith('='));
  return { candidates: words.map((word) => ({ word })), directive: isOpen ? Directive.noFiles | Directive.noSpace : Directive.noFiles };
}

/** The last of several values in one word: the shell replaces the whole word, so the others are written again. */
async function listAnswer(source: Completes, typed: string, position: Position, host: CliHost): Promise<Completion> {
  const head = typed.slice(0, typed.lastIndexOf(',') + 1);
  const answer = await dynamicAnswer(source, typed.slice(head.length), position, host);
  const chosen = new Set(head.split(','));
  const candidates = answer.candidates
    .filter(({ word }) => !chosen.has(word) && !word.includes(','))
    .map((candidate) => ({ ...candidate, word: head + candidate.word }));
  return { ...answer, candidates, directive: answer.directive | Directive.noSpace };
}

async function positionalAnswer(position: Position, host: CliHost): Promise<Completion> {
  const { place, rest, typed } = position;
  const { completes = [], maximum = 0 } = place.command?.positionals ?? {};
  const source = completes[Math.min(rest.length, completes.length - 1)];
  if (source === undefined || rest.length >= maximum) return NOTHING;
  const answer = await (typed.includes(',') ? listAnswer : dynamicAnswer)(source, typed, position, host);
  const given = new Set(rest.map((token) => (token.kind === 'word' ? token.text : '')));
  return { ...answer, candidates: answer.candidates.filter(({ word }) => !given.has(word)) };
}

async function dynamicAnswer(source: Completes, typed: string, position: Position, host: CliHost): Promise<Completion> {
  if (source === 'file') return { candidates: [], directive: Directive.files };
  const [{ candidatesOf }, { contextPatterns }, { readValues }, { toConnectionOptions }, { escapeText }] = await Promise.all([
    import('./source.ts'),
    import('../context-patterns.ts'),
    import('../parse/values.ts'),
    import('../options.ts'),
    import('../../text/escape.ts'),
  ]);
  const values = readValues(position.tokens, position.model);
  const question = {
    connection: toConnectionOptions(values),
    contexts: contextPatterns(values),
    allNamespaces: values.allNamespaces === true,
    typed,
  };
  const { candidates, activeHelp, unfinished } = await candidatesOf(source, question, host);
  const directive = unfinished ? Directive.noFiles | Directive.noSpace : Directive.noFiles;
  // Names in clusters and files may hold anything: not offered is what would be read as a flag, an operator or a line of ours.
  const isName = ({ word }: Candidate) => !word.startsWith(ACTIVE_HELP) && /^[^-=@,]/.test(word);
  return { candidates: startingWith(candidates, typed).filter(isName), directive, activeHelp: activeHelp && escapeText(activeHelp) };
}

function startingWith(candidates: readonly Candidate[], typed: string): readonly Candidate[] {
  return candidates.filter(({ word }) => word.startsWith(typed));
}

function answerText(
  { candidates, directive, activeHelp }: Completion,
  show: { readonly described: boolean; readonly activeHelp: boolean },
): string {
  const words = candidates.filter(({ word }) => PLAIN.test(word));
  const lines = words.map(({ word, summary }) => (show.described && summary ? `${word}\t${plainLine(summary)}` : word));
  const help = show.activeHelp && activeHelp !== undefined ? [`${ACTIVE_HELP} ${plainLine(activeHelp)}`] : [];
  return `${[...lines, ...help, `:${directive}`].join('\n')}\n`;
}

/**
 * What every shell takes as it is. Scripts quote words or not: those of older kubectl hand all lines to `compgen -W`, which runs what stands
 * in `$(…)`, in backticks and in `<(…)`.
 */
const PLAIN = /^[A-Za-z0-9\-_.:/@,+=%]+$/;

/** Text for people: on one line, for a line break would start a candidate of its own and a TAB its description, and without what a shell runs. */
function plainLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\p{Cc}$`\\<>]/gu, '');
}
