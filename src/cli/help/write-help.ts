import yargs, { type Argv } from 'yargs';
import type { AnyCommand, Example } from '../../command/command.ts';
import type { Option, OptionModel } from '../../command/option.ts';
import { ExitCode } from '../../errors.ts';
import { generalOptions, rootOptions } from '../options.ts';
import { type Catalogue, type Child, type CommandNode, childrenOf, shownOptions } from '../parse/tree.ts';
import { PROGRAM } from '../program-name.ts';

const ABOUT =
  'kubectl kserve shows which KServe runtimes exist, which one KServe picks for a model, why a model is not ready, and which permissions an account has or lacks. It never shows a refusal as an empty list.';

/** Writes the help of a command, of a noun or of the program: what it does, examples, usage, then a table of what may be given. */
export async function writeHelp(place: CommandNode, catalogue: Catalogue, width: number): Promise<string> {
  const words = [PROGRAM, ...place.path].join(' ');
  const sections = [
    wrap(description(place, catalogue), width),
    exampleText(place, catalogue, width),
    `Usage:\n  ${usageLine(place, words)}`,
  ];
  const tables = await tableText(place, catalogue, width);
  return `${[...sections, tables, exitCodeText(place, width)].filter((section) => section !== '').join('\n\n')}\n`;
}

/** Commands and options in columns, laid out by yargs. */
async function tableText(place: CommandNode, catalogue: Catalogue, width: number): Promise<string> {
  const isNarrow = width < NARROW;
  const writer = blankYargs()
    .scriptName('')
    .usage('')
    .wrap(isNarrow ? null : width);
  const children = childrenOf(catalogue, place.path);
  for (const child of children) writer.command(commandLabel(child), child.summary);
  addOptions(writer, place.command === undefined ? nodeOptions(place) : shownOptions(place));
  if (children.length > 0) writer.epilogue(`Use "${[PROGRAM, ...place.path].join(' ')} <command> --help" for more about a command.`);
  const text = tidy(await writer.getHelp());
  return isNarrow ? stacked(text, width) : text;
}

/** Below this yargs breaks the names of flags. */
const NARROW = 72;
const STACKED_INDENT = '      ';

/** The lines of a table, each with the summary below its name. */
function stacked(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const [, name, summary] = /^ {2,}(\S.*?) {2,}(\S.*)$/.exec(line) ?? [];
      if (name === undefined || summary === undefined) return [wrap(line, width)];
      return [`  ${name}`, indented(wrap(summary, width - STACKED_INDENT.length), STACKED_INDENT)];
    })
    .join('\n');
}

function indented(text: string, by: string): string {
  return text.replace(/^/gm, by);
}

function nodeOptions({ path }: CommandNode): OptionModel {
  return { help: generalOptions.help, ...(path.length === 0 && rootOptions) };
}

function wrap(text: string, width: number): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join('\n');
}

function description(place: CommandNode, catalogue: Catalogue): string {
  if (place.command !== undefined) return place.command.description;
  const group = catalogue.groups.find((candidate) => candidate.word === place.path[0]);
  return group === undefined ? ABOUT : `${group.summary}.`;
}

function exampleText(place: CommandNode, catalogue: Catalogue, width: number): string {
  const examples = examplesOf(place, catalogue);
  if (examples.length === 0) return '';
  return `Examples:\n${examples.map(({ does, words }) => `${indented(wrap(does, width - 4), '  # ')}\n  ${PROGRAM} ${words}`).join('\n\n')}`;
}

function examplesOf(place: CommandNode, catalogue: Catalogue): readonly Example[] {
  if (place.path.length === 0) return catalogue.examples;
  const below = catalogue.commands.filter((command) => isBelow(command, place));
  return below.length === 1 ? below.flatMap(({ examples }) => examples) : below.flatMap(({ examples }) => examples.slice(0, 1));
}

function isBelow(command: AnyCommand, place: CommandNode): boolean {
  return place.path.every((word, at) => command.path[at] === word);
}

/** Cells before the meaning of a code. */
const MARGIN = 7;

function exitCodeText({ command }: CommandNode, width: number): string {
  if (command?.exitCodes === undefined) return '';
  const codes = [...command.exitCodes, [ExitCode.misuse, 'the command line is wrong'] as const].toSorted(([a], [b]) => a - b);
  const lines = codes.map(([code, meaning]) => {
    const text = wrap(meaning, width - MARGIN).replaceAll('\n', `\n${' '.repeat(MARGIN)}`);
    return `  ${String(code).padEnd(MARGIN - 2)}${text}`;
  });
  return `Exit codes:\n${lines.join('\n')}`;
}

function usageLine({ command }: CommandNode, words: string): string {
  if (command === undefined) return `${words} <command> [flags]`;
  return [words, command.positionals?.usage ?? '', '[flags]'].filter((part) => part !== '').join(' ');
}

function commandLabel({ word, aliases }: Child): string {
  return [word, ...aliases].join(', ');
}

/** A yargs that neither prints nor exits. */
function blankYargs(): Argv {
  return yargs([]).locale('en').help(false).version(false).exitProcess(false).showHelpOnFail(false);
}

function addOptions(writer: Argv, model: OptionModel): void {
  for (const [name, option] of Object.entries(model)) {
    const label = 'placeholder' in option ? `${name}=${option.placeholder}` : name;
    writer.option(label, {
      describe: describe(option),
      group: `${option.section ?? 'Options'}:`,
      ...(option.short ? { alias: option.short } : {}),
    });
  }
}

function describe(option: Option): string {
  const fallback = 'default' in option ? option.default : undefined;
  return fallback === undefined ? option.summary : `${option.summary} (default ${fallback})`;
}

/** yargs ends some lines in blanks and separates sections unevenly. */
function tidy(text: string): string {
  return text
    .replace(/ +$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
