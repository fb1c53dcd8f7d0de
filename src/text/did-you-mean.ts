/** Edits (insert, delete, replace, swap of neighbours) that turn one word into the other. */
export function editDistance(from: string, to: string): number {
  const a = [...from];
  const b = [...to];
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const edits = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  const cheapest = (row: number, column: number): number => {
    const same = a[row - 1] === b[column - 1];
    const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
    return Math.min(
      edits(row - 1, column) + 1,
      edits(row, column - 1) + 1,
      edits(row - 1, column - 1) + (same ? 0 : 1),
      swapped ? edits(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
    );
  };
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    rows.push(current);
    for (let column = 1; column <= b.length; column++) current.push(cheapest(row, column));
  }
  return edits(a.length, b.length);
}

/** Characters beyond which nobody means a word by another: to compare two takes the product of their lengths. */
const LONGEST = 300;
const MOST_EDITS = 3;

function isNear(word: string, candidate: string): boolean {
  const longer = Math.max(word.length, candidate.length);
  // Each edit makes a word longer or shorter by one character at most, which is two code units.
  if (longer > LONGEST || Math.abs(word.length - candidate.length) > 2 * MOST_EDITS) return false;
  const allowed = Math.max(1, Math.floor(longer / 3));
  return editDistance(word, candidate) <= Math.min(allowed, MOST_EDITS);
}

/** The candidate that was probably meant, if any comes near; letter case does not count. The earlier of equals wins. */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  const typed = word.toLowerCase();
  const near = candidates.filter((candidate) => isNear(typed, candidate.toLowerCase()));
  const distance = (candidate: string): number => editDistance(typed, candidate.toLowerCase());
  const nearest = near.toSorted((a, b) => distance(a) - distance(b))[0];
  return nearest ?? (typed.length < 3 ? undefined : candidates.find((candidate) => candidate.toLowerCase().startsWith(typed)));
}
