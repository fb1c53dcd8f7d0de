// Flowcharts in the language of https://mermaid.js.org/syntax/flowchart.html, which GitHub and many chats draw.
import { escapeText } from '../text/escape.ts';

export interface FlowNode {
  readonly id: string;
  /** Lines of text. */
  readonly label: readonly string[];
}

export interface FlowEdge {
  readonly from: string;
  readonly to: string;
  /** Lines of text. */
  readonly label?: readonly string[] | undefined;
  /** Where the chain breaks. */
  readonly isBroken?: boolean | undefined;
}

/** More would make a box that nobody reads. */
const MOST = 120;
/** All that neither the language nor HTML can take for anything but text. */
const UNSAFE = /[^\p{L}\p{N} .,_:/=()\u2026-]/gu;
// Mermaid looks for these in the text of a label, wherever it came from: a line break, a formula, an icon.
const MARKUP = /(?<=\\)(?=n)|(?<=\$)(?=\$)|(?<=\bfa[a-z]?:)(?=fa-)/g;
/** Has no width and joins words: it takes a mark apart and changes nothing that is seen. */
const WORD_JOINER = '#8288;';

/** Lines of any origin as the text of a label, between quotation marks: nothing in it ends the label or is taken for markup. */
export function labelText(lines: readonly string[]): string {
  return lines.map(lineText).join('<br/>');
}

function lineText(line: string): string {
  const short = line.length > MOST ? `${line.slice(0, MOST)}…` : line;
  const parts = escapeText(short).split(MARKUP);
  return parts.map((part) => part.replace(UNSAFE, (character) => `#${character.codePointAt(0)};`)).join(WORD_JOINER);
}

/** A flowchart from left to right; the broken edges are dotted and red. */
export function flowchart(nodes: readonly FlowNode[], edges: readonly FlowEdge[]): string {
  const lines = edges.map(({ from, to, label, isBroken }) => {
    const arrow = isBroken === true ? '-. ' : '-- ';
    const end = isBroken === true ? ' .-x' : ' -->';
    if (label === undefined) return `  ${from} ${isBroken === true ? '-.-x' : '-->'} ${to}`;
    return `  ${from} ${arrow}"${labelText(label)}"${end} ${to}`;
  });
  const broken = edges.flatMap(({ isBroken }, index) => (isBroken === true ? [`  linkStyle ${index} stroke:#c00,stroke-width:2px`] : []));
  const boxes = nodes.map(({ id, label }) => `  ${id}["${labelText(label)}"]`);
  return `${['flowchart LR', ...boxes, ...lines, ...broken].join('\n')}\n`;
}
