import { lookUp } from '../../text/look-up.ts';
import type { Catalogue, CommandNode } from '../parse/tree.ts';
import { PROGRAM } from '../program-name.ts';
import { RENDERED } from './rendered-help.ts';

export interface HelpRequest {
  readonly place: CommandNode;
  readonly catalogue: Catalogue;
  /** As the user started the program. */
  readonly programName: string;
  /** Of the terminal; undefined in a pipe. */
  readonly columns: number | undefined;
}

/** Cells; longer lines are hard to read. */
export const MAXIMUM_WIDTH = 100;

/** Below this even a word needs a line of its own. */
const MINIMUM_WIDTH = 20;

/** The help of a place. yargs lays it out, unless that was done when the program was built. */
export async function helpText({ place, catalogue, programName, columns }: HelpRequest): Promise<string> {
  const width = Math.max(MINIMUM_WIDTH, Math.min(columns ?? MAXIMUM_WIDTH, MAXIMUM_WIDTH));
  const rendered = width === MAXIMUM_WIDTH ? lookUp(RENDERED, place.path.join(' ')) : undefined;
  const text = rendered ?? (await write(place, catalogue, width));
  return text.replaceAll(PROGRAM, programName);
}

async function write(place: CommandNode, catalogue: Catalogue, width: number): Promise<string> {
  const { writeHelp } = await import('./write-help.ts');
  return writeHelp(place, catalogue, width);
}
