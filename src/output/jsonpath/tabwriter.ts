// kubectl's settings: https://github.com/kubernetes/cli-runtime/blob/master/pkg/printers/tabwriter.go
const MINIMUM_WIDTH = 6;
const PADDING = 3;

type Line = readonly string[];

/**
 * Aligns cells that end in tabs, as Go's text/tabwriter with kubectl's settings. Texts may hold tabs and line breaks of their own, which count:
 * a column is what stands below each other without a gap, and no narrower than one above it. https://pkg.go.dev/text/tabwriter
 */
export function* tabulated(texts: Iterable<string>): Generator<string> {
  const sections = [...texts].join('').split('\f');
  const remembered: number[] = [];
  for (const [index, section] of sections.entries()) {
    const lines = section.split('\n').map((line) => line.split(/[\t\v]/));
    const rows = [...aligned(lines, { column: 0, widths: [], remembered })];
    yield rows.join('\n');
    if (index < sections.length - 1) yield '\n';
  }
}

interface Layout {
  readonly column: number;
  /** Of the columns to the left. */
  readonly widths: readonly number[];
  /** The most that each column ever took. */
  readonly remembered: number[];
}

/** Lines as they are written. Those that have a cell in this column form blocks. */
function* aligned(lines: readonly Line[], layout: Layout): Generator<string> {
  for (let start = 0; start < lines.length; ) {
    const isBlock = hasCell(lines[start], layout.column);
    let end = start + 1;
    while (end < lines.length && hasCell(lines[end], layout.column) === isBlock) end += 1;
    const block = lines.slice(start, end);
    if (isBlock) yield* aligned(block, { ...layout, column: layout.column + 1, widths: [...layout.widths, widthOf(block, layout)] });
    else yield* block.map((line) => padded(line, layout.widths));
    start = end;
  }
}

/** The last cell of a line ends no column. */
function hasCell(line: Line | undefined, column: number): boolean {
  return column < (line?.length ?? 0) - 1;
}

function widthOf(block: readonly Line[], { column, remembered }: Layout): number {
  const longest = block.reduce((most, line) => Math.max(most, characters(line[column] ?? '')), 0);
  const width = Math.max(MINIMUM_WIDTH, longest + PADDING, remembered[column] ?? 0);
  remembered[column] = width;
  return width;
}

function padded(line: Line, widths: readonly number[]): string {
  return line.map((cell, index) => cell + ' '.repeat(Math.max(0, (widths[index] ?? 0) - characters(cell)))).join('');
}

function characters(text: string): number {
  return /^[ -~]*$/.test(text) ? text.length : [...text].length;
}
