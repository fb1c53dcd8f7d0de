import type { Style } from './style.ts';

// With kubectl's own ways to begin a failure.
const ERROR = /^(?:error:|Error from server(?: \([A-Za-z]+\))?:|Error in configuration:|Unable to connect to the server:)/gm;
const WARNING = /^[Ww]arning:/gm;

/** Marks the words that tell failures and warnings from the rest of a message. */
export function paintLabels(text: string, { red, yellow }: Style): string {
  return text.replace(ERROR, (label) => red(label)).replace(WARNING, (label) => yellow(label));
}
