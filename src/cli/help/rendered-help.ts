/** Help by the words of a place, in its full width: empty here, filled by `scripts/bundle.ts`, so that the bundle need not load yargs for it. */
export const RENDERED: Readonly<Record<string, string>> = {};
