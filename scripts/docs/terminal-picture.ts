/** A command, what it wrote, and how wide the terminal was. */
export interface Transcript {
  readonly command: string;
  readonly output: string;
  readonly columns: number;
}

/** Reads a golden transcript of `test/golden`: stdout, and stderr if there is any, as a terminal shows both. */
export function readTranscript(golden: string, columns: number): Transcript {
  const [, command = '', rest = ''] = /^\$ (.*)\n([\s\S]*)exit: \d+\n$/.exec(golden) ?? [];
  const output = rest.replaceAll(/^(?:stdout|stderr):(?: nothing)?\n/gm, '');
  return { command, output: output.trimEnd(), columns };
}

const FONT_SIZE = 13;
/** What most monospaced fonts have; `textLength` keeps columns in line where a font has another. */
const CHARACTER_WIDTH = 7.8;
const LINE_HEIGHT = 18;
const MARGIN = 16;

/** GitHub's colours of text, for a light and a dark page; the contrast to the ground is at least 4.5 to 1. */
const STYLE = `
  svg { color-scheme: light dark }
  .ground { fill: #f6f8fa; stroke: #d1d9e0 }
  text { font: ${FONT_SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1f2328; white-space: pre }
  .prompt { fill: #59636e }
  .bold { font-weight: bold }
  .red { fill: #b3141d }
  .green { fill: #116329 }
  .yellow { fill: #7d4e00 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117; stroke: #3d444d }
    text { fill: #f0f6fc }
    .prompt { fill: #9198a1 }
    .red { fill: #ff7b72 }
    .green { fill: #56d364 }
    .yellow { fill: #e3b341 }
  }
`;

/** SVG of a terminal. Text stays text, so that it can be read out, searched and copied. */
export function terminalPicture({ command, output, columns }: Transcript, title: string): string {
  const lines = [
    [
      { text: '$ ', tone: 'prompt' },
      { text: command, tone: 'bold' },
    ],
    ...output.split('\n').map(spans),
  ].flatMap((line) => folded(line, columns));
  const [width, height] = [Math.ceil(columns * CHARACTER_WIDTH) + 2 * MARGIN, lines.length * LINE_HEIGHT + 2 * MARGIN];
  const texts = lines.flatMap((line, index) => lineTexts(line, MARGIN + (index + 0.75) * LINE_HEIGHT));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
<title id="title">${xml(title)}</title>
<style>${STYLE}</style>
<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6"/>
${texts.join('\n')}
</svg>
`;
}

/** Text of one colour. */
interface Span {
  readonly text: string;
  readonly tone: string | undefined;
}

const TONES: ReadonlyMap<string, string> = new Map([
  ['1', 'bold'],
  ['31', 'red'],
  ['32', 'green'],
  ['33', 'yellow'],
]);

function spans(line: string): readonly Span[] {
  const [first = '', ...rest] = line.split('\u001b[');
  return [{ text: first, tone: undefined }, ...rest.map((part) => toSpan(part))].filter(({ text }) => text !== '');
}

/** What stands behind the beginning of an escape sequence. */
function toSpan(part: string): Span {
  const end = part.indexOf('m');
  return { text: part.slice(end + 1), tone: TONES.get(part.slice(0, end)) };
}

/** As a terminal folds a line that is too long. */
function folded(line: readonly Span[], columns: number): readonly (readonly Span[])[] {
  const lines: Span[][] = [[]];
  let used = 0;
  for (const { text, tone } of line) {
    const characters = [...text];
    for (let at = 0; at < characters.length; ) {
      if (used === columns) {
        lines.push([]);
        used = 0;
      }
      const part = characters.slice(at, at + columns - used);
      lines.at(-1)?.push({ text: part.join(''), tone });
      at += part.length;
      used += part.length;
    }
  }
  return lines;
}

/** Each run of words has its own place, so that columns stay in line. */
function lineTexts(line: readonly Span[], y: number): readonly string[] {
  let column = 0;
  return line.flatMap(({ text, tone }) => {
    const start = column;
    column += [...text].length;
    return [...text.matchAll(/\S+(?: \S+)*/g)].map(({ 0: words, index }) => {
      const x = MARGIN + (start + [...text.slice(0, index)].length) * CHARACTER_WIDTH;
      const length = [...words].length * CHARACTER_WIDTH;
      const className = tone === undefined ? '' : ` class="${tone}"`;
      return `<text x="${rounded(x)}" y="${rounded(y)}" textLength="${rounded(length)}"${className}>${xml(words)}</text>`;
    });
  });
}

function rounded(value: number): string {
  return String(Number(value.toFixed(1)));
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function xml(text: string): string {
  return text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}
