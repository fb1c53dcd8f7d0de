import type { AnyCommand } from './command.ts';

/** A noun that holds commands. */
export interface Group {
  readonly word: string;
  readonly aliases: readonly string[];
  readonly summary: string;
}

/** All that the program can do, as data. */
export interface Catalogue {
  readonly groups: readonly Group[];
  readonly commands: readonly AnyCommand[];
}

/** What the words of a command line lead to. */
export interface Place {
  /** The documented words, aliases resolved. */
  readonly path: readonly string[];
  /** Absent at the root and at a noun. */
  readonly command: AnyCommand | undefined;
}

export const ROOT: Place = { path: [], command: undefined };

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

/** One word further, or undefined if no command or noun there is called so. */
export function descend(catalogue: Catalogue, place: Place, word: string): Place | undefined {
  const child = childrenOf(catalogue, place.path).find((candidate) => candidate.word === word || candidate.aliases.includes(word));
  if (child === undefined) return undefined;
  const path = [...place.path, child.word];
  return { path, command: catalogue.commands.find((candidate) => candidate.path.join(' ') === path.join(' ')) };
}
