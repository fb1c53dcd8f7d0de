// Flowcharts in the language of https://mermaid.js.org/syntax/flowchart.html, which GitHub and many chats draw.
import { invisibleCharacters } from '../text/escape.ts';

export interface FlowNode {
  readonly id: string;
  /** Lines of text. */
  readonly label: readonly string[];
}

export interface FlowEdge {
  readonly from: string;
  readonly to: string;
  readonly label?: string | undefined;
  /** Where the chain breaks. */
  readonly isBroken?: boolean | undefined;
}

// Ids are ours; all text is quoted, with what the language or HTML would read in it as character references.
const SPECIAL = invisibleCharacters('\\u0000-\\u001f"#&<>`\\\\[\\](){}|');

function text(label: string): string {
  return label.replace(SPECIAL, (character) => `#${character.codePointAt(0)};`);
}

/** A flowchart from left to right; the broken edges are dotted and red. */
export function flowchart(nodes: readonly FlowNode[], edges: readonly FlowEdge[]): string {
  const lines = edges.map(({ from, to, label, isBroken }) => {
    const arrow = isBroken === true ? '-. ' : '-- ';
    const end = isBroken === true ? ' .-x' : ' -->';
    if (label === undefined) return `  ${from} ${isBroken === true ? '-.-x' : '-->'} ${to}`;
    return `  ${from} ${arrow}"${text(label)}"${end} ${to}`;
  });
  const broken = edges.flatMap(({ isBroken }, index) => (isBroken === true ? [`  linkStyle ${index} stroke:#c00,stroke-width:2px`] : []));
  const boxes = nodes.map(({ id, label }) => `  ${id}["${label.map(text).join('<br/>')}"]`);
  return `${['flowchart LR', ...boxes, ...lines, ...broken].join('\n')}\n`;
}
