import Table from 'cli-table3';
import type { Drawing } from './layout.ts';

const BORDERS = ['top', 'bottom', 'mid']
  .flatMap((edge) => [edge, `${edge}-mid`, `${edge}-left`, `${edge}-right`])
  .concat('left', 'left-mid', 'mid-mid', 'right', 'right-mid', 'middle');
const BORDERLESS = Object.fromEntries(BORDERS.map((name) => [name, '']));
// No cell holds it: control characters are escaped.
const SEPARATOR = '\u0000';

/** A table for a terminal, drawn by cli-table3: it knows what wide and combining characters, emoji and marks take. */
export const DRAWN: Drawing = {
  // What a column takes is read off a line of empty cells, which are filled with blanks.
  widthsOf: (lines) => {
    const empty = (lines[0] ?? []).map(() => '');
    const last = draw([...lines, empty], { chars: { ...BORDERLESS, middle: SEPARATOR } }).at(-1) ?? '';
    return last.split(SEPARATOR).map((blanks) => blanks.length);
  },
  layOut: (lines, colWidths) => draw(lines, { chars: BORDERLESS, colWidths: [...colWidths] }),
};

function draw(lines: readonly (readonly string[])[], options: Table.TableConstructorOptions): readonly string[] {
  const style = { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true };
  const table = new Table({ ...options, style });
  table.push(...lines.map((line) => [...line]));
  return table.toString().split('\n');
}
