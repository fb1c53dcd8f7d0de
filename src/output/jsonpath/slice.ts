import type { Slice } from './node.ts';

/** The items that a slice takes of a list, or the error in client-go's words. */
export function itemsOf(list: readonly unknown[], slice: Slice): readonly unknown[] | string {
  const { length } = list;
  const [start, end] = boundsOf(slice, length);
  if (start === end) return [];
  const error = boundsError(start, end, length);
  if (error !== undefined) return error;
  const { step = 1 } = slice;
  return step > 0 ? list.slice(start, end).filter((_, index) => index % step === 0) : 'step must be > 0';
}

/** Negative indices count from the end; the last one, `[-1]`, ends there. */
function boundsOf({ start = 0, end, isIndex }: Slice, length: number): readonly [start: number, end: number] {
  const limit = end ?? length;
  return [start < 0 ? start + length : start, limit < 0 || (limit === 0 && isIndex) ? limit + length : limit];
}

function boundsError(start: number, end: number, length: number): string | undefined {
  if (start >= length || start < 0) return `array index out of bounds: index ${start}, length ${length}`;
  if (end > length || end < 0) return `array index out of bounds: index ${end - 1}, length ${length}`;
  return start > end ? `starting index ${start} is greater than ending index ${end}` : undefined;
}
