import { escapeText } from './escape.ts';

/** A line for stderr, as kubectl words it. The text may come from anywhere. */
export function warningLine(text: string): string {
  return `Warning: ${escapeText(text)}\n`;
}
