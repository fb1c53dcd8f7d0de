import Table from 'cli-table3';
import measure from 'cli-table3/src/utils.js';
import type { Drawing } from './table.ts';

// At some 30 µs a cell, drawing more lines would cost more than all the rest of a list of runtimes.
const LARGE = 1000;
// Its time grows with the square of a cell's length, and anybody may store a long name.
const LONG = 1000;

const BORDERLESS = Object.fromEntries(
  ['top', 'bottom', 'mid']
    .flatMap((edge) => [edge, `${edge}-mid`, `${edge}-left`, `${edge}-right`])
    .concat('left', 'left-mid', 'mid-mid', 'right', 'right-mid', 'middle')
    .map((name) => [name, '']),
);

const PRINTABLE_ASCII = /^[ -~]*$/;

const textWidth = (text: string): number => (PRINTABLE_ASCII.test(text) ? text.length : measure.strlen(text));

/** A table by cli-table3, which knows what wide and combining characters and emoji take. */
export const DRAWN: Drawing = {
  textWidth,
  layOut: (lines, colWidths, rowCount) => {
    const isLarge = rowCount > LARGE || colWidths.some((width) => width > LONG);
    return (isLarge ? padCells : drawTable)(lines, colWidths);
  },
};

function drawTable(lines: readonly (readonly string[])[], colWidths: readonly number[]): readonly string[] {
  const table = new Table({
    chars: BORDERLESS,
    colWidths: [...colWidths],
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  table.push(...lines.map((line) => [...line]));
  return table.toString().split('\n');
}

/** The same bytes as `drawTable`. */
function padCells(lines: readonly (readonly string[])[], colWidths: readonly number[]): readonly string[] {
  const pad = (cell: string, index: number): string => cell + ' '.repeat(Math.max(0, (colWidths[index] ?? 0) - textWidth(cell)));
  return lines.map((line) => line.map(pad).join(''));
}
