/** The text, or its start and how much was cut off. */
export function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)} [truncated ${text.length - most} chars]`;
}
