/** As many words as fit, at least one, joined by commas, and how many more there are; `''` for none. */
export function fitList(words: readonly string[], width: number): string {
  const whole = words.join();
  if (whole.length <= width || words.length < 2) return whole;
  const shorten = (kept: number): string => `${words.slice(0, kept).join()},+${words.length - kept}`;
  // Each takes two characters at least.
  const most = Math.min(words.length - 1, Math.ceil(width / 2));
  const counts = Array.from({ length: most }, (_, index) => most - index);
  return shorten(counts.find((count) => shorten(count).length <= width) ?? 1);
}
