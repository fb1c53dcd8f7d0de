import type { AnyCommand, Example } from '../../command/command.ts';
import type { Option, OptionModel } from '../../command/option.ts';
import { commonOptions, rootOptions, SERVER_OPTIONS } from '../options.ts';
import type { Token } from './tokenise.ts';

/** A noun that holds commands. */
interface Group {
  readonly word: string;
  readonly aliases: readonly string[];
  readonly summary: string;
}

/** All that the program can do, as data. */
export interface Catalogue {
  readonly groups: readonly Group[];
  readonly commands: readonly AnyCommand[];
  /** What most people come for. */
  readonly examples: readonly Example[];
}

/** What the words of a command line lead to. */
export interface CommandNode {
  /** The documented words, aliases resolved. */
  readonly path: readonly string[];
  /** Absent at the root and at a noun. */
  readonly command: AnyCommand | undefined;
}

const ROOT: CommandNode = { path: [], command: undefined };

/** A word that may follow a place. */
export interface Child {
  readonly word: string;
  readonly aliases: readonly string[];
  readonly summary: string;
}

/** The words that may follow a place, in the order of the catalogue. */
export function childrenOf(catalogue: Catalogue, path: readonly string[]): readonly Child[] {
  const below = catalogue.commands.filter(
    (command) => command.path.length > path.length && path.every((word, at) => command.path[at] === word),
  );
  const children = below.map((command): Child => {
    const word = command.path[path.length] ?? '';
    const group = command.path.length > path.length + 1 ? catalogue.groups.find((candidate) => candidate.word === word) : undefined;
    return group ?? { word, aliases: command.aliases[path.length] ?? [], summary: command.summary };
  });
  return [...new Map(children.map((child) => [child.word, child])).values()];
}

/** All options of all commands: a name or a letter means the same in each that has it, so a line can be split before its command is known. */
export function everyOption(catalogue: Catalogue): OptionModel {
  return Object.fromEntries([...catalogue.commands.map(({ options }) => options), commonOptions, rootOptions].flatMap(Object.entries));
}

/** The options that may be given at a place. */
export function optionsOf(place: CommandNode): OptionModel {
  return { ...place.command?.options, ...commonOptions, ...(place.path.length === 0 && rootOptions) };
}

/** Those of them that are worth showing: no hidden ones, and what is about a server only where one is asked. */
export function shownOptions(place: CommandNode): OptionModel {
  const isShown = ([name, option]: readonly [string, Option]) =>
    option.hidden !== true && (place.command?.connects !== false || !SERVER_OPTIONS.has(name));
  return Object.fromEntries(Object.entries(optionsOf(place)).filter(isShown));
}

/** Follows the words into the tree; `rest` are those that name no command. */
export function resolve(tokens: readonly Token[], catalogue: Catalogue): { readonly place: CommandNode; readonly rest: readonly Token[] } {
  const words = tokens.filter((token) => token.kind === 'word');
  let place = ROOT;
  for (const [index, word] of words.entries()) {
    const next = word.afterDashes ? undefined : descend(catalogue, place, word.text);
    if (next === undefined) return { place, rest: words.slice(index) };
    place = next;
  }
  return { place, rest: [] };
}

/** Every place of the catalogue: the program, its nouns, its commands. */
export function nodesOf(catalogue: Catalogue, path: readonly string[] = []): readonly CommandNode[] {
  return [
    { path, command: commandAt(catalogue, path) },
    ...childrenOf(catalogue, path).flatMap(({ word }) => nodesOf(catalogue, [...path, word])),
  ];
}

/** One word further, or undefined if no command or noun there is called so. */
function descend(catalogue: Catalogue, place: CommandNode, word: string): CommandNode | undefined {
  const child = childrenOf(catalogue, place.path).find((candidate) => candidate.word === word || candidate.aliases.includes(word));
  if (child === undefined) return undefined;
  const path = [...place.path, child.word];
  return { path, command: commandAt(catalogue, path) };
}

function commandAt(catalogue: Catalogue, path: readonly string[]): AnyCommand | undefined {
  return catalogue.commands.find((command) => command.path.join(' ') === path.join(' '));
}
