/**
 * What a table holds for a word; undefined if it holds nothing. The only place where an object is indexed by a word from outside: every plain
 * object answers to `constructor` and `toString` as well.
 */
export function lookUp<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
