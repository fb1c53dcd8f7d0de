/** Values of `-o`. */
export const MATCH_FORMATS = ['github', 'json', 'junit', 'name', 'sarif', 'wide', 'yaml'] as const;
export type MatchFormat = 'table' | (typeof MATCH_FORMATS)[number];
